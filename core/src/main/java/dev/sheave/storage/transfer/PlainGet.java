package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.internal.ExecutableBit;
import dev.sheave.storage.transfer.StagedDownload.Wanted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** One attempt to get a place in the plain layout. */
final class PlainGet {
  private final ObjectSource store;
  private final RelativePath from;
  private final Path directory;
  private final TransferOptions options;
  private final AtomicLong bytes;

  PlainGet(
      ObjectSource store,
      RelativePath from,
      Path directory,
      TransferOptions options,
      AtomicLong bytes) {
    this.store = store;
    this.from = from;
    this.directory = directory;
    this.options = options;
    this.bytes = bytes;
  }

  /**
   * Gets the files of a manifest, while checking that the place still matches it.
   *
   * @throws Get.ChangedMeanwhile if it isn't
   */
  void run(Manifest manifest, StagedDownload download) throws IOException {
    download.bring(
        download.wanted(manifest),
        parts ->
            fetch(parts, download, List.of(AdaptiveExecutor.Task.first(() -> look(manifest)))));
  }

  private void look(Manifest manifest) {
    if (differing(manifest, Listing.of(store, from)) > 0) {
      throw new Get.ChangedMeanwhile("'" + location() + "' doesn't match its manifest");
    }
  }

  /**
   * Gets the files at the place.
   *
   * @param early the manifest as it was just before the listing
   * @return empty if the download is complete, else the reason why it isn't
   */
  Optional<SheaveException> run(Listing listing, Optional<Manifest> early, StagedDownload download)
      throws IOException {
    if (listing.isEmpty() && listing.bundleBelow().isEmpty()) {
      throw new SheaveException(Code.NOT_FOUND, "Nothing was found at '" + location() + "'.");
    }
    // each file is proven when it is fetched, so a manifest that was replaced since is as good
    Optional<Manifest> manifest =
        early.isPresent() && differing(early.get(), listing) == 0 ? early : listing.readManifest();
    if (manifest.isPresent() && manifest.get().bundle().isPresent()) {
      return Optional.of(underWay(listing));
    }
    long differing = manifest.map(known -> differing(known, listing)).orElse(0L);
    boolean whole = manifest.isPresent() && differing == 0;
    if (!whole && !listing.markers().isEmpty()) {
      return Optional.of(underWay(listing));
    }
    if (!whole && listing.unfinishedDownload().isPresent()) {
      throw DownloadMarker.unfinished(location(), listing.unfinishedDownload().get());
    }
    if (manifest.isPresent() && !whole) {
      List<RelativePath> damaged = damaged(manifest.get(), listing);
      if (!damaged.isEmpty()) {
        return Optional.of(damaged(damaged));
      }
      warnOfAnotherTool(differing, manifest.get());
    }
    download.bring(
        whole ? download.wanted(manifest.get()) : wanted(listing),
        parts -> fetch(parts, download, List.of()));
    return Optional.empty();
  }

  /** A name that the store may have folded is as good: each file is proven when it is fetched. */
  private static long differing(Manifest manifest, Listing listing) {
    return manifest.entries().values().stream()
        .filter(entry -> !listing.shows(entry, NameFolding.WIDEST))
        .count();
  }

  private static List<RelativePath> damaged(Manifest manifest, Listing listing) {
    return manifest.entries().values().stream()
        .filter(listing::isDamaged)
        .map(Manifest.Entry::path)
        .toList();
  }

  private SheaveException damaged(List<RelativePath> files) {
    return new SheaveException(
        Code.CONFLICT,
        "The upload at '"
            + location()
            + "' is damaged: "
            + Names.some(files)
            + (files.size() == 1 ? " is" : " are")
            + " missing or cut; upload again.");
  }

  private SheaveException underWay(Listing listing) {
    Optional<Instant> began =
        listing.markers().values().stream()
            .flatMap(marker -> Stream.ofNullable(marker.modified()))
            .max(Comparator.naturalOrder());
    return new SheaveException(
        Code.CONFLICT,
        "An upload to '"
            + location()
            + "'"
            + began
                .map(time -> ", which began at " + time.truncatedTo(ChronoUnit.SECONDS) + ",")
                .orElse("")
            + " is in progress or was interrupted: wait for it, or upload again (with --bundle, an"
            + " interrupted upload leaves the old files as they were).");
  }

  private void warnOfAnotherTool(long differing, Manifest manifest) {
    options
        .listener()
        .warning(
            "The files at '"
                + location()
                + "' were changed by another tool since their last upload ("
                + differing
                + " of "
                + manifest.entries().size()
                + " files): they are downloaded as they are.");
  }

  /** All files at the place that can be files of this machine. */
  private List<Wanted> wanted(Listing listing) {
    listing
        .bundleBelow()
        .ifPresent(
            folder -> {
              throw new SheaveException(
                  Code.INVALID,
                  "'"
                      + location()
                      + "' contains a bundle, in '"
                      + folder
                      + "': fetch the bundle by itself.");
            });
    return new UnprovenFiles(store, from, directory, options.listener()).of(listing);
  }

  private void fetch(
      Map<Wanted, Path> parts, StagedDownload download, List<AdaptiveExecutor.Task> besides)
      throws IOException {
    options.listener().planned(parts.size(), parts.keySet().stream().mapToLong(Wanted::size).sum());
    List<AdaptiveExecutor.Task> tasks = new ArrayList<>(besides);
    parts.forEach(
        (file, part) ->
            tasks.add(new AdaptiveExecutor.Task(file.size(), () -> fetch(file, part, download))));
    AdaptiveExecutor.run(tasks, options.concurrency());
  }

  private void fetch(Wanted file, Path part, StagedDownload download) throws IOException {
    Manifest.Entry proof = file.proof();
    String sha256 =
        new Download(store, from.resolve(file.path()))
            .into(
                part,
                proof == null ? null : proof.sha256(),
                file.size(),
                n -> {
                  bytes.addAndGet(n);
                  options.listener().moved(file.path(), n);
                });
    ExecutableBit.set(part, file.executable());
    download.got(file, sha256);
    options.listener().finished(file.path());
  }

  private String location() {
    return Get.location(store, from);
  }
}
