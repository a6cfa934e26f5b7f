package dev.sheave.examples.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application with a block type of its own, packaged by Spring Boot's plugin: it is deployed
 * from its fat jar, and its flow run by an agent of the installed distribution in an empty
 * directory, and by one in the application itself.
 */
class SpringBootTest {
  private static final String RESULT = "3 orders in Bergen, by a password of 5 characters";

  @TempDir Path folder;

  @Test
  void theFatJarDeploysItsFlowAndRunsIt() throws Exception {
    UserProject project = UserProject.copyOf("spring-boot", folder);
    project.mavenPackage();
    Path place = Files.createDirectories(folder.resolve("an empty ümlaut"));
    Path jar = place.resolve("orders 1.jar");
    Files.copy(project.directory().resolve("target/orders.jar"), jar);

    for (Path java : javas()) {
      assertThat(project.java(java, place, "-jar", jar.toString(), "deploy"))
          .contains("orders/daily: ", " files uploaded to ");
      assertThat(project.run(java, "orders/daily", "orders")).contains(RESULT);
      assertThat(project.java(java, place, "-jar", jar.toString(), "run"))
          .contains("Completed: " + RESULT);
    }
    assertThat(project.home().resolve("storage/orders/daily/lib"))
        .isDirectoryContaining("glob:**/commons-csv-1.10.0.jar")
        .isDirectoryNotContaining("glob:**/{sheave,slf4j-api}*");

    // as Gradle and development environments have it: classes and resources in two folders
    Path classes = project.directory().resolve("target/classes");
    Path resources = Files.createDirectories(folder.resolve("build/resources/main"));
    for (String name : new String[] {"orders.csv", "application.properties", "META-INF"}) {
      Files.move(
          classes.resolve(name), resources.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    String classPath =
        classes + File.pathSeparator + resources + File.pathSeparator + libraries(project);
    assertThat(
            project.java(
                UserProject.JAVA,
                folder,
                "-cp",
                classPath,
                "com.example.orders.OrdersApplication",
                "deploy"))
        .contains("orders/daily: ", " files uploaded to ");
    assertThat(project.run(UserProject.JAVA, "orders/daily", "orders")).contains(RESULT);
  }

  private static Iterable<Path> javas() throws Exception {
    Optional<Path> newer = UserProject.java25();
    return Stream.concat(Stream.of(UserProject.JAVA), newer.stream()).toList();
  }

  /** Where the fat jar's libraries were unpacked. */
  private static String libraries(UserProject project) throws Exception {
    try (Stream<Path> unpacked = Files.list(project.home().resolve("cache/unpacked"))) {
      Path folder = unpacked.findFirst().orElseThrow().resolve("BOOT-INF/lib");
      try (Stream<Path> jars = Files.list(folder)) {
        return jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
      }
    }
  }
}
