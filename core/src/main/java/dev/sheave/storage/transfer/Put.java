package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A put. It uses the layout of the options, or else the layout of the place. */
final class Put {
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
    Listing listing = Listing.of(store, to);
    Optional<Manifest> earlier = readEarlier(listing);
    boolean bundle =
        options.layout() == Layout.KEEP
            ? keepsBundle(listing, earlier)
            : options.layout() == Layout.BUNDLE;
    return summary(
        bundle
            ? new BundlePut(store, source, to, options).run(listing, earlier)
            : new PlainPut(store, names, source, to, options).run(listing, earlier));
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
