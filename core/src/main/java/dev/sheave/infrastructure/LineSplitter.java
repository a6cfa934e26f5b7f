package dev.sheave.infrastructure;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes lines of the bytes that a program prints, as they come. Bytes that aren't UTF-8 become
 * replacement characters, and a carriage return before the end of a line is left out. Not safe for
 * use by several threads.
 */
public final class LineSplitter {
  /** The most bytes of a line of a run's output; longer ones are cut into several. */
  public static final int MAX_OUTPUT_BYTES = 64 * 1024;

  private final int maxBytes;
  private final Consumer<Line> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean isContinued;

  /**
   * Starts.
   *
   * @param maxBytes longer lines are cut into several parts
   * @param lines takes the lines
   */
  public LineSplitter(int maxBytes, Consumer<Line> lines) {
    this.maxBytes = maxBytes;
    this.lines = lines;
  }

  /**
   * A line, or a part of a long one.
   *
   * @param text without the end of the line
   * @param bytes how many bytes it was made of, the end included
   * @param isFirst whether the line begins with it
   * @param isLast whether the line ends with it
   */
  public record Line(String text, int bytes, boolean isFirst, boolean isLast) {}

  /** Hands on the lines that these bytes finish, and keeps the rest for the next ones. */
  public void add(ByteBuffer bytes) {
    byte[] all = new byte[bytes.remaining()];
    bytes.get(all);
    int next = 0;
    while (next < all.length) {
      int limit = Math.min(all.length, next + maxBytes - line.size());
      int end = next;
      while (end < limit && all[end] != '\n') {
        end++;
      }
      boolean isEnd = end < all.length && all[end] == '\n';
      if (isEnd && line.size() == 0) { // most lines are in one piece
        hand(new String(all, next, end - next, StandardCharsets.UTF_8), end - next + 1, true);
      } else {
        line.write(all, next, end - next);
        if (isEnd || line.size() == maxBytes) {
          handGathered(isEnd, isEnd ? 1 : 0);
        }
      }
      next = isEnd ? end + 1 : end;
    }
  }

  /** Hands on a last line without an end. */
  public void finish() {
    if (line.size() > 0) {
      handGathered(true, 0);
    }
  }

  private void handGathered(boolean isLast, int endBytes) {
    String text = line.toString(StandardCharsets.UTF_8);
    int bytes = line.size() + endBytes;
    line.reset();
    hand(text, bytes, isLast);
  }

  private void hand(String text, int bytes, boolean isLast) {
    boolean isFirst = !isContinued;
    isContinued = !isLast;
    lines.accept(
        new Line(
            isLast && text.endsWith("\r") ? text.substring(0, text.length() - 1) : text,
            bytes,
            isFirst,
            isLast));
  }
}
