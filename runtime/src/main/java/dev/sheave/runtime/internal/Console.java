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
final class Console {
  private final PrintStream out;

  Console(PrintStream out) {
    this.out = out;
  }

  void print(Instant time, Level level, String source, String message) {
    ZonedDateTime local = time.atZone(ZoneId.systemDefault());
    StringBuilder line = new StringBuilder(64 + message.length());
    append(line, local.getHour(), 2).append(':');
    append(line, local.getMinute(), 2).append(':');
    append(line, local.getSecond(), 2).append('.');
    append(line, local.getNano() / 1_000_000, 3).append(" | ");
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

  private static StringBuilder append(StringBuilder line, int number, int digits) {
    String text = Integer.toString(number);
    return line.append("0".repeat(digits - text.length())).append(text);
  }
}
