package dev.sheave.storage.transfer;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Content that is in memory. */
final class BytesContent implements ObjectStore.Content {
  private final byte[] bytes;

  BytesContent(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public InputStream openAt(long offset) {
    int start = Math.toIntExact(offset);
    return new ByteArrayInputStream(bytes, start, bytes.length - start);
  }
}
