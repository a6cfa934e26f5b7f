package dev.sheave.examples.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
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
 * in the one of this build or, if it isn't there, where Maven usually looks.
 */
final class UserMachine {
  static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  private static final String VERSION = System.getProperty("sheave.version", "");
  private static final List<String> ARTIFACTS =
      List.of("parent", "bom", "core", "orchestrator", "agent", "runtime", "testkit");

  /** The Java that runs the tests. */
  private static final Path OWN_JAVA = Path.of(System.getProperty("java.home"));

  private final Path folder;
  private final Path repository;
  private final Path java;

  /**
   * Sets the machine up.
   *
   * @param folder where the home and all that is written lie
   */
  UserMachine(Path folder) throws IOException {
    this.folder = folder;
    this.java = OWN_JAVA;
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
    String here =
        """
        <id>this-build</id>
        <url>%s</url>
        <snapshots><enabled>false</enabled></snapshots>
        """
            .formatted(Path.of(System.getProperty("maven.repository", "")).toUri());
    Files.writeString(
        folder.resolve("settings.xml"),
        """
        <settings>
          <profiles>
            <profile>
              <id>this-build</id>
              <repositories><repository>%1$s</repository></repositories>
              <pluginRepositories><pluginRepository>%1$s</pluginRepository></pluginRepositories>
            </profile>
          </profiles>
          <activeProfiles><activeProfile>this-build</activeProfile></activeProfiles>
        </settings>
        """
            .formatted(here));
  }

  private UserMachine(UserMachine other, Path java) {
    this.folder = other.folder;
    this.repository = other.repository;
    this.java = java;
  }

  /**
   * The same machine with each Java that programs are tried with: that of the tests, and JDK 25 if
   * it is installed beside it.
   */
  List<UserMachine> withEachJava() throws IOException {
    try (Stream<Path> all = Files.list(OWN_JAVA.toRealPath().resolveSibling("."))) {
      Stream<Path> newer = all.filter(UserMachine::isJdk25).sorted().limit(1);
      return Stream.concat(Stream.of(OWN_JAVA), newer)
          .map(each -> new UserMachine(this, each))
          .toList();
    }
  }

  private static boolean isJdk25(Path java) {
    try {
      return Files.readString(java.resolve("release")).contains("JAVA_VERSION=\"25");
    } catch (IOException e) {
      return false;
    }
  }

  /** The {@code SHEAVE_HOME} of all that is executed. */
  Path home() {
    return folder.resolve("home");
  }

  /** Copies an example that is a project of its own. */
  Path copy(String example) throws IOException {
    Path from = ROOT.resolve("examples").resolve(example);
    Path to = folder.resolve(example);
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Path relative = from.relativize(file);
        if (!relative.startsWith("target")) {
          Files.copy(file, to.resolve(relative));
        }
      }
    }
    return to;
  }

  /** Runs {@code mvn package}. */
  void mavenPackage(Path project) throws Exception {
    execute(
        project,
        Path.of(System.getProperty("maven.home", ""), "bin", "mvn").toString(),
        "-B",
        "-q",
        "-gs",
        folder.resolve("settings.xml").toString(),
        "-Dmaven.repo.local=" + repository,
        "package");
  }

  /** Runs a Java program that succeeds, and returns what it printed. */
  String java(Path directory, String... arguments) throws Exception {
    return execute(
        directory,
        Stream.concat(Stream.of(java.resolve("bin/java").toString()), Stream.of(arguments))
            .toArray(String[]::new));
  }

  /**
   * Makes a run of a deployment, lets an installed agent take it in an empty folder, and returns
   * what it printed and the runs there are.
   */
  String run(String deployment, String queue) throws Exception {
    Path empty = Files.createTempDirectory(folder, "empty");
    sheave(empty, "deployment", "run", deployment);
    String output = sheave(empty, "agent", "start", "-q", queue, "--run-once");
    try (Stream<Path> left = Files.list(empty)) {
      assertThat(left).isEmpty();
    }
    String runs = sheave(empty, "flow-run", "ls", "-o", "json");
    assertThat(runs).as(output).doesNotContain("\"Failed\"").doesNotContain("\"Crashed\"");
    return output + runs;
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
    builder.environment().put("SHEAVE_HOME", home().toString());
    builder.environment().put("SHEAVE_CDS", "off");
    builder
        .environment()
        .merge(
            "PATH",
            ROOT.resolve("dist/target/sheave/bin").toString(),
            (path, sheave) -> sheave + File.pathSeparator + path);
    builder.environment().put("JAVA_HOME", java.toString());
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
