package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.OwnedTemporary;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One attempt to get the archive that a manifest names, from the cache if it has it. */
final class BundleGet {
  private final ObjectSource store;
  private final RelativePath from;
  private final TransferOptions options;
  private final AtomicLong bytes;
  private final @Nullable BundleCache cache;

  BundleGet(ObjectSource store, RelativePath from, TransferOptions options, AtomicLong bytes) {
    this.store = store;
    this.from = from;
    this.options = options;
    this.bytes = bytes;
    Path folder = options.cache();
    this.cache = folder == null ? null : new BundleCache(folder, BundleCache.MAX_BYTES);
  }

  /**
   * Gets it.
   *
   * @throws Get.ChangedMeanwhile if the archive is gone or another
   * @throws SheaveException {@code INVALID} if it can't be one that Sheave wrote
   */
  void run(Manifest.Bundle bundle, StagedDownload download) throws IOException {
    Optional<Path> cached = cache == null ? Optional.empty() : cache.find(bundle.sha256());
    if (cached.isPresent() && unpackCached(cached.get(), bundle, download)) {
      return;
    }
    Path part = newPart(bundle);
    try {
      download(bundle, part);
      unpack(part, bundle, download);
      if (cache != null && cache.isPart(part)) {
        cache.keep(part, bundle.sha256());
      }
    } catch (BundleReader.Damaged e) {
      throw new SheaveException(Code.INVALID, e.getMessage() + ": upload again.", e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Returns whether it could be used: another process may remove it, and disks break. */
  private boolean unpackCached(Path archive, Manifest.Bundle bundle, StagedDownload download)
      throws IOException {
    try {
      unpack(archive, bundle, download);
      options.listener().planned(0, 0);
      return true;
    } catch (BundleReader.Damaged e) {
      Files.deleteIfExists(archive);
      return false;
    } catch (NoSuchFileException e) {
      if (Files.exists(archive)) {
        throw e;
      }
      return false;
    }
  }

  private Path newPart(Manifest.Bundle bundle) throws IOException {
    if (cache != null && cache.hasRoomFor(bundle.size())) {
      try {
        return cache.newPart();
      } catch (FileSystemException e) {
        options
            .listener()
            .warning(
                "The cache '"
                    + options.cache()
                    + "' can't be written ("
                    + IoReason.of(e, options.cache())
                    + "): the code is fetched without it.");
      }
    }
    return OwnedTemporary.createFile("sheave-bundle-");
  }

  private void download(Manifest.Bundle bundle, Path part) throws IOException {
    options.listener().planned(1, bundle.size());
    new Download(store, from.resolve(bundle.name()))
        .into(
            part,
            bundle.sha256(),
            bundle.size(),
            n -> {
              bytes.addAndGet(n);
              options.listener().moved(bundle.name(), n);
            });
    options.listener().finished(bundle.name());
  }

  private void unpack(Path archive, Manifest.Bundle bundle, StagedDownload download)
      throws IOException {
    String location = Get.location(store, from.resolve(bundle.name()));
    try (BundleReader reader = new BundleReader(archive, bundle, location)) {
      download.bring(download.wanted(reader.manifest()), parts -> reader.unpack(parts, download));
    }
  }
}
