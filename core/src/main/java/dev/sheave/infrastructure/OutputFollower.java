package dev.sheave.infrastructure;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Hands on the lines of a file that a process writes, as they come. Not safe for use by several
 * threads.
 */
final class OutputFollower implements AutoCloseable {
  /** Longer lines are cut into several. */
  private static final int MAX_LINE_BYTES = 64 * 1024;

  private final InputStream in;
  private final Consumer<String> sink;
  private final Consumer<String> positions;
  private final byte[] buffer = new byte[8192];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private long read;
  private volatile long position;

  /**
   * Opens a file.
   *
   * @param from how many bytes to pass over
   * @param sink takes the lines
   * @param positions takes the position after each line
   */
  OutputFollower(Path file, long from, Consumer<String> sink, Consumer<String> positions)
      throws IOException {
    this.in = new FileInputStream(file.toFile());
    this.read = Math.min(from, file.toFile().length());
    this.in.skipNBytes(read);
    this.position = read;
    this.sink = sink;
    this.positions = positions;
  }

  /** How many bytes of the file are behind the last line that was handed on; for any thread. */
  long position() {
    return position;
  }

  /** Hands on the lines that were finished since. */
  void handOn() throws IOException {
    for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
      for (int i = 0; i < length; i++) {
        read++;
        if (buffer[i] == '\n') {
          finishLine();
        } else {
          line.write(buffer[i]);
          if (line.size() == MAX_LINE_BYTES) {
            finishLine();
          }
        }
      }
    }
  }

  /** Hands on all that is left, a last line without an end included. */
  void finish() throws IOException {
    handOn();
    if (line.size() > 0) {
      finishLine();
    }
  }

  private void finishLine() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    sink.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    position = read;
    positions.accept(Long.toUnsignedString(read));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
