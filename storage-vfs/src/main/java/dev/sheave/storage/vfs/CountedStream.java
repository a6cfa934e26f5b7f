package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts the bytes of a put, to detect a file whose size changes meanwhile. */
final class CountedStream extends FilterInputStream {
  private long count;

  CountedStream(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    count += b < 0 ? 0 : 1;
    return b;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = super.read(buffer, offset, length);
    count += Math.max(n, 0);
    return n;
  }

  void requireAll(long size, String location) {
    if (count != size) {
      throw new SheaveException(
          Code.INVALID,
          "The content of '"
              + location
              + "' has "
              + count
              + " bytes instead of "
              + size
              + ": upload it again.");
    }
  }
}
