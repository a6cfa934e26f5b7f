package dev.sheave.runtime.internal;

import java.lang.StackWalker.StackFrame;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.NOPLogger;

/**
 * The loggers of a process of Sheave's. Loggers of flow code, with the libraries that a flow
 * brings, and of Sheave use the configured level. Loggers of Sheave's own libraries, including
 * backends' clients, are silent: what goes wrong there is an error of Sheave's, in one sentence. At
 * the level {@code DEBUG} they log warnings and errors, but no more, since the traces of such
 * clients contain credentials.
 */
final class CapturingLoggerFactory implements ILoggerFactory {
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Logger> librariesLoggers = new ConcurrentHashMap<>();

  @Override
  public Logger getLogger(String name) {
    if (!isOfSheave(name) && !isAskedByFlowCode()) {
      return ProcessLogging.showsLibraries()
          ? librariesLoggers.computeIfAbsent(
              name, n -> new RunLogger(n, Level.WARN, ProcessLogging::write))
          : NOPLogger.NOP_LOGGER;
    }
    return loggers.computeIfAbsent(
        name, n -> new RunLogger(n, ProcessLogging.threshold(), ProcessLogging::write));
  }

  private static boolean isOfSheave(String name) {
    return name.startsWith("dev.sheave.") || name.startsWith("sheave.");
  }

  private static boolean isAskedByFlowCode() {
    return STACK.walk(
        frames ->
            frames
                .map(StackFrame::getDeclaringClass)
                .filter(type -> !type.getName().startsWith("org.slf4j."))
                .filter(type -> type != CapturingLoggerFactory.class)
                .findFirst()
                .map(type -> isOfFlowCode(type.getClassLoader()))
                .orElse(false));
  }

  static boolean isOfFlowCode(@Nullable ClassLoader loader) {
    for (ClassLoader each = loader; each != null; each = each.getParent()) {
      if (each instanceof FlowCodeLoader) {
        return true;
      }
    }
    return false;
  }
}
