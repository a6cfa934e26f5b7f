package dev.sheave.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Tests that another server can't pass, each with the reason, as {@code waived.txt} lists them. One
 * that passes all the same fails, so that the list holds nothing else.
 */
final class Waived implements InvocationInterceptor {
  private final Map<String, String> reasons = new HashMap<>();

  Waived() {
    try (InputStream list =
        Objects.requireNonNull(Waived.class.getResourceAsStream("waived.txt"), "waived.txt")) {
      String reason = "";
      for (String line : new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.startsWith("  ")) {
          reasons.put(line.strip(), reason);
        } else if (!line.isBlank()) {
          reason = line;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    run(invocation, name(context));
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    // the number of the parameters is what their display name begins with
    run(invocation, name(context) + context.getDisplayName().replaceFirst("(?s)].*", "]"));
  }

  private static String name(ExtensionContext context) {
    return context.getRequiredTestClass().getSimpleName()
        + "."
        + context.getRequiredTestMethod().getName();
  }

  private void run(Invocation<@Nullable Void> invocation, String test) throws Throwable {
    String reason = reasons.get(test);
    if (reason == null) {
      invocation.proceed();
      return;
    }
    try {
      invocation.proceed();
    } catch (TestAbortedException e) {
      throw e;
    } catch (Throwable e) {
      return;
    }
    throw new AssertionError(
        test + " passes, though it is waived ('" + reason + "'): take it off waived.txt");
  }
}
