package dev.sheave.examples.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A copy of an example that is a project of its own: built by Maven, run as its users run it, with
 * an installed distribution beside it.
 *
 * <p>Its build finds this build's artifacts in a local repository made here, and all else in the
 * one of this build or, if it isn't there, where Maven usually looks.
 */
final class UserProject {
  static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  /** The Java that runs the tests. */
  static final Path JAVA = Path.of(System.getProperty("java.home"));

  private static final String VERSION = System.getProperty("sheave.version", "");
  private static final List<String> ARTIFACTS =
      List.of("parent", "bom", "core", "orchestrator", "agent", "runtime");

  private final Path folder;
  private final Path project;
  private final Path repository;

  private UserProject(Path folder, Path project, Path repository) {
    this.folder = folder;
    this.project = project;
    this.repository = repository;
  }

  /** Copies an example. */
  static UserProject copyOf(String example, Path folder) throws IOException {
    Path project = folder.resolve(example);
    copy(ROOT.resolve("examples").resolve(example), project);
    // kept from test to test: what came from the other repository is of versions that never change
    Path repository = Path.of("target", "local-repository").toAbsolutePath();
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
    return new UserProject(folder, project, repository);
  }

  /** The project's folder. */
  Path directory() {
    return project;
  }

  /** The {@code SHEAVE_HOME} of all that is executed. */
  Path home() {
    return folder.resolve("home");
  }

  /** Builds the project. */
  void mavenPackage() throws Exception {
    execute(
        JAVA,
        project,
        Path.of(System.getProperty("maven.home", ""), "bin", "mvn").toString(),
        "-B",
        "-q",
        "-gs",
        folder.resolve("settings.xml").toString(),
        "-Dmaven.repo.local=" + repository,
        "package");
  }

  /** Runs a Java program in a folder. */
  String java(Path java, Path directory, String... arguments) throws Exception {
    return execute(
        java,
        directory,
        Stream.concat(Stream.of(java.resolve("bin/java").toString()), Stream.of(arguments))
            .toArray(String[]::new));
  }

  /**
   * Makes a run of a deployment, lets an agent of the distribution take it in an empty folder, and
   * returns what it wrote.
   */
  String run(Path java, String deployment, String queue) throws Exception {
    Path empty = Files.createTempDirectory(folder, "empty");
    sheave(java, empty, "deployment", "run", deployment);
    String output = sheave(java, empty, "agent", "start", "-q", queue, "--run-once");
    try (Stream<Path> left = Files.list(empty)) {
      assertThat(left).isEmpty();
    }
    String runs = sheave(java, empty, "flow-run", "ls", "-o", "json");
    assertThat(runs).as(output).doesNotContain("\"Failed\"").doesNotContain("\"Crashed\"");
    return output + runs;
  }

  private String sheave(Path java, Path directory, String... words) throws Exception {
    Path launcher = ROOT.resolve("dist/target/sheave/bin/sheave");
    return execute(
        java,
        directory,
        Stream.concat(Stream.of(launcher.toString()), Stream.of(words)).toArray(String[]::new));
  }

  private String execute(Path java, Path directory, String... command) throws Exception {
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

  /** The JDK 25 of this machine, if it is installed beside the one that runs the tests. */
  static Optional<Path> java25() throws IOException {
    try (Stream<Path> all = Files.list(JAVA.toRealPath().resolveSibling("."))) {
      return all.filter(java -> isOfRelease(java, "25")).sorted().findFirst();
    }
  }

  private static boolean isOfRelease(Path java, String feature) {
    try {
      return Files.readString(java.resolve("release")).contains("JAVA_VERSION=\"" + feature);
    } catch (IOException e) {
      return false;
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Path relative = from.relativize(file);
        if (!relative.startsWith("target")) {
          Files.copy(file, to.resolve(relative));
        }
      }
    }
  }
}
