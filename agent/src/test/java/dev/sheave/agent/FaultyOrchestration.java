package dev.sheave.agent;

import dev.sheave.OrchestrationProvider;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.OrchestrationApi;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A store that can be away or slow: {@code faulty:URL} is the store of a URL, and no call reaches
 * it while it is away.
 */
public final class FaultyOrchestration implements OrchestrationProvider {
  private static final String PREFIX = "faulty:";

  private static volatile boolean isAway;
  private static volatile @Nullable String lost;
  private static volatile Network network = (method, arguments, call) -> call.call();
  private static volatile Duration delayOfStates = Duration.ZERO;

  /** For {@link ServiceLoader}. */
  public FaultyOrchestration() {}

  /** What is between a program and the store. */
  interface Network {
    /** Passes a call on, or fails. */
    @Nullable Object pass(
        Method method, @Nullable Object @Nullable [] arguments, Callable<@Nullable Object> call)
        throws Exception;
  }

  /** Sets what is between all programs and the store from now on. */
  static void setNetwork(Network value) {
    network = value;
  }

  static void setAway(boolean away) {
    isAway = away;
  }

  /** Loses the answer to the next call of a method, which the store has carried out. */
  static void loseAnswerTo(String method) {
    lost = method;
  }

  /** Until a state of a run reaches the store. */
  static void setDelayOfStates(Duration delay) {
    delayOfStates = delay;
  }

  @Override
  public boolean accepts(String url) {
    return url.startsWith(PREFIX);
  }

  @Override
  public OrchestrationApi open(Options options) {
    String url = options.url().substring(PREFIX.length());
    OrchestrationProvider real =
        ServiceLoader.load(OrchestrationProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.accepts(url))
            .findFirst()
            .orElseThrow();
    return faulty(
        OrchestrationApi.class,
        real.open(new Options(url, options.home(), options.key(), options.encryptionKey())));
  }

  private static <T> T faulty(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Class<?> result = method.getReturnType();
              boolean isPart = result.getPackage() == type.getPackage() && result.isInterface();
              if (isAway && !isPart) {
                throw new SheaveException(Code.UNAVAILABLE, "The store is away.");
              }
              if (method.getName().equals("setFlowRunState")) {
                TimeUnit.NANOSECONDS.sleep(delayOfStates.toNanos());
              }
              try {
                Object answer =
                    isPart
                        ? method.invoke(real, arguments)
                        : network.pass(method, arguments, () -> method.invoke(real, arguments));
                if (method.getName().equals(lost)) {
                  lost = null;
                  throw new SheaveException(Code.UNAVAILABLE, "The answer was lost.");
                }
                return isPart ? faultyPart(result, Objects.requireNonNull(answer)) : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static <T> T faultyPart(Class<T> type, Object real) {
    return faulty(type, type.cast(real));
  }
}
