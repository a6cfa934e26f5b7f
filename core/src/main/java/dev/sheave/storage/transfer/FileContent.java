package dev.sheave.storage.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A file that is being put: counts and digests the bytes while the store's client reads them. */
final class FileContent implements ObjectStore.Content {
  private final Path file;
  private final long size;
  private final boolean executable;
  private final LongConsumer moved;
  private final AtomicLong reported = new AtomicLong();
  private final AtomicReference<@Nullable String> sha256 = new AtomicReference<>();

  FileContent(Path file, long size, boolean executable, LongConsumer moved) {
    this.file = file;
    this.size = size;
    this.executable = executable;
    this.moved = moved;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean executable() {
    return executable;
  }

  @Override
  public InputStream open() throws IOException {
    return new Reading(Files.newInputStream(file), 0);
  }

  @Override
  public InputStream openAt(long offset) throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      in.skipNBytes(offset);
    } catch (IOException e) {
      in.close();
      throw e;
    }
    return new Reading(in, offset);
  }

  /**
   * The digest of what was read last from start to end; of the file if a client read it in parts.
   */
  String sha256() throws IOException {
    String known = sha256.get();
    return known == null ? Digests.sha256(file) : known;
  }

  /** A client that tries again reads again: each byte is reported once. */
  private void report(long position) {
    long before = reported.getAndAccumulate(position, Math::max);
    if (position > before) {
      moved.accept(position - before);
    }
  }

  private final class Reading extends FilterInputStream {
    private final @Nullable MessageDigest digest;
    private long position;

    Reading(InputStream in, long start) {
      super(in);
      this.position = start;
      this.digest = start == 0 ? Digests.sha256() : null;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      if (n > 0) {
        position += n;
        if (digest != null) {
          digest.update(buffer, offset, n);
        }
        report(position);
      }
      // a client that knows the size may not ask for the end
      if (digest != null && position == size && n != 0) {
        finish(digest);
      }
      return n;
    }

    private boolean finished;

    private void finish(MessageDigest whole) {
      if (!finished) {
        finished = true;
        sha256.set(Digests.hex(whole));
      }
    }

    @Override
    public long skip(long count) throws IOException {
      return read(new byte[(int) Math.min(count, Digests.BUFFER_BYTES)]);
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
