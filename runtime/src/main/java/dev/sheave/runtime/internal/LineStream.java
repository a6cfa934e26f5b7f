package dev.sheave.runtime.internal;

import dev.sheave.infrastructure.LineSplitter;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Takes text, and hands its lines on. Safe for use by several threads. */
public final class LineStream extends OutputStream {
  private final LineSplitter lines;

  /**
   * Hands lines on.
   *
   * @param lines takes them, one at a time
   */
  public LineStream(Consumer<String> lines) {
    this.lines = new LineSplitter(LineSplitter.MAX_OUTPUT_BYTES, line -> lines.accept(line.text()));
  }

  @Override
  public void write(int next) {
    write(new byte[] {(byte) next}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) {
    lines.add(ByteBuffer.wrap(bytes, from, count));
  }
}
