package dev.sheave.examples.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The machine of somebody who has Maven, and this build's distribution installed.
 *
 * <p>A project's build finds this build's artifacts in a local repository made here, and all else
 * in the one of this build, which is the only remote repository that it knows.
 */
final class UserMachine {
  static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  private static final String VERSION = System.getProperty("sheave.version", "");
  private static final List<String> ARTIFACTS =
      List.of("parent", "bom", "core", "orchestrator", "testkit");

  private final Path folder;
  private final Path repository;

  /**
   * Sets the machine up.
   *
   * @param folder where the home and all that is written lie
   */
  UserMachine(Path folder) throws IOException {
    this.folder = folder;
    // kept from test to test: what came from the other repository is of versions that never change
    this.repository = Path.of("target", "local-repository").toAbsolutePath();
    for (String name : ARTIFACTS) {
      Path module = name.equals("parent") ? ROOT : ROOT.resolve(name);
      String file = "sheave-" + name + "-" + VERSION;
      Path place =
          Files.createDirectories(repository.resolve("dev/sheave/sheave-" + name).resolve(VERSION));
      Files.copy(
          module.resolve("pom.xml"),
          place.resolve(file + ".pom"),
          StandardCopyOption.REPLACE_EXISTING);
      Path jar = module.resolve("target/" + file + ".jar");
      if (Files.exists(jar)) {
        Files.copy(jar, place.resolve(file + ".jar"), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.writeString(
        folder.resolve("settings.xml"),
        """
        <settings>
          <mirrors>
            <mirror>
              <id>this-build</id>
              <mirrorOf>*</mirrorOf>
              <url>%s</url>
            </mirror>
          </mirrors>
        </settings>
        """
            .formatted(Path.of(System.getProperty("maven.repository", "")).toUri()));
    Files.writeString(folder.resolve("no-settings.xml"), "<settings/>");
  }

  /** Runs {@code mvn package}. */
  void mavenPackage(Path project) throws Exception {
    execute(
        project,
        Path.of(System.getProperty("maven.home", ""), "bin", "mvn").toString(),
        "-B",
        "-q",
        "-s",
        folder.resolve("settings.xml").toString(),
        "-gs",
        folder.resolve("no-settings.xml").toString(),
        "-Dmaven.repo.local=" + repository,
        "package");
  }

  /** Runs the installed command, and returns what it printed. */
  String sheave(Path directory, String... words) throws Exception {
    Path launcher = ROOT.resolve("dist/target/sheave/bin/sheave");
    return execute(
        directory,
        Stream.concat(Stream.of(launcher.toString()), Stream.of(words)).toArray(String[]::new));
  }

  /** Runs a command that succeeds, and returns what it printed. */
  String execute(Path directory, String... command) throws Exception {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SHEAVE_"));
    builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
    builder.environment().put("SHEAVE_HOME", folder.resolve("home").toString());
    builder.environment().put("SHEAVE_CDS", "off");
    builder
        .environment()
        .merge(
            "PATH",
            ROOT.resolve("dist/target/sheave/bin").toString(),
            (path, sheave) -> sheave + java.io.File.pathSeparator + path);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
