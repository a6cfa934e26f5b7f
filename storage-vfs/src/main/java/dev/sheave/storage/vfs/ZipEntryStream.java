package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The content of an entry, compared with what its archive says of it: one with more bytes may be a
 * zip bomb, and one with another checksum is damaged. Java's own stream compares neither.
 */
final class ZipEntryStream extends FilterInputStream {
  private final String location;
  private final long crc;
  private final CRC32 actual = new CRC32();
  private long left;

  ZipEntryStream(InputStream in, ZipEntry entry, String location) {
    super(in);
    this.left = entry.getSize();
    this.crc = entry.getCrc();
    this.location = location;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n;
    try {
      n = super.read(buffer, offset, length);
    } catch (ZipException | EOFException e) {
      throw damaged(e.getMessage() == null ? "it ends early" : e.getMessage(), e);
    }
    if (n > 0) {
      actual.update(buffer, offset, n);
      left -= n;
    }
    if (left < 0) {
      throw new SheaveException(
          Code.INVALID,
          "'" + location + "' has more bytes than its archive says: it isn't unpacked.");
    }
    if (n < 0 && (left > 0 || actual.getValue() != crc)) {
      throw damaged("its size or checksum isn't the one that the archive says", null);
    }
    return n;
  }

  private SheaveException damaged(String why, @Nullable IOException e) {
    return new SheaveException(
        Code.INVALID, "'" + location + "' is damaged (" + why + "): get the archive again.", e);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
