package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.dist.Installed.Result;
import dev.sheave.testkit.RequiredService;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs in containers, in the image that {@code bin/image} makes of the distribution. */
@Tag("distribution")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DockerTest {
  private static final Pattern RUN = Pattern.compile("UUID: (\\S+)");

  private static String image = "";

  @TempDir Path folder;
  private Installed installed;
  private final List<Process> processes = new ArrayList<>();

  @BeforeAll
  static void buildImage() throws Exception {
    RequiredService.variable("docker", "DOCKER_HOST");
    image = output(List.of(Path.of("../bin/image").toAbsolutePath().toString()));
  }

  @BeforeEach
  void deploy() throws Exception {
    installed = new Installed(folder);
    Files.writeString(
        folder.resolve("LogFlow.java"),
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import dev.sheave.flow.Param;

        public final class LogFlow {
          @Flow(name = "log-flow")
          public static String logFlow(@Param("name") String name) throws Exception {
            FlowRunContext.current().logger().info("Hello {}!", name);
            System.out.println("printed as " + System.getProperty("user.name"));
            if (name.equals("Ford")) {
              Thread.sleep(600_000);
            }
            return "Hello " + name;
          }
        }
        """);
    sheave(
        "block create s3 flows"
            + " --set bucket_path="
            + RequiredService.variable("s3", "S3_BUCKET")
            + folder
            + " --set endpoint_url="
            + RequiredService.variable("s3", "S3_ENDPOINT")
            + " --set path_style=true --set aws_access_key_id=@env:S3_ACCESS_KEY_ID"
            + " --set aws_secret_access_key=@env:S3_SECRET_ACCESS_KEY");
    sheave(
        "deployment build ./LogFlow.java:logFlow -n dock -sb s3/flows -i docker-container"
            + " -q dock --apply");
  }

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process each : processes) {
      each.destroy();
      each.waitFor();
    }
  }

  private String sheave(String words) throws IOException, InterruptedException {
    Result result = installed.sheave(Installed.DISTRIBUTION, words.split(" "));
    assertThat(result.code()).as(words + result.out() + result.err()).isZero();
    return result.out() + result.err();
  }

  private String schedule(String name, String more) throws IOException, InterruptedException {
    return schedule("log-flow/dock", name, more);
  }

  private String schedule(String deployment, String name, String more)
      throws IOException, InterruptedException {
    Matcher matcher =
        RUN.matcher(sheave("deployment run " + deployment + " --param name=" + name + more));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private String stateOf(String run) throws IOException, InterruptedException {
    return sheave("flow-run inspect " + run);
  }

  private static String containers(String run) throws IOException, InterruptedException {
    return docker("ps", "-aq", "--filter", "label=sheave.dev/flow-run-id=" + run);
  }

  private static String docker(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(words));
    return output(command);
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return out.strip();
  }

  @Test
  void anAgentWithADatabaseRunsAFlowInAContainer() throws Exception {
    String run = schedule("Marvin", "");

    String out = sheave("agent start -q dock --run-once");

    assertThat(stateOf(run)).contains("COMPLETED");
    assertThat(out).containsOnlyOnce("Hello Marvin!").containsOnlyOnce("printed as sheave");
    assertThat(sheave("flow-run logs " + run)).containsOnlyOnce("Hello Marvin!");
    assertThat(containers(run)).isEmpty();
  }

  @Test
  void anAgentOfAServerRunsAFlowInAContainer() throws Exception {
    Process server =
        installed
            .builder(Installed.DISTRIBUTION, "server", "start", "--port", "0")
            .redirectErrorStream(true)
            .start();
    processes.add(server);
    try (BufferedReader lines = server.inputReader()) {
      String url = awaitLine(lines, "API: ").substring("API: ".length());
      installed.environment().put("SHEAVE_API_URL", url);
      String run = schedule("Arthur", "");

      String out = sheave("agent start -q dock --run-once");

      assertThat(stateOf(run)).contains("COMPLETED");
      assertThat(out).containsOnlyOnce("Hello Arthur!");
      assertThat(containers(run)).isEmpty();
    }
  }

  @Test
  void anImageMayHaveTheCode() throws Exception {
    Files.writeString(
        folder.resolve("Dockerfile"),
        """
        FROM %s
        COPY LogFlow.java /opt/sheave/flows/
        """
            .formatted(image));
    String flows = "sheave-test/flows:" + folder.getFileName().toString().toLowerCase(Locale.ROOT);
    docker("build", "-q", "-t", flows, folder.toString());
    try {
      sheave(
          "deployment build ./LogFlow.java:logFlow -n baked -i docker-container -q baked --apply"
              + " --override image="
              + flows);
      String run = schedule("log-flow/baked", "Marvin", "");

      String out = sheave("agent start -q baked --run-once");

      assertThat(stateOf(run)).contains("COMPLETED");
      assertThat(out).containsOnlyOnce("Hello Marvin!");
    } finally {
      docker("rmi", flows);
    }
  }

  @Test
  void anImageThatIsMissingCrashesTheRunWithTheEnginesReason() throws Exception {
    String run = schedule("Marvin", " --override image=localhost:1/none:1");

    sheave("agent start -q dock --run-once");

    assertThat(stateOf(run)).contains("CRASHED").contains("localhost:1/none:1");
  }

  @Test
  void aCancelledRunLeavesNoContainer() throws Exception {
    String run = schedule("Ford", "");
    Process agent =
        installed
            .builder(Installed.DISTRIBUTION, "agent", "start", "-q", "dock")
            .redirectErrorStream(true)
            .start();
    processes.add(agent);
    try (BufferedReader lines = agent.inputReader()) {
      awaitLine(lines, "printed as sheave");
      assertThat(containers(run)).isNotEmpty();
      sheave("flow-run cancel " + run);
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> stateOf(run).contains("CANCELLED") && containers(run).isEmpty());
    }
  }

  private static String awaitLine(BufferedReader lines, String text) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.contains(text)) {
      line = lines.readLine();
    }
    assertThat(line).as("a line with '" + text + "'").isNotNull();
    return String.valueOf(line);
  }

  @Test
  void theQuickstartRunsInAContainer() throws Exception {
    assertThat(sheave("quickstart --infra docker-container"))
        .contains("-i docker-container")
        .contains("Hello Marvin!")
        .contains("Completed");
  }
}
