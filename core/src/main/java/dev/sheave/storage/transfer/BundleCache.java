package dev.sheave.storage.transfer;

import dev.sheave.internal.OwnedTemporary;
import dev.sheave.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A cache of bundle archives by their SHA-256, in a directory that processes share. An archive is
 * moved there by a rename, so it is always complete. The least recently used archives are removed
 * when the cache is full; a process whose archive is removed by another one fetches it again.
 * Content read from an archive is always verified against the manifest.
 */
final class BundleCache {
  /** How many bytes are kept at most. */
  static final long MAX_BYTES = 2L * 1024 * 1024 * 1024;

  private static final String PART_PREFIX = "part-";

  /** Partial files that a dead process left. */
  private static final Duration DEAD_AFTER = Duration.ofDays(1);

  private final Path folder;
  private final long mostBytes;

  private record Kept(Path file, long size, FileTime used) {}

  BundleCache(Path cache, long mostBytes) {
    this.folder = cache.resolve("bundles");
    this.mostBytes = mostBytes;
  }

  /** Returns an archive if it is here; it may go at any time. */
  Optional<Path> find(String sha256) {
    Path file = file(sha256);
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Optional.of(file);
    } catch (IOException e) {
      // it went just now, or isn't ours to touch: it is proven when it is read
      return Files.isReadable(file) ? Optional.of(file) : Optional.empty();
    }
  }

  private Path file(String sha256) {
    return folder.resolve(sha256 + ReservedNames.BUNDLE_SUFFIX);
  }

  /** Whether an archive of so many bytes may be kept. */
  boolean hasRoomFor(long size) {
    return size <= mostBytes;
  }

  /** Creates an empty file to write an archive to. */
  Path newPart() throws IOException {
    PrivateFiles.createFolderIfMissing(folder);
    return OwnedTemporary.createFile(folder, PART_PREFIX);
  }

  /** Whether a file is one of {@link #newPart}. */
  boolean isPart(Path file) {
    return folder.equals(file.getParent());
  }

  /** Keeps an archive that was written to a part. */
  void keep(Path part, String sha256) throws IOException {
    Path file = file(sha256);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    removeSurplus(file);
  }

  private void removeSurplus(Path newest) throws IOException {
    List<Kept> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        look(file).ifPresent(all::add);
      }
    }
    all.sort(Comparator.comparing(Kept::used));
    Instant dead = Instant.now().minus(DEAD_AFTER);
    long bytes = all.stream().mapToLong(Kept::size).sum();
    for (Kept kept : all) {
      boolean isPart = String.valueOf(kept.file().getFileName()).startsWith(PART_PREFIX);
      boolean surplus =
          isPart
              ? kept.used().toInstant().isBefore(dead)
              : bytes > mostBytes && !kept.file().equals(newest);
      if (surplus && remove(kept.file())) {
        bytes -= kept.size();
      }
    }
  }

  private static Optional<Kept> look(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Kept(file, attributes.size(), attributes.lastModifiedTime()));
    } catch (IOException e) {
      return Optional.empty(); // another process removed it
    }
  }

  /** Some systems don't let go of a file that is being read: then another time. */
  private static boolean remove(Path file) {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      return false;
    }
  }
}
