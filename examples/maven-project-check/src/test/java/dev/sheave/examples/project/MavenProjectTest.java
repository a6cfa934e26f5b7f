package dev.sheave.examples.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user's day: {@code mvn package}, deploy by the program's own {@code main}, run by an agent of
 * the installed distribution in an empty directory, change the code, and again.
 *
 * <p>The project's build finds this build's artifacts in a local repository made here, and all else
 * in the one of this build, which is the only remote repository that it knows.
 */
class MavenProjectTest {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final String VERSION = System.getProperty("sheave.version", "");
  private static final List<String> ARTIFACTS = List.of("parent", "bom", "core", "orchestrator");

  @TempDir Path folder;
  private Path project;
  private Path repository;

  @BeforeEach
  void aCopyOfTheProject() throws IOException {
    project = folder.resolve("stock");
    copy(ROOT.resolve("examples/maven-project"), project);
    // kept from test to test: what came from the other repository is of versions that never change
    repository = Path.of("target", "local-repository").toAbsolutePath();
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

  @Test
  void itIsBuiltDeployedRunChangedAndDeployedAgain() throws Exception {
    mavenPackage();
    assertThat(deploy())
        .contains(
            "stock-report/daily: ",
            " files uploaded to " + folder.resolve("home/storage/stock-report/daily"));
    assertThat(folder.resolve("home/storage/stock-report/daily/lib/picocli-4.6.3.jar")).exists();
    assertThat(run()).contains("hook").contains("2 items to order, says picocli 4.6.3");

    Path source = project.resolve("src/main/java/com/example/stock/StockFlow.java");
    Files.writeString(
        source, Files.readString(source).replace("items to order", "things to order"));
    mavenPackage();
    assertThat(deploy()).contains("stock-report/daily: 1 files uploaded to ");
    assertThat(run()).contains("2 things to order, says picocli 4.6.3");
  }

  private void mavenPackage() throws Exception {
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

  private String deploy() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return execute(project, java, "-jar", "target/stock.jar");
  }

  /** Makes a run, lets an agent take it, and returns what it wrote. */
  private String run() throws Exception {
    Path empty = Files.createTempDirectory(folder, "empty");
    sheave(empty, "deployment", "run", "stock-report/daily");
    String output = sheave(empty, "agent", "start", "-q", "stock", "--run-once");
    try (Stream<Path> left = Files.list(empty)) {
      assertThat(left).isEmpty();
    }
    String runs = sheave(empty, "flow-run", "ls", "-o", "json");
    assertThat(runs).doesNotContain("\"Failed\"").doesNotContain("\"Crashed\"");
    return output + runs;
  }

  private String sheave(Path directory, String... words) throws Exception {
    Path launcher = ROOT.resolve("dist/target/sheave/bin/sheave");
    return execute(
        directory,
        Stream.concat(Stream.of(launcher.toString()), Stream.of(words)).toArray(String[]::new));
  }

  private String execute(Path directory, String... command) throws Exception {
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
