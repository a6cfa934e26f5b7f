package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The installed {@code sheave} as somebody uses it who has a home of their own. */
final class Installed {
  /** The distribution that was laid out. */
  static final Path DISTRIBUTION = Path.of(System.getProperty("sheave.distribution", ""));

  private final Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>(System.getenv());

  /**
   * Begins without a home.
   *
   * @param folder where commands are run, and where the home will be
   */
  Installed(Path folder) {
    this.folder = folder;
    environment.keySet().removeIf(name -> name.startsWith("SHEAVE_"));
    environment.put("SHEAVE_HOME", folder.resolve("home").toString());
    environment.put("SHEAVE_CDS", "off");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  /** What a command did. */
  record Result(int code, String out, String err) {}

  /** The environment of commands, which may be changed. */
  Map<String, String> environment() {
    return environment;
  }

  /** Returns what starts a command. */
  ProcessBuilder builder(Path installation, String... words) {
    List<String> command = new ArrayList<>();
    command.add(installation.resolve("bin/sheave").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  /** Runs a command to its end. */
  Result sheave(Path installation, String... words) throws IOException, InterruptedException {
    Path out = Files.createTempFile("sheave", ".out");
    Path err = Files.createTempFile("sheave", ".err");
    try {
      Process process =
          builder(installation, words)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
