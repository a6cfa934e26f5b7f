package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.deployment.FlowRunHandle;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program with a class path as they come from build tools and by hand: all that its flow needs is
 * found again in the run, in the same order.
 */
@Timeout(120)
class UploadedProgramTest {
  @TempDir Path directory;

  @Test
  void allOfTheClassPathArrivesAndIsFoundAgain() throws Exception {
    Path helper = jar("lib one/a helper", "helper", "hello");
    Path twin = jar("lib two/a helper", "other", "there");
    Path percent = jar("lib two/per%41cent ü.jar", "third", "you");
    Path classes = directory.resolve("build/classes/java/main");
    compile(
        classes,
        List.of(helper, twin, percent),
        "Deploy.java",
        """
        package app;

        import dev.sheave.deployment.Deployment;
        import dev.sheave.flow.Flow;
        import java.util.ArrayList;
        import java.util.Collections;
        import java.util.List;

        public class Deploy {
          @Flow
          public static String flow() throws Exception {
            List<String> texts = new ArrayList<>();
            for (var url : Collections.list(
                Deploy.class.getClassLoader().getResources("app.properties"))) {
              try (var in = url.openStream()) {
                texts.add(new String(in.readAllBytes()));
              }
            }
            texts.add("" + Deploy.class.getClassLoader().getResource(".env"));
            return helper.Word.get() + other.Word.get() + third.Word.get() + texts;
          }

          public static void main(String[] args) {
            Deployment.buildFromFlow(Deploy::flow, "d").workQueueName("q").apply();
          }
        }
        """);
    Path resources = resource("build/resources/main", "first");
    Path shared = resource("shared/build/resources/main", "second");
    Files.writeString(resources.resolve(".env"), "PASSWORD=secret");
    Path text = Files.writeString(directory.resolve("text.jar"), "no jar");

    start(
        classes,
        resources,
        shared,
        helper,
        twin,
        text,
        directory.resolve("missing.jar"),
        directory.resolve("missing"),
        percent);

    try (Sheave sheave = Sheave.builder().home(directory.resolve("home")).connect()) {
      FlowRunHandle run = sheave.deployments().load("flow/d").run(Map.of());
      try (Agent agent = Agent.builder(sheave).queues("q").output(line -> {}).build()) {
        agent.runOnce();
      }
      FlowRunRecord ended = run.await(Duration.ofSeconds(1));
      assertThat(ended.state().data())
          .as("%s", ended.state())
          .isEqualTo(Map.of("type", "literal", "value", "hellothereyou[first, second, null]"));
    }
    try (Stream<Path> uploaded = Files.list(directory.resolve("home/storage/flow/d/lib"))) {
      assertThat(uploaded.map(jar -> jar.getFileName().toString()))
          .as("none of Sheave's libraries: the flow refers to none of them")
          .containsExactlyInAnyOrder("a helper", "a helper-2", "per%41cent ü.jar");
    }
  }

  @Test
  void theWorkingDirectoryIsNotUploadedForAnEmptyElementOfTheClassPath() throws Exception {
    Path classes = directory.resolve("classes");
    compile(
        classes,
        List.of(),
        "Deploy.java",
        """
        package app;

        public class Deploy {
          @dev.sheave.flow.Flow
          public static void flow() {}

          public static void main(String[] args) {
            dev.sheave.deployment.Deployment.buildFromFlow(Deploy::flow, "d").apply();
          }
        }
        """);

    assertThat(run(1, classes, Path.of("")))
        .contains("The class path has an empty element")
        .contains("'" + directory.toRealPath().resolve("empty") + "'");
    assertThat(directory.resolve("home/storage")).doesNotExist();
  }

  private Path resource(String folder, String text) throws IOException {
    Path resources = Files.createDirectories(directory.resolve(folder));
    Files.writeString(resources.resolve("app.properties"), text);
    return resources;
  }

  /** Makes a jar with a class that returns a word. */
  private Path jar(String file, String packageName, String word) throws IOException {
    Path classes = directory.resolve("classes of " + packageName);
    compile(
        classes,
        List.of(),
        "Word.java",
        "package %s; public class Word { public static String get() { return \"%s\"; } }"
            .formatted(packageName, word));
    Path jar = directory.resolve(file);
    Files.createDirectories(jar.resolveSibling("."));
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry(packageName + "/Word.class"));
      entries.write(Files.readAllBytes(classes.resolve(packageName + "/Word.class")));
    }
    return jar;
  }

  private void compile(Path classes, List<Path> libraries, String file, String source)
      throws IOException {
    Path folder = Files.createTempDirectory(directory, "source");
    String classPath = System.getProperty("java.class.path");
    for (Path library : libraries) {
      classPath = library + File.pathSeparator + classPath;
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-d",
                    Files.createDirectories(classes).toString(),
                    "-cp",
                    classPath,
                    Files.writeString(folder.resolve(file), source).toString()))
        .isZero();
  }

  private void start(Path... classPath) throws Exception {
    run(0, classPath);
  }

  /** Runs the program before the libraries of this test, in another folder; returns its output. */
  private String run(int exitCode, Path... classPath) throws Exception {
    StringBuilder all = new StringBuilder();
    for (Path entry : classPath) {
      all.append(entry).append(File.pathSeparator);
    }
    // what a program has beside Sheave's libraries in these tests refers to some of them
    String sheave =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("testkit") && !entry.contains("test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                all + sheave,
                "app.Deploy")
            .directory(Files.createDirectories(directory.resolve("empty")).toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("SHEAVE_"));
    builder.environment().put("SHEAVE_HOME", directory.resolve("home").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(exitCode);
    return output;
  }
}
