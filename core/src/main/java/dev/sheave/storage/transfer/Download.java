package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Digests;
import dev.sheave.storage.internal.BrokenRead;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Fetches an object into a file. */
final class Download {
  private final ObjectSource store;
  private final RelativePath key;

  /** Programs write to files of this machine while these are read; the rest is read, too. */
  private final boolean mayGrow;

  Download(ObjectSource store, RelativePath key) {
    this.store = store;
    this.key = key;
    this.mayGrow = store.directory(RelativePath.ROOT).isPresent();
  }

  /**
   * Fetches it.
   *
   * @param sha256 the expected digest; null to accept any content
   * @param size the maximum number of bytes, unless it is a file of this machine of any content
   * @param moved hears of bytes
   * @return its SHA-256
   * @throws Get.ChangedMeanwhile if the digest doesn't match, or the object doesn't exist
   */
  String into(Path file, @Nullable String sha256, long size, LongConsumer moved)
      throws IOException {
    MessageDigest digest = Digests.sha256();
    try (InputStream in = store.get(key);
        OutputStream out = PartOutput.open(file)) {
      byte[] buffer = Digests.buffer(size);
      long position = 0;
      for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
        position += n;
        if (position > size && !(mayGrow && sha256 == null)) {
          throw sha256 == null ? longer(size) : changed();
        }
        out.write(buffer, 0, n);
        digest.update(buffer, 0, n);
        moved.accept(n);
      }
    } catch (SheaveException e) {
      if (e.code() == Code.NOT_FOUND && sha256 != null) {
        throw changed();
      }
      throw e;
    }
    String actual = Digests.hex(digest);
    if (sha256 != null && !sha256.equals(actual)) {
      throw changed();
    }
    return actual;
  }

  private SheaveException longer(long size) {
    return new SheaveException(
        Code.CONFLICT,
        "'"
            + store.location()
            + "/"
            + key
            + "' has more than the "
            + size
            + " bytes that the listing says: it was changed meanwhile, or the server is faulty; try"
            + " again.");
  }

  private Get.ChangedMeanwhile changed() {
    return new Get.ChangedMeanwhile(
        "'" + store.location() + "/" + key + "' doesn't match the SHA-256 of its upload");
  }

  /** Distinguishes an error of the store from one of the disk. */
  private int read(InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw BrokenRead.error(store.location() + "/" + key, e);
    }
  }
}
