package dev.sheave.examples.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user's day: {@code mvn package}, deploy by the program's own {@code main}, run by an agent of
 * the installed distribution in an empty directory, change the code, and again.
 */
class MavenProjectTest {
  @TempDir Path folder;
  private Path project;
  private UserMachine machine;

  @BeforeEach
  void aCopyOfTheProject() throws IOException {
    project = folder.resolve("stock");
    copy(UserMachine.ROOT.resolve("examples/maven-project"), project);
    machine = new UserMachine(folder);
  }

  @Test
  void itIsBuiltDeployedRunChangedAndDeployedAgain() throws Exception {
    machine.mavenPackage(project);
    assertThat(deploy())
        .contains(
            "stock-report/daily: ",
            " files uploaded to " + folder.resolve("home/storage/stock-report/daily"));
    assertThat(folder.resolve("home/storage/stock-report/daily/lib/picocli-4.6.3.jar")).exists();
    assertThat(run()).contains("hook").contains("2 items to order, says picocli 4.6.3");

    Path source = project.resolve("src/main/java/com/example/stock/StockFlow.java");
    Files.writeString(
        source, Files.readString(source).replace("items to order", "things to order"));
    machine.mavenPackage(project);
    assertThat(deploy()).contains("stock-report/daily: 1 files uploaded to ");
    assertThat(run()).contains("2 things to order, says picocli 4.6.3");
  }

  private String deploy() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return machine.execute(project, java, "-jar", "target/stock.jar");
  }

  /** Makes a run, lets an agent take it, and returns what it wrote. */
  private String run() throws Exception {
    Path empty = Files.createTempDirectory(folder, "empty");
    machine.sheave(empty, "deployment", "run", "stock-report/daily");
    String output = machine.sheave(empty, "agent", "start", "-q", "stock", "--run-once");
    try (Stream<Path> left = Files.list(empty)) {
      assertThat(left).isEmpty();
    }
    String runs = machine.sheave(empty, "flow-run", "ls", "-o", "json");
    assertThat(runs).doesNotContain("\"Failed\"").doesNotContain("\"Crashed\"");
    return output + runs;
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
