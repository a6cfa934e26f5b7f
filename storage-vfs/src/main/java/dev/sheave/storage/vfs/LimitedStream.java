package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Refuses an entry that has more bytes than its archive says: it may be a zip bomb. */
final class LimitedStream extends FilterInputStream {
  private final String location;
  private long left;

  LimitedStream(InputStream in, long size, String location) {
    super(in);
    this.left = size;
    this.location = location;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = super.read(buffer, offset, length);
    left -= Math.max(n, 0);
    if (left < 0) {
      throw new SheaveException(
          Code.INVALID,
          "'" + location + "' has more bytes than its archive says: it isn't unpacked.");
    }
    return n;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
