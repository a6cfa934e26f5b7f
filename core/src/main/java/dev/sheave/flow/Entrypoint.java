package dev.sheave.flow;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Arguments;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names a flow in a directory of code.
 *
 * @param location a source file relative to the directory, {@code path/LogFlow.java}, or a class in
 *     its class folders or jars, {@code com.acme.LogFlow}
 * @param method the flow method
 */
public record Entrypoint(String location, String method) {
  private static final Pattern PYTHON = Pattern.compile(".+\\.py:[^:]+");

  /**
   * Reads {@code path/File.java:method} or {@code com.acme.LogFlow:method}.
   *
   * @throws SheaveException {@code INVALID} if it has no method
   */
  public static Entrypoint parse(String text) {
    int colon = Arguments.notNull(text, "entrypoint").lastIndexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      String location = colon == text.length() - 1 && colon > 0 ? text.substring(0, colon) : text;
      throw new SheaveException(
          Code.INVALID,
          "Your flow entrypoint must include the name of the method that is the entrypoint to your"
              + " flow. Try "
              + location
              + ":<flow_method>");
    }
    return new Entrypoint(text.substring(0, colon).replace('\\', '/'), text.substring(colon + 1));
  }

  /**
   * Returns whether a deployment's entrypoint, {@code path/log_flow.py:log_flow}, names a flow of
   * Python, which the engine of Prefect executes.
   */
  public static boolean isPython(@Nullable String entrypoint) {
    return entrypoint != null && PYTHON.matcher(entrypoint).matches();
  }

  /** Returns whether the location is a source file of Java. */
  public boolean isSource() {
    return location.endsWith(".java");
  }

  /** Returns it as people write it. */
  @Override
  public String toString() {
    return location + ":" + method;
  }
}
