package dev.sheave.infrastructure.kubernetes;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes lines of bytes. Not safe for use by several threads at once. */
final class LineSplitter {
  private final int maxBytes;
  private final Consumer<Line> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean isContinued;

  /**
   * Starts.
   *
   * @param maxBytes longer lines are cut into several parts
   */
  LineSplitter(int maxBytes, Consumer<Line> lines) {
    this.maxBytes = maxBytes;
    this.lines = lines;
  }

  /**
   * A line, or a part of a long one.
   *
   * @param isFirst whether the line begins with it
   * @param isLast whether the line ends with it
   */
  record Line(String text, boolean isFirst, boolean isLast) {}

  void add(ByteBuffer bytes) {
    byte[] all = new byte[bytes.remaining()];
    bytes.get(all);
    int next = 0;
    while (next < all.length) {
      int limit = Math.min(all.length, next + maxBytes - line.size());
      int end = next;
      while (end < limit && all[end] != '\n') {
        end++;
      }
      line.write(all, next, end - next);
      boolean isEnd = end < all.length && all[end] == '\n';
      if (isEnd || line.size() == maxBytes) {
        hand(isEnd);
      }
      next = isEnd ? end + 1 : end;
    }
  }

  /** Hands on a last line without an end. */
  void finish() {
    if (line.size() > 0) {
      hand(true);
    }
  }

  private void hand(boolean isLast) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    boolean isFirst = !isContinued;
    isContinued = !isLast;
    lines.accept(
        new Line(
            isLast && text.endsWith("\r") ? text.substring(0, text.length() - 1) : text,
            isFirst,
            isLast));
  }
}
