package dev.sheave.storage.net;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Ends a stream that has more bytes than expected, or that sends them so slowly that it would go on
 * for days. Only the time that is spent waiting for the source counts, not the reader's. Not safe
 * for use by several threads.
 */
final class BoundedStream extends FilterInputStream {
  private final String what;
  private final long limit;
  private final long slowestPerWindow;
  private final long windowNanos;
  private long left;
  private long waited;
  private long arrived;

  BoundedStream(InputStream in, String what, long limit, int slowestPerSecond, Duration window) {
    super(in);
    this.what = what;
    this.limit = limit;
    this.left = limit;
    this.slowestPerWindow = slowestPerSecond * window.toSeconds();
    this.windowNanos = window.toNanos();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    long start = System.nanoTime();
    int n = super.read(buffer, offset, length);
    if (n > 0) {
      left -= n;
      if (left < 0) {
        throw new SheaveException(
            Code.UNAVAILABLE,
            what + " has more than the " + limit + " bytes that it may have: check the server.");
      }
      checkSpeed(n, System.nanoTime() - start);
    }
    return n;
  }

  private void checkSpeed(int n, long nanos) {
    arrived += n;
    waited += nanos;
    if (waited < windowNanos) {
      return;
    }
    if (arrived < slowestPerWindow) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          what
              + ": only "
              + arrived
              + " bytes arrived in "
              + Duration.ofNanos(waited).toSeconds()
              + " s: try again later.");
    }
    arrived = 0;
    waited = 0;
  }

  @Override
  public long skip(long n) throws IOException {
    // what is skipped counts too
    byte[] buffer = new byte[(int) Math.min(n, 8192)];
    return n <= 0 ? 0 : Math.max(read(buffer, 0, buffer.length), 0);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
