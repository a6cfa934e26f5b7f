package dev.sheave.dist;

import dev.sheave.internal.Backends;
import dev.sheave.internal.Folders;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Lays the distribution out, from what the build has made. The same input gives the same files,
 * times included.
 *
 * <pre>
 * bin/sheave               the launcher
 * lib/*.jar                the command line and what flow runs need
 * lib/class-path           the jars' names in their order, with colons between
 * lib/build-id             a digest of all the rest
 * server/*.jar             the server and those of its libraries that aren't in lib/
 * server/class-path        their names, likewise; few commands need them
 * backends/NAME/*.jar      a backend and those of its libraries that aren't in lib/
 * backends/index.tsv       the backends' block types, see {@code Installation.INDEX}
 * LICENSE, NOTICE
 * </pre>
 */
public final class DistributionLayout {
  private final Path target;
  private final FileTime time;
  private final Set<String> libraries = new TreeSet<>();

  private DistributionLayout(Path target, Instant time) {
    this.target = target;
    this.time = FileTime.from(time);
  }

  /**
   * Lays it out. The arguments: the folder, the launcher, the licence, the notice, the files' time,
   * the file with the class path of {@code lib/}, and the folder of the modules.
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Path fresh = folder.resolveSibling(folder.getFileName() + ".new");
    delete(fresh);
    DistributionLayout layout = new DistributionLayout(fresh, Instant.parse(args[4]));
    layout.addLibraries(classPath(Path.of(args[5])));
    layout.addServer(Path.of(args[6], "server"));
    List<String> index = new ArrayList<>();
    for (Backends.Backend backend : Backends.ALL) {
      index.addAll(layout.addBackend(Path.of(args[6], backend.folder())));
    }
    layout.write("backends/index.tsv", String.join("", index));
    layout.copy(Path.of(args[1]), "bin/sheave");
    layout.copy(Path.of(args[2]), "LICENSE");
    layout.copy(Path.of(args[3]), "NOTICE");
    layout.finish();
    replace(folder, fresh);
  }

  private static List<Path> classPath(Path file) throws IOException {
    return Arrays.stream(Files.readString(file).strip().split(File.pathSeparator))
        .map(Path::of)
        .toList();
  }

  private void addLibraries(List<Path> jars) throws IOException {
    for (Path jar : jars) {
      copy(jar, "lib/" + jar.getFileName());
      libraries.add(jar.getFileName().toString());
    }
    write("lib/class-path", String.join(":", libraries) + "\n");
  }

  private void addServer(Path module) throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path jar : jarsOf(module)) {
      copy(jar, "server/" + jar.getFileName());
      names.add(jar.getFileName().toString());
    }
    write("server/class-path", String.join(":", names) + "\n");
  }

  /** Adds a backend, and returns its lines of the index. */
  private List<String> addBackend(Path module) throws IOException {
    Path folder = module.toAbsolutePath().normalize();
    String name = folder.getFileName().toString().replaceFirst("^(storage|infra)-", "");
    List<Path> jars = jarsOf(folder);
    for (Path jar : jars) {
      copy(jar, "backends/" + name + "/" + jar.getFileName());
    }
    return BackendIndex.linesOf(jars.get(0), name);
  }

  /** The jar of a module, followed by those of its libraries that aren't in {@code lib/}. */
  private List<Path> jarsOf(Path module) throws IOException {
    List<Path> jars = new ArrayList<>();
    jars.add(onlyJar(module.resolve("target")));
    classPath(module.resolve("target/runtime.classpath")).stream()
        .filter(library -> !libraries.contains(library.getFileName().toString()))
        .forEach(jars::add);
    return jars;
  }

  private static Path onlyJar(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> jars =
          files
              .filter(file -> file.toString().endsWith(".jar"))
              .filter(file -> !file.toString().matches(".*-(sources|javadoc|tests)\\.jar"))
              .toList();
      if (jars.size() != 1) {
        throw new IOException("one jar was expected in " + folder + ", not " + jars);
      }
      return jars.get(0);
    }
  }

  private void copy(Path source, String to) throws IOException {
    Path file = target.resolve(to);
    Files.createDirectories(file.getParent());
    Files.copy(source, file); // two of one name are an error
  }

  private void write(String to, String text) throws IOException {
    Path file = target.resolve(to);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void finish() throws IOException {
    write("lib/build-id", digest() + "\n");
    try (Stream<Path> all = Files.walk(target)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        boolean executable = Files.isDirectory(path) || path.endsWith("bin/sheave");
        Files.setPosixFilePermissions(
            path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        Files.setLastModifiedTime(path, time);
      }
    }
  }

  private String digest() throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
    try (Stream<Path> all = Files.walk(target)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        digest.update(target.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(Files.readAllBytes(file));
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }

  /** Processes that run from the folder keep the files they have open. */
  private static void replace(Path folder, Path fresh) throws IOException {
    Path old = folder.resolveSibling(folder.getFileName() + ".old");
    delete(old);
    if (Files.exists(folder)) {
      Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    delete(old);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      Folders.deleteAll(folder);
    }
  }
}
