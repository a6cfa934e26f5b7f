package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.dist.Installed.Result;
import dev.sheave.testkit.RequiredService;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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

  @TempDir Path folder;
  private Installed installed;
  private final List<Process> processes = new ArrayList<>();

  @BeforeAll
  static void buildImage() throws Exception {
    RequiredService.variable("docker", "DOCKER_HOST");
    output(List.of(Path.of("../bin/image").toAbsolutePath().toString()));
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
            switch (name) {
              case "Ford" -> Thread.sleep(600_000);
              case "Eddie" -> {
                java.util.List<byte[]> all = new java.util.ArrayList<>();
                while (true) {
                  byte[] more = new byte[1 << 20];
                  java.util.Arrays.fill(more, (byte) 1);
                  all.add(more);
                }
              }
              case "Zaphod" -> {
                for (int i = 1; i <= 12; i++) {
                  System.out.println("tick " + i);
                  Thread.sleep(500);
                }
              }
              default -> {}
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
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
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
  void anImageIsBuiltFromTheStorageOfADeploymentWhichNeedsNoneFromThenOn() throws Exception {
    String flows = "sheave-test/flows:" + folder.getFileName().toString().toLowerCase(Locale.ROOT);
    try {
      assertThat(sheave("image build log-flow/dock --apply -t " + flows)).contains(flows);
      assertThat(sheave("deployment inspect log-flow/dock -o json"))
          .contains("\"storage_document_id\" : null")
          .contains("/opt/sheave/flows");
      String run = schedule("Marvin", "");

      String out = sheave("agent start -q dock --run-once");

      assertThat(stateOf(run)).contains("COMPLETED");
      assertThat(out).containsOnlyOnce("Hello Marvin!");
    } finally {
      docker("rmi", flows);
    }
  }

  @Test
  void anImageThatTheDeploymentCouldNotUseIsNotBuilt() throws Exception {
    Result result =
        installed.sheave(
            Installed.DISTRIBUTION, "image", "build", "log-flow/dock", "--apply", "-t", "Flows:1");

    assertThat(result.code()).isNotZero();
    assertThat(result.err()).contains("'image' must be the name of an image").contains("'Flows:1'");
  }

  @Test
  void anImageIsBuiltFromADirectory() throws Exception {
    Path code = Files.createDirectories(folder.resolve("code"));
    Files.copy(folder.resolve("LogFlow.java"), code.resolve("LogFlow.java"));
    sheave("deployment build ./LogFlow.java:logFlow -n baked -i docker-container -q baked --apply");
    String out = sheave("image build log-flow/baked --directory code");
    Matcher named =
        Pattern.compile("Built the image '(log-flow/baked:[0-9a-f]{12})' with 1 file").matcher(out);
    assertThat(named.find()).as(out).isTrue();
    String flows = named.group(1);
    try {
      assertThat(docker("run", "--rm", "--entrypoint", "ls", flows, "/opt/sheave/flows"))
          .isEqualTo("LogFlow.java");
    } finally {
      docker("rmi", flows);
    }
  }

  @Test
  void aRunWhoseAgentIsKilledIsShownToItsEndByTheNext() throws Exception {
    String run = schedule("Zaphod", "");
    Path shown = folder.resolve("agent.log"); // what is in a file is known to have been shown
    Process first = startAgent(Redirect.appendTo(shown.toFile()));
    awaitTick(2, shown);
    first.destroyForcibly().waitFor();

    startAgent(Redirect.appendTo(shown.toFile()));
    awaitTick(12, shown);
    awaitState(run, "COMPLETED");

    assertThat(Files.readAllLines(shown).stream().filter(line -> line.startsWith("tick ")))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 12).mapToObj(i -> "tick " + i).toList());
    assertThat(containers(run)).isEmpty();
  }

  private static void awaitTick(int number, Path shown) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Files.readString(shown).contains("tick " + number + "\n"));
  }

  private Process startAgent() throws IOException {
    return startAgent(Redirect.PIPE);
  }

  private Process startAgent(Redirect output) throws IOException {
    Process agent =
        installed
            .builder(Installed.DISTRIBUTION, "agent", "start", "-q", "dock")
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    processes.add(agent);
    return agent;
  }

  private void awaitState(String run, String state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> stateOf(run).contains(state) && containers(run).isEmpty());
  }

  @Test
  void aRunThatNeedsMoreMemoryThanItMayHaveIsCrashedWithThatReason() throws Exception {
    String run =
        schedule(
            "Eddie",
            " --override mem_limit=128m --override memswap_limit=128m"
                + " --override env.SHEAVE_RUNTIME_JAVA_OPTIONS=-Xmx1g");

    sheave("agent start -q dock --run-once");

    assertThat(stateOf(run)).contains("CRASHED").contains("OOMKilled");
  }

  @Test
  void whatADeadAgentLeftIsListedAndRemovedUnlessItsRunGoesOn() throws Exception {
    String run = schedule("Ford", "");
    Process agent = startAgent();
    try (BufferedReader lines = agent.inputReader()) {
      awaitLine(lines, "printed as sheave");
      agent.destroyForcibly().waitFor();
    }
    assertThat(sheave("infra ls docker-container")).contains(run, "running", "yes");
    assertThat(sheave("infra prune docker-container")).contains("nothing to remove");
    sheave("flow-run delete " + run + " --force");

    assertThat(sheave("infra prune docker-container")).contains(run);
    assertThat(containers(run)).isEmpty();
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
    Process agent = startAgent();
    try (BufferedReader lines = agent.inputReader()) {
      awaitLine(lines, "printed as sheave");
      assertThat(containers(run)).isNotEmpty();
      sheave("flow-run cancel " + run);
      awaitState(run, "CANCELLED");
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
