package dev.sheave.runtime.internal;

import java.lang.StackWalker.StackFrame;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The loggers of a flow-run process. Loggers of flow code and of Sheave use the configured level.
 * Loggers of Sheave's own libraries, including backends' clients, only log warnings and errors: a
 * run's log is about the run, and the traces of such clients contain credentials.
 */
final class CapturingLoggerFactory implements ILoggerFactory {
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** Warns with each request of a header that Azure's own library sets. */
  private static final String WARNS_FOR_NOTHING =
      "com.azure.core.http.jdk.httpclient.JdkHttpClient";

  private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Logger> librariesLoggers = new ConcurrentHashMap<>();
  private final Level threshold = ProcessLogging.threshold();

  @Override
  public Logger getLogger(String name) {
    if (!name.startsWith("dev.sheave.") && !isAskedByFlowCode()) {
      Level least = name.equals(WARNS_FOR_NOTHING) ? Level.ERROR : Level.WARN;
      Level raised = threshold.toInt() > least.toInt() ? threshold : least;
      return librariesLoggers.computeIfAbsent(
          name, n -> new RunLogger(n, raised, ProcessLogging::write));
    }
    return loggers.computeIfAbsent(name, n -> new RunLogger(n, threshold, ProcessLogging::write));
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

  private static boolean isOfFlowCode(@Nullable ClassLoader loader) {
    for (ClassLoader each = loader; each != null; each = each.getParent()) {
      if (each instanceof FlowCodeLoader) {
        return true;
      }
    }
    return false;
  }
}
