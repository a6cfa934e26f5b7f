package dev.sheave.runtime.loader;

import dev.sheave.block.BlockRegistry;
import dev.sheave.internal.Folders;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Writes the code that tests load: sources, classes and jars. */
final class Code {
  static final BlockRegistry NO_TYPES = BlockRegistry.builder().build();

  private Code() {}

  /** Writes a file, with the folders on the way. */
  static Path write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compiles a source text into a folder of classes. */
  static void compile(Path classes, String fileName, String source, String... options) {
    try {
      Path sources = Files.createTempDirectory("sources");
      Path file = write(sources.resolve(fileName), source);
      Files.createDirectories(classes);
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "-parameters",
                  "-d",
                  classes.toString(),
                  "-cp",
                  classes + File.pathSeparator + System.getProperty("java.class.path")));
      arguments.addAll(List.of(options));
      arguments.add(file.toString());
      int result =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      if (result != 0) {
        throw new AssertionError("the test's own source doesn't compile");
      }
      Folders.delete(sources);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a folder of classes into another. */
  static void copy(Path classes, Path target) {
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(classes.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a jar of a folder of classes. */
  static void jar(Path classes, Path jar) {
    try {
      Files.createDirectories(jar.getParent());
      try (OutputStream out = Files.newOutputStream(jar);
          JarOutputStream entries = new JarOutputStream(out);
          Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          entries.putNextEntry(
              new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
          entries.write(Files.readAllBytes(file));
          entries.closeEntry();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
