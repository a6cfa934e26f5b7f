package dev.sheave.runtime.internal;

import dev.sheave.api.LogLevel;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.slf4j.event.Level;

/**
 * Prints log lines as people read them: {@code 12:00:00.000 | INFO | Flow run 'wise-owl' - Hello}.
 */
final class Console implements Lines {
  private final PrintStream out;

  /**
   * The last second that a line was printed in: a run that prints much does it in few of them. None
   * is made before the first line, since the first use of a time zone looks into each jar of the
   * class path.
   */
  private volatile Second second = new Second(Long.MIN_VALUE, "");

  Console(PrintStream out) {
    this.out = out;
  }

  @Override
  public void print(Instant time, Level level, String source, String message) {
    Second current = second;
    if (current.epochSecond() != time.getEpochSecond()) {
      current = Second.of(time.getEpochSecond());
      second = current;
    }
    StringBuilder line = new StringBuilder(64 + message.length());
    line.append(current.text()).append('.');
    append(line, time.getNano() / 1_000_000, 3).append(" | ");
    String name = level == Level.WARN ? LogLevel.nameOf(LogLevel.WARNING) : level.name();
    line.append(name).append(" ".repeat(7 - name.length())).append(" | ");
    line.append(shown(source)).append(" - ").append(message).append('\n');
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
    out.write(
        bytes, 0, bytes.length); // in one piece: lines of several threads and of the flow don't mix
  }

  /**
   * Sheave's own loggers are named by their classes; people know the parts: {@code sheave.agent}.
   */
  private static String shown(String source) {
    int dot = source.lastIndexOf('.');
    return source.startsWith("dev.sheave.") && dot > "dev.sheave".length()
        ? source.substring("dev.".length(), dot)
        : source;
  }

  /** A second as people read it, in the zone of this machine. */
  private record Second(long epochSecond, String text) {
    static Second of(long epochSecond) {
      ZonedDateTime local = Instant.ofEpochSecond(epochSecond).atZone(ZoneId.systemDefault());
      StringBuilder text = new StringBuilder(8);
      append(text, local.getHour(), 2).append(':');
      append(text, local.getMinute(), 2).append(':');
      append(text, local.getSecond(), 2);
      return new Second(epochSecond, text.toString());
    }
  }

  private static StringBuilder append(StringBuilder line, int number, int digits) {
    String text = Integer.toString(number);
    return line.append("0".repeat(digits - text.length())).append(text);
  }
}
