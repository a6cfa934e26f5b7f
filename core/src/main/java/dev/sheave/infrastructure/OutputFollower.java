package dev.sheave.infrastructure;

import dev.sheave.infrastructure.LineSplitter.Line;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Hands on the lines of a file that a process writes, as they come. Not safe for use by several
 * threads.
 */
final class OutputFollower implements AutoCloseable {
  private final InputStream in;
  private final Consumer<String> sink;
  private final Consumer<String> positions;
  private final byte[] buffer = new byte[8192];
  private final LineSplitter lines = new LineSplitter(LineSplitter.MAX_OUTPUT_BYTES, this::handOn);
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
    this.position = Math.min(from, file.toFile().length());
    this.in.skipNBytes(position);
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
      lines.add(ByteBuffer.wrap(buffer, 0, length));
    }
  }

  /** Hands on all that is left, a last line without an end included. */
  void finish() throws IOException {
    handOn();
    lines.finish();
  }

  private void handOn(Line line) {
    sink.accept(line.text());
    long end = position + line.bytes();
    position = end;
    positions.accept(Long.toUnsignedString(end));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
