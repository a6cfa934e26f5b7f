package dev.sheave.flow.internal;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;

/** Compiles, packages and starts the small programs of tests. */
final class Programs {
  private Programs() {}

  /** Compiles sources, by the names of their files, into a folder. */
  static Path compile(Path classes, String classPath, Map<String, String> sources) {
    try {
      Files.createDirectories(classes);
      Path folder = Files.createTempDirectory(classes.getParent(), "sources");
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "-parameters",
                  "-d",
                  classes.toString(),
                  "-cp",
                  classPath + File.pathSeparator + System.getProperty("java.class.path")));
      for (Map.Entry<String, String> source : new TreeMap<>(sources).entrySet()) {
        Path file = folder.resolve(source.getKey());
        Files.writeString(file, source.getValue());
        arguments.add(file.toString());
      }
      int result =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      if (result != 0) {
        throw new AssertionError("the test's own sources don't compile");
      }
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a jar of texts, and of the files below folders. */
  static Path jar(Path jar, Map<String, String> attributes, Map<String, String> texts, Path... of)
      throws IOException {
    Files.createDirectories(jar.toAbsolutePath().getParent());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
        entries.putNextEntry(new JarEntry(text.getKey()));
        entries.write(text.getValue().getBytes(StandardCharsets.UTF_8));
      }
      for (Path folder : of) {
        try (var files = Files.walk(folder)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            entries.putNextEntry(
                new JarEntry(folder.relativize(file).toString().replace('\\', '/')));
            entries.write(Files.readAllBytes(file));
          }
        }
      }
    }
    return jar;
  }

  /** Starts a Java program in a folder and returns what it prints. */
  static List<String> java(Path directory, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.addAll(Arrays.asList(arguments));
    Path output = Files.createTempFile(directory, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Process process = builder.start();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("the program doesn't end");
    }
    List<String> lines = Files.readAllLines(output);
    Files.delete(output);
    return lines;
  }
}
