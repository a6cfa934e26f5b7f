package dev.sheave.runtime.internal;

import java.lang.StackWalker.StackFrame;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The loggers of a flow-run process. Those of flow code speak at the level that was asked for, and
 * so do Sheave's; the libraries Sheave itself uses speak from warnings up, so that a run's log is
 * about the run.
 */
final class CapturingLoggerFactory implements ILoggerFactory {
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Logger> librariesLoggers = new ConcurrentHashMap<>();
  private final Level threshold = ProcessLogging.threshold();

  @Override
  public Logger getLogger(String name) {
    if (!name.startsWith("dev.sheave.") && isAskedByLibraryOfSheave()) {
      Level raised = threshold.toInt() > Level.WARN.toInt() ? threshold : Level.WARN;
      return librariesLoggers.computeIfAbsent(
          name, n -> new RunLogger(n, raised, ProcessLogging::write));
    }
    return loggers.computeIfAbsent(name, n -> new RunLogger(n, threshold, ProcessLogging::write));
  }

  /**
   * Flow code has class loaders of its own; Sheave and its libraries share the one of this class.
   */
  private static boolean isAskedByLibraryOfSheave() {
    return STACK.walk(
        frames ->
            frames
                .map(StackFrame::getDeclaringClass)
                .filter(type -> !type.getName().startsWith("org.slf4j."))
                .filter(type -> type != CapturingLoggerFactory.class)
                .findFirst()
                .map(type -> type.getClassLoader() == CapturingLoggerFactory.class.getClassLoader())
                .orElse(true));
  }
}
