package dev.sheave.storage.azure;

import dev.sheave.storage.transfer.ObjectStore.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/** Content for the SDK: each try opens it anew, and reads it on demand. */
final class ContentFlux {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final InputStream in;
  private final long length;
  private long left;

  private ContentFlux(InputStream in, long length) {
    this.in = in;
    this.length = length;
    this.left = length;
  }

  static Flux<ByteBuffer> of(Content content, long offset, long length) {
    return Flux.generate(
        () -> new ContentFlux(content.openAt(offset), length),
        ContentFlux::next,
        ContentFlux::close);
  }

  private ContentFlux next(SynchronousSink<ByteBuffer> sink) {
    if (left == 0) {
      sink.complete();
      return this;
    }
    try {
      byte[] buffer = in.readNBytes((int) Math.min(BUFFER_BYTES, left));
      if (buffer.length == 0) {
        throw new IllegalStateException(
            "the content ended after " + (length - left) + " of " + length + " bytes");
      }
      left -= buffer.length;
      sink.next(ByteBuffer.wrap(buffer));
    } catch (IOException e) {
      sink.error(new UncheckedIOException(e));
    }
    return this;
  }

  private void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
