package dev.sheave.storage.azure;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** Reads a response as it arrives, with a small buffer. Not safe for use by several threads. */
final class BlobStream extends InputStream {
  /** How many buffers, of some 16 KiB, may wait to be read. */
  private static final int BUFFERS = 8;

  private final Stream<ByteBuffer> stream;
  private final Iterator<ByteBuffer> buffers;
  private final Function<RuntimeException, RuntimeException> errors;
  private ByteBuffer current = ByteBuffer.allocate(0);

  private BlobStream(
      Stream<ByteBuffer> stream, Function<RuntimeException, RuntimeException> errors) {
    this.stream = stream;
    this.buffers = stream.iterator();
    this.errors = errors;
  }

  static InputStream of(
      Flux<ByteBuffer> bytes, Function<RuntimeException, RuntimeException> errors) {
    BlobStream stream = new BlobStream(bytes.toStream(BUFFERS), errors);
    // from here on there is something that closing gives up
    stream.isAtEnd();
    return stream;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (isAtEnd()) {
      return -1;
    }
    int n = Math.min(length, current.remaining());
    current.get(target, offset, n);
    return n;
  }

  private boolean isAtEnd() {
    try {
      while (!current.hasRemaining()) {
        if (!buffers.hasNext()) {
          return true;
        }
        current = buffers.next();
      }
      return false;
    } catch (RuntimeException e) { // whatever the SDK and Reactor throw
      throw errors.apply(e);
    }
  }

  @Override
  public void close() {
    stream.close();
  }
}
