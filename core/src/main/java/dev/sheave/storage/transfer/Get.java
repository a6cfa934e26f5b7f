package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Backoff;
import dev.sheave.internal.IoReason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A get. The manifest tells the layout. If the place is incomplete, the get retries for a while,
 * since a put may be in progress.
 */
final class Get {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

  private final long start = System.nanoTime();
  private final ObjectSource store;
  private final RelativePath from;
  private final Path directory;
  private final TransferOptions options;
  private final StagedDownload download;
  private final AtomicLong bytes = new AtomicLong();

  /** The place doesn't match its manifest: a put is or was changing it. */
  static final class ChangedMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChangedMeanwhile(String message) {
      super(message, null, false, false);
    }
  }

  Get(ObjectSource store, RelativePath from, Path directory, TransferOptions options) {
    this.store = store;
    this.from = from;
    this.directory = directory.toAbsolutePath().normalize();
    this.options = options;
    this.download =
        new StagedDownload(
            this.directory,
            location(store, from),
            store.directory(from).orElse(null),
            options.listener());
  }

  TransferSummary run() {
    // stores don't notify of changes, so they are asked again
    Backoff backoff = new Backoff(FIRST_PAUSE, MAX_PAUSE, options.timeout());
    Listing before = null;
    Manifest bundleBefore = null;
    while (true) {
      Optional<Manifest> manifest = Optional.empty();
      SheaveException unread = null;
      try {
        manifest = Listing.readManifest(store, from);
      } catch (SheaveException e) {
        unread = e;
      }
      Optional<SheaveException> torn;
      boolean hopeless;
      if (manifest.isPresent() && manifest.get().bundle().isPresent()) {
        Manifest.Bundle bundle = manifest.get().bundle().get();
        torn =
            attempt(
                () -> {
                  new BundleGet(store, from, options, bytes).run(bundle, download);
                  return Optional.empty();
                });
        hopeless = bundleBefore != null && bundleBefore.equals(manifest.get());
        bundleBefore = manifest.get();
      } else {
        PlainGet get = new PlainGet(store, from, directory, options, bytes);
        if (before == null && manifest.isPresent() && comes(get, manifest.get())) {
          return summary();
        }
        Listing listing = Listing.of(store, from);
        if (unread != null && unread.code() != Code.PERMISSION_DENIED && listing.hasManifest()) {
          throw unread;
        }
        Optional<Manifest> plain = manifest;
        torn = attempt(() -> get.run(listing, plain, download));
        // with no put under way, what is the same and wrong twice stays wrong
        hopeless = before != null && listing.markers().isEmpty() && listing.isSameAs(before);
        before = listing;
      }
      if (torn.isEmpty()) {
        return summary();
      }
      if (hopeless || !backoff.pause("The transfer")) {
        throw torn.get();
      }
    }
  }

  /**
   * Usually the place matches the manifest; then the listing that verifies it costs no extra time.
   */
  private boolean comes(PlainGet get, Manifest manifest) {
    return attempt(
            () -> {
              get.run(manifest, download);
              return Optional.empty();
            })
        .isEmpty();
  }

  private interface Attempt {
    /** Returns empty if the download is complete, else the reason why it isn't. */
    Optional<SheaveException> run() throws IOException;
  }

  private Optional<SheaveException> attempt(Attempt attempt) {
    try {
      return attempt.run();
    } catch (ChangedMeanwhile e) {
      return Optional.of(new SheaveException(Code.CONFLICT, e.getMessage() + ": upload again.", e));
    } catch (FileSystemException e) {
      Path file = e.getFile() == null ? directory : Path.of(e.getFile());
      throw new SheaveException(
          Code.INTERNAL, "'" + file + "' can't be written: " + IoReason.of(e, file) + ".", e);
    } catch (IOException e) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "'" + location(store, from) + "' could not be fetched: " + IoReason.of(e) + ".",
          e);
    }
  }

  static String location(ObjectSource store, RelativePath place) {
    return place.isRoot() ? store.location() : store.location() + "/" + place;
  }

  private TransferSummary summary() {
    Manifest got = download.manifest();
    return new TransferSummary(
        got.entries().size(),
        download.moved(),
        got.entries().size() - download.moved(),
        0,
        bytes.get(),
        got.digest(),
        Duration.ofNanos(System.nanoTime() - start));
  }
}
