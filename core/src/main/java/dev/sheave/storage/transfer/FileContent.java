package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Digests;
import dev.sheave.internal.IoReason;
import dev.sheave.storage.internal.ExecutableBit;
import dev.sheave.storage.transfer.Source.LocalFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file to upload. It counts the bytes while the store's client reads them, and
 * computes their digest if needed.
 */
final class FileContent implements ObjectStore.Content {
  private final Path file;
  private final long size;
  private final boolean executable;
  private final LongConsumer moved;
  private final boolean digested;
  private final AtomicLong reported = new AtomicLong();
  private final AtomicReference<@Nullable String> sha256 = new AtomicReference<>();
  private final AtomicReference<@Nullable Reading> latest = new AtomicReference<>();

  private FileContent(
      Path file, long size, boolean executable, LongConsumer moved, boolean digested) {
    this.file = file;
    this.size = size;
    this.executable = executable;
    this.moved = moved;
    this.digested = digested;
  }

  /** Content without a digest. */
  static FileContent undigested(Path file, long size, LongConsumer moved) {
    return new FileContent(file, size, false, moved, false);
  }

  /** Content with a {@linkplain #sha256 digest}. */
  static FileContent digested(LocalFile file, LongConsumer moved) {
    return new FileContent(file.file(), file.size(), file.executable(), moved, true);
  }

  /** Content without progress and digest. */
  static FileContent of(Path file) {
    try {
      return new FileContent(file, Files.size(file), ExecutableBit.of(file), bytes -> {}, false);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
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
  public InputStream openAt(long offset) {
    try {
      InputStream in = Files.newInputStream(file);
      try {
        in.skipNBytes(offset);
      } catch (IOException e) {
        in.close();
        throw e;
      }
      Reading reading = new Reading(in, offset, digestUpTo(offset));
      latest.set(reading);
      return reading;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** A client that sends parts reads one after the other: the digest goes on from part to part. */
  private @Nullable MessageDigest digestUpTo(long offset) {
    Reading before = latest.get();
    if (!digested) {
      return null;
    }
    return offset == 0 ? Digests.sha256() : before == null ? null : before.digestUpTo(offset);
  }

  /**
   * The digest of the bytes that were read; computed from the file if they weren't read in order.
   */
  String sha256() throws IOException {
    String known = sha256.get();
    return known == null ? Digests.sha256(file) : known;
  }

  private static SheaveException unreadable(Path file, IOException e) {
    return Thread.currentThread().isInterrupted()
        ? new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e)
        : new SheaveException(
            Code.INVALID,
            "'" + file + "' can't be read for its upload: " + IoReason.of(e, file) + ".",
            e);
  }

  /** A client that retries reads again, but each byte is reported once. */
  private void report(long position) {
    long before = reported.getAndAccumulate(position, Math::max);
    if (position > before) {
      moved.accept(position - before);
    }
  }

  /** Reads on; its errors are wrapped, so that the client doesn't retry. */
  private final class Reading extends InputStream {
    private final InputStream in;
    private final long start;
    private final @Nullable MessageDigest upToStart;
    private @Nullable MessageDigest digest;
    private long position;

    /**
     * A reading.
     *
     * @param digest of all that is before the start, if that is known
     */
    Reading(InputStream in, long start, @Nullable MessageDigest digest) {
      this.in = in;
      this.start = start;
      this.position = start;
      this.upToStart = digest;
      this.digest = Digests.copy(digest);
    }

    /** A copy of the digest of all before an offset, if this reading began or stands there. */
    synchronized @Nullable MessageDigest digestUpTo(long offset) {
      return offset == position
          ? Digests.copy(digest)
          : offset == start ? Digests.copy(upToStart) : null;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      int n;
      try {
        n = in.read(buffer, offset, (int) Math.min(length, size - position));
      } catch (IOException e) {
        throw unreadable(file, e);
      }
      if (n > 0) {
        advance(buffer, offset, n);
      }
      if (position == size) {
        return n > 0 ? n : -1;
      }
      if (n < 0) {
        throw Source.changed(file);
      }
      return n;
    }

    private synchronized void advance(byte[] buffer, int offset, int length) {
      position += length;
      report(position);
      if (digest != null) {
        digest.update(buffer, offset, length);
        if (position == size) {
          // a client that knows the size may not ask for the end
          sha256.set(Digests.hex(digest));
          digest = null;
        }
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
