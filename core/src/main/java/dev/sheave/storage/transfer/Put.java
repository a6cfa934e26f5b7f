package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Backoff;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A put. It uses the layout of the options, or else the layout of the place. If another put comes
 * in its way, it is made again after a random pause: of several, one after the other ends, and the
 * last one's tree stays.
 */
final class Put {
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

  /** For the last pauses, in the times that the put took: those of a long put are longer. */
  private static final int LONGEST_PAUSE = 4;

  /** For as many times as long as the put took it is made again, and for the timeout. */
  private static final int MOST_AGAIN = 10;

  private final long start = System.nanoTime();
  private final ObjectStore store;
  private final StoreNames names;
  private final RelativePath to;
  private final TransferOptions options;
  private final FileTree tree;

  /** The result of a put. */
  record Done(int files, int moved, int removed, long bytes, String digest) {}

  Put(
      ObjectStore store,
      StoreNames names,
      FileTree tree,
      RelativePath to,
      TransferOptions options) {
    this.store = store;
    this.names = names;
    this.to = to;
    this.options = options;
    this.tree = tree;
  }

  TransferSummary run() {
    Optional<Path> directory = store.directory(to);
    if (directory.isPresent() && Source.isIn(tree, directory.get())) {
      return summary(new Done(tree.files().size(), 0, 0, 0, Source.digest(tree)));
    }
    Source source = Source.of(tree, store, to);
    if (source.files().isEmpty() && tree.ignored() > 0) {
      options
          .listener()
          .warning(
              "All files are ignored: nothing is uploaded, and '"
                  + Get.location(store, to)
                  + "' stays as it is.");
      return summary(new Done(0, 0, 0, 0, new Manifest(List.of()).digest()));
    }
    return summary(untilAlone(source));
  }

  private Done untilAlone(Source source) {
    Set<RelativePath> ownMarkers = new HashSet<>();
    Backoff backoff = null;
    while (true) {
      long begun = System.nanoTime();
      try {
        return attempt(source, ownMarkers);
      } catch (PlainPut.Overtaken e) {
        if (backoff == null) {
          backoff = backoff(Duration.ofNanos(System.nanoTime() - begun));
        }
        if (!backoff.pause("The transfer")) {
          throw e.error();
        }
      }
    }
  }

  private Backoff backoff(Duration took) {
    if (options.timeout().isZero() || options.timeout().isNegative()) {
      return new Backoff(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
    options
        .listener()
        .warning(
            "Another upload or tool wrote to '"
                + Get.location(store, to)
                + "' at the same time: this upload is made again.");
    Duration first = took.compareTo(SHORTEST_PAUSE) > 0 ? took : SHORTEST_PAUSE;
    return Backoff.varied(
        first,
        first.multipliedBy(LONGEST_PAUSE),
        options.timeout().plus(took.multipliedBy(MOST_AGAIN)));
  }

  private Done attempt(Source source, Set<RelativePath> ownMarkers) {
    Listing listing = Listing.of(store, to);
    Optional<Manifest> earlier = readEarlier(listing);
    boolean bundle =
        options.layout() == Layout.KEEP
            ? keepsBundle(listing, earlier)
            : options.layout() == Layout.BUNDLE;
    return bundle
        ? new BundlePut(store, source, to, options).run(listing, earlier)
        : new PlainPut(store, names, source, to, options, ownMarkers).run(listing, earlier);
  }

  /** A damaged manifest is replaced like a missing one. */
  private Optional<Manifest> readEarlier(Listing listing) {
    try {
      return listing.readManifest();
    } catch (SheaveException e) {
      if (e.code() != Code.INVALID) {
        throw e;
      }
      options.listener().warning(e.getMessage() + " It is replaced by this upload.");
      return Optional.empty();
    }
  }

  private static boolean keepsBundle(Listing listing, Optional<Manifest> earlier) {
    return earlier.isPresent()
        ? earlier.get().bundle().isPresent()
        : listing.hasManifest()
            && listing.retirable().keySet().stream()
                .anyMatch(name -> ReservedNames.isBundle(name.toString()));
  }

  private TransferSummary summary(Done done) {
    return new TransferSummary(
        done.files(),
        done.moved(),
        done.files() - done.moved(),
        done.removed(),
        done.bytes(),
        done.digest(),
        Duration.ofNanos(System.nanoTime() - start));
  }
}
