package dev.sheave.runtime.internal;

import dev.sheave.internal.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * Prints log lines as programs read them: each is a JSON object with {@code time}, {@code level},
 * {@code logger}, {@code message} and the fields of the thread's context (MDC).
 */
final class JsonLines implements Lines {
  private final PrintStream out;

  JsonLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void print(Instant time, Level level, String source, String message) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("time", time.truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("level", level.name());
    line.put("logger", source);
    line.put("message", message);
    Map<String, String> context = MDC.getCopyOfContextMap();
    if (context != null) {
      context.forEach(line::putIfAbsent);
    }
    byte[] bytes = (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length); // in one piece, so that lines don't mix
  }
}
