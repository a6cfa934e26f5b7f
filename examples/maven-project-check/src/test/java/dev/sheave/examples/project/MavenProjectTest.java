package dev.sheave.examples.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user's day: {@code mvn package}, deploy by the program's own {@code main}, run by an agent of
 * the installed distribution in an empty directory, change the code, and again.
 */
class MavenProjectTest {
  @TempDir Path folder;
  private UserMachine machine;
  private Path project;

  @BeforeEach
  void aCopyOfTheProject() throws IOException {
    machine = new UserMachine(folder);
    project = machine.copy("maven-project");
  }

  @Test
  void itIsBuiltDeployedRunChangedAndDeployedAgain() throws Exception {
    machine.mavenPackage(project);
    Path storage = machine.home().resolve("storage/stock-report/daily");
    assertThat(deploy()).contains("stock-report/daily: ", " files uploaded to " + storage);
    assertThat(storage.resolve("lib"))
        .as("the flow's libraries, and none of Sheave's")
        .isDirectoryContaining("glob:**/picocli-4.6.3.jar")
        .isDirectoryNotContaining("glob:**/{sheave,flyway,Hikari,jackson,slf4j}*");
    assertThat(run()).contains("hook").contains("2 items to order, says picocli 4.6.3");

    Path source = project.resolve("src/main/java/com/example/stock/StockFlow.java");
    Files.writeString(
        source, Files.readString(source).replace("items to order", "things to order"));
    machine.mavenPackage(project);
    assertThat(deploy()).contains("stock-report/daily: 1 files uploaded to ");
    assertThat(run()).contains("2 things to order, says picocli 4.6.3");
  }

  private String deploy() throws Exception {
    return machine.java(project, "-jar", "target/stock.jar");
  }

  private String run() throws Exception {
    return machine.run("stock-report/daily", "stock");
  }
}
