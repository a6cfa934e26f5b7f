package dev.sheave.runtime.internal;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger of SLF4J that hands its formatted lines on. */
final class RunLogger extends AbstractLogger {
  private static final long serialVersionUID = 1L;

  /** Takes lines. */
  interface Sink {
    void write(String loggerName, Level level, String message);
  }

  private final Level threshold;
  private final transient Sink sink;

  RunLogger(String name, Level threshold, Sink sink) {
    this.name = name;
    this.threshold = threshold;
    this.sink = sink;
  }

  private boolean isEnabled(Level level) {
    return level.toInt() >= threshold.toInt();
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      @Nullable String pattern,
      @Nullable Object @Nullable [] arguments,
      @Nullable Throwable error) {
    String text;
    try {
      text = String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments));
    } catch (RuntimeException
        | Error e) { // an argument's toString, as a rule; the flow shall not suffer from it
      text = pattern + " (its arguments can't be printed: " + Throwables.describe(e) + ")";
    }
    if (error != null) {
      text += "\n" + Throwables.stackTrace(error);
    }
    sink.write(name, level, text);
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  public boolean isTraceEnabled() {
    return isEnabled(Level.TRACE);
  }

  @Override
  public boolean isTraceEnabled(Marker marker) {
    return isEnabled(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return isEnabled(Level.DEBUG);
  }

  @Override
  public boolean isDebugEnabled(Marker marker) {
    return isEnabled(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return isEnabled(Level.INFO);
  }

  @Override
  public boolean isInfoEnabled(Marker marker) {
    return isEnabled(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return isEnabled(Level.WARN);
  }

  @Override
  public boolean isWarnEnabled(Marker marker) {
    return isEnabled(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return isEnabled(Level.ERROR);
  }

  @Override
  public boolean isErrorEnabled(Marker marker) {
    return isEnabled(Level.ERROR);
  }
}
