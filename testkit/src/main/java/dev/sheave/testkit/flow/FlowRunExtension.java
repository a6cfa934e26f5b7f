package dev.sheave.testkit.flow;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Gives each test of a class a {@link TestFlowRun}, in which it calls flows as plain methods.
 *
 * <pre>{@code
 * @ExtendWith(FlowRunExtension.class)
 * class LogFlowTest {
 *   @Test
 *   void saysHello(TestFlowRun run) {
 *     assertThat(LogFlow.logFlow("Marvin")).isEqualTo("Hello Marvin");
 *     assertThat(run.log()).containsExactly("INFO Hello Marvin!");
 *   }
 * }
 * }</pre>
 *
 * <p>The run is open from before the class's own {@code @BeforeEach} to after its
 * {@code @AfterEach}. As a field with {@code @RegisterExtension} it can have parameters.
 */
public final class FlowRunExtension
    implements BeforeEachCallback, AfterEachCallback, InvocationInterceptor, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(FlowRunExtension.class);

  private final Map<String, @Nullable Object> parameters;

  /** For runs without parameters. */
  public FlowRunExtension() {
    this(Map.of());
  }

  private FlowRunExtension(Map<String, @Nullable Object> parameters) {
    this.parameters = parameters;
  }

  /** For runs with parameters, see {@link TestFlowRun#start(Map)}. */
  public static FlowRunExtension withParameters(Map<String, @Nullable Object> parameters) {
    return new FlowRunExtension(parameters);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put(TestFlowRun.class, TestFlowRun.start(parameters));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    run(context).close();
  }

  private static TestFlowRun run(ExtensionContext context) {
    return Objects.requireNonNull(
        context.getStore(NAMESPACE).get(TestFlowRun.class, TestFlowRun.class));
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    callInRun(invocation, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    callInRun(invocation, context);
  }

  private static void callInRun(Invocation<Void> invocation, ExtensionContext context)
      throws Throwable {
    Throwable[] failure = {null};
    run(context)
        .call(
            () -> {
              try {
                invocation.proceed();
              } catch (Throwable e) { // what a test throws comes out as it is
                failure[0] = e;
              }
              return "called";
            });
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestFlowRun.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return run(context);
  }
}
