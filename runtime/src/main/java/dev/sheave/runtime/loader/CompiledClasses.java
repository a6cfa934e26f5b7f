package dev.sheave.runtime.loader;

import dev.sheave.internal.Digests;
import dev.sheave.internal.Folders;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.internal.PrivateFiles;
import dev.sheave.internal.TrustedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Caches compiled classes by a digest of all their inputs, so that a source flow seen before starts
 * without a compiler. Safe for several processes: an entry is written beside and renamed, and never
 * changed.
 */
final class CompiledClasses {
  /** How many entries are kept; the ones used longest ago go first. */
  static final int MAX_ENTRIES = 100;

  private static final String UNFINISHED = "unfinished-";

  /** The entries that are being filled by this program, each with its lock. */
  private static final Map<Path, Object> FILLING = new ConcurrentHashMap<>();

  private final Path folder;

  CompiledClasses(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns the folder of a source's class files, after filling it if it is new.
   *
   * @param libraries the flow's own jars
   * @param shared the jars that it shares with Sheave
   * @param compile writes the class files into a folder
   */
  Path get(SourceFile source, List<Path> libraries, List<Path> shared, Consumer<Path> compile)
      throws IOException {
    String digest = digest(source, libraries, shared);
    Path entry = folder.resolve(digest);
    if (Files.isDirectory(entry)) {
      TrustedFiles.check(folder, entry);
      Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
      return entry;
    }
    Object lock = FILLING.computeIfAbsent(entry, each -> new Object());
    try {
      synchronized (lock) { // many runs of one program may begin at once
        return Files.isDirectory(entry)
            ? entry
            : fill(entry, digest, () -> digest(source, libraries, shared), compile);
      }
    } finally {
      FILLING.remove(entry, lock);
    }
  }

  private interface Digest {
    String now() throws IOException;
  }

  private Path fill(Path entry, String digest, Digest again, Consumer<Path> compile)
      throws IOException {
    PrivateFiles.createFolderIfMissing(folder);
    Path unfinished = OwnedTemporary.createFolder(folder, UNFINISHED);
    try {
      compile.accept(unfinished);
      if (again.now().equals(digest)) { // else somebody edits the sources right now
        removeOldest();
        return rename(unfinished, entry);
      }
      return rename(unfinished, folder.resolve(UNFINISHED + digest + "-" + System.nanoTime()));
    } finally {
      Folders.delete(unfinished);
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

  private void removeOldest() throws IOException {
    Map<Path, FileTime> uses; // as seen once: others use them meanwhile
    try (Stream<Path> all = Files.list(folder)) {
      uses = all.collect(Collectors.toMap(entry -> entry, CompiledClasses::lastUse));
    }
    uses.entrySet().stream()
        .sorted(Map.Entry.<Path, FileTime>comparingByValue().reversed())
        .skip(MAX_ENTRIES - 1L)
        .map(Map.Entry::getKey)
        .forEach(Folders::delete);
  }

  private static FileTime lastUse(Path entry) {
    try {
      return Files.getLastModifiedTime(entry);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // another process is deleting it
    }
  }

  private static String digest(SourceFile source, List<Path> libraries, List<Path> shared)
      throws IOException {
    MessageDigest digest = Digests.sha256();
    add(digest, Runtime.version().toString());
    for (Path jar : shared) {
      add(digest, jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar).toMillis());
    }
    for (Path jar : libraries) {
      add(digest, jar.getFileName() + " " + Files.size(jar) + " " + crc(jar));
    }
    add(digest, source.root().relativize(source.file()).toString());
    for (Path file : code(source.root())) {
      add(digest, source.root().relativize(file).toString());
      if (file.toString().endsWith(".class")) { // the compiler sees it, and so does the flow
        add(digest, Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis());
        continue;
      }
      byte[] content = Files.readAllBytes(file);
      add(digest, String.valueOf(content.length));
      digest.update(content);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<Path> code(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(CompiledClasses::isCode).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isCode(Path file) {
    String name = file.toString();
    return (name.endsWith(".java") || name.endsWith(".class")) && Files.isRegularFile(file);
  }

  /**
   * Tells versions of a library apart; it guards against mistakes, and a checksum of the JDK is
   * much faster than a digest.
   */
  private static long crc(Path jar) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(jar)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
      }
    }
    return crc.getValue();
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
