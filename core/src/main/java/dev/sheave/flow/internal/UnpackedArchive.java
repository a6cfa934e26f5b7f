package dev.sheave.flow.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.storage.transfer.RelativePath;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An archive with jars and class folders in it, unpacked: they can be uploaded and put on a class
 * path from there. It is kept by the archive's digest in a folder that only its owner can use, and
 * gets there whole, by a rename. What wasn't used for a month is removed.
 */
final class UnpackedArchive {
  private static final Duration KEPT = Duration.ofDays(30);

  /** What a process that died left. */
  private static final Duration DEAD_AFTER = Duration.ofDays(1);

  private static final String UNFINISHED = "unfinished-";

  /** The digests of archives by what tells their versions apart, for programs that ask often. */
  private static final Map<String, String> DIGESTS = new ConcurrentHashMap<>();

  private UnpackedArchive() {}

  /**
   * Returns the folder with the content of an archive.
   *
   * @param home {@code SHEAVE_HOME}, whose cache it is in
   */
  static Path of(Path archive, Path home) {
    Path folder = home.resolve("cache").resolve("unpacked");
    try {
      Path target = folder.resolve(digest(archive));
      if (Files.isDirectory(target)) {
        Files.setLastModifiedTime(target, FileTime.from(Instant.now()));
        return target;
      }
      CacheFolder.create(folder);
      removeOld(folder);
      Path unfinished = Files.createTempDirectory(folder, UNFINISHED); // its owner's alone
      try {
        unpack(archive, unfinished);
        return rename(unfinished, target);
      } finally {
        delete(unfinished.toFile());
      }
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The program's archive '"
              + archive
              + "' can't be unpacked to '"
              + folder
              + "': "
              + IoReason.of(e)
              + ".",
          e);
    }
  }

  private static void unpack(Path archive, Path target) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (!entry.isDirectory()) {
          Path file = RelativePath.parse(entry.getName()).in(target);
          Files.createDirectories(file.resolveSibling("."));
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, file);
          }
        }
      }
    }
  }

  private static Path rename(Path from, Path to) throws IOException {
    try {
      return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (Files.isDirectory(to)) {
        return to; // another process was faster
      }
      throw e;
    }
  }

  private static void removeOld(Path folder) {
    Instant now = Instant.now();
    File[] entries = folder.toFile().listFiles();
    for (File entry : entries == null ? new File[0] : entries) {
      Duration age = entry.getName().startsWith(UNFINISHED) ? DEAD_AFTER : KEPT;
      if (Instant.ofEpochMilli(entry.lastModified()).isBefore(now.minus(age))) {
        delete(entry);
      }
    }
  }

  private static void delete(File file) {
    File[] entries = Files.isSymbolicLink(file.toPath()) ? null : file.listFiles();
    for (File entry : entries == null ? new File[0] : entries) {
      delete(entry);
    }
    file.delete();
  }

  private static String digest(Path archive) throws IOException {
    String version =
        archive + "\n" + Files.size(archive) + "\n" + Files.getLastModifiedTime(archive);
    String known = DIGESTS.get(version);
    if (known == null) {
      try (InputStream in = Files.newInputStream(archive)) {
        known = CacheFolder.sha256(in);
      }
      DIGESTS.put(version, known);
    }
    return known;
  }
}
