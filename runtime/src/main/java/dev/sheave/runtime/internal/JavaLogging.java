package dev.sheave.runtime.internal;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sets up {@code java.util.logging} in a process of Sheave's: what flow code logs with it is
 * printed to standard error, as Java does by default, and what Sheave's own libraries log isn't.
 * Public for Java alone, which creates one when the first library uses that logging.
 */
public final class JavaLogging {
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** Between the code that logs and the handler; a flow's own copies aren't passed over. */
  private static final List<String> LOGGING =
      List.of(
          "java.util.logging.", "sun.util.logging.", "jdk.internal.logger.", "java.lang.System");

  /** For Java. */
  public JavaLogging() {
    ConsoleHandler handler = new ConsoleHandler();
    handler.setFilter(JavaLogging::isShown);
    Logger.getLogger("").addHandler(handler);
  }

  private static boolean isShown(LogRecord record) {
    return isLoggedByFlowCode()
        || (ProcessLogging.showsLibraries()
            && record.getLevel().intValue() >= Level.WARNING.intValue());
  }

  private static boolean isLoggedByFlowCode() {
    return STACK.walk(
        frames ->
            frames
                .map(StackFrame::getDeclaringClass)
                .filter(type -> type != JavaLogging.class)
                .filter(type -> LOGGING.stream().noneMatch(type.getName()::startsWith))
                .findFirst()
                .map(type -> CapturingLoggerFactory.isOfFlowCode(type.getClassLoader()))
                .orElse(false));
  }
}
