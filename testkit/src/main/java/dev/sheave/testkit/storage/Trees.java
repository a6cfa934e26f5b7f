package dev.sheave.testkit.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Directory trees as maps from paths to texts, for tests. */
public final class Trees {
  private Trees() {}

  /**
   * Writes files below a directory.
   *
   * @param files by path with {@code /} between its parts
   * @return the directory
   */
  public static Path write(Path directory, Map<String, String> files) {
    try {
      Files.createDirectories(directory);
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path path = directory.resolve(file.getKey());
        Path parent = path.getParent();
        Files.createDirectories(parent == null ? directory : parent);
        Files.writeString(path, file.getValue());
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads all files below a directory, by path with {@code /} between its parts. */
  public static SortedMap<String, String> read(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      SortedMap<String, String> files = new TreeMap<>();
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String name = directory.relativize(file).toString().replace('\\', '/');
        files.put(name, Files.readString(file));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
