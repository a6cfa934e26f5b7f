package dev.sheave.examples.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application with a block type of its own, packaged by Spring Boot's plugin: it is deployed
 * from its fat jar, and its flow run by an agent of the installed distribution in an empty
 * directory, and by one in the application itself; then the same from two folders, as Gradle has
 * it.
 */
class SpringBootTest {
  private static final String RESULT = "3 orders in Bergen, by a password of 5 characters";

  @TempDir Path folder;

  @Test
  void theApplicationDeploysItsFlowAndRunsIt() throws Exception {
    UserMachine machine = new UserMachine(folder);
    Path project = machine.copy("spring-boot");
    machine.mavenPackage(project);
    Path place = Files.createDirectories(folder.resolve("an empty folder"));
    Path jar = place.resolve("orders 1.jar");
    Files.copy(project.resolve("target/orders.jar"), jar);

    for (UserMachine each : machine.withEachJava()) {
      assertThat(each.java(place, "-jar", jar.toString(), "deploy"))
          .contains("orders/daily: ", " files uploaded to ");
      assertThat(each.run("orders/daily", "orders")).contains(RESULT);
      assertThat(each.java(place, "-jar", jar.toString(), "run")).contains("Completed: " + RESULT);
    }
    assertThat(machine.home().resolve("storage/orders/daily/lib"))
        .isDirectoryContaining("glob:**/commons-csv-1.10.0.jar")
        .isDirectoryNotContaining("glob:**/{sheave,slf4j-api}*");

    Path classes = project.resolve("target/classes");
    Path resources = Files.createDirectories(folder.resolve("build/resources/main"));
    for (String name : List.of("orders.csv", "application.properties", "META-INF")) {
      Files.move(classes.resolve(name), resources.resolve(name));
    }
    String classPath =
        String.join(
            File.pathSeparator, classes.toString(), resources.toString(), libraries(machine));
    assertThat(
            machine.java(place, "-cp", classPath, "com.example.orders.OrdersApplication", "deploy"))
        .contains("orders/daily: ", " files uploaded to ");
    assertThat(machine.home().resolve("storage/orders/daily/classes/main/orders.csv")).exists();
    assertThat(machine.run("orders/daily", "orders")).contains(RESULT);
  }

  /** The fat jar's libraries, where they were unpacked. */
  private static String libraries(UserMachine machine) throws Exception {
    try (Stream<Path> unpacked = Files.list(machine.home().resolve("cache/unpacked"))) {
      Path folder = unpacked.findFirst().orElseThrow().resolve("BOOT-INF/lib");
      try (Stream<Path> jars = Files.list(folder)) {
        return jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
      }
    }
  }
}
