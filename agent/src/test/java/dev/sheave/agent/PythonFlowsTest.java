package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sheave.api.StateType;
import dev.sheave.testkit.RequiredService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs of Python flows, which a program of Python executes. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class PythonFlowsTest {
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  /** What the engine does that a test needs: it says over HTTP that the run has ended. */
  private static final String ENGINE =
      """
      import json, os, urllib.request
      url, key = os.environ["PREFECT_API_URL"], os.environ["PREFECT_API_KEY"]
      run = os.environ["PREFECT__FLOW_RUN_ID"]
      assert "-" not in run
      for state in "RUNNING", "COMPLETED":
          request = urllib.request.Request(
              f"{url}/flow_runs/{run}/set_state",
              json.dumps({"state": {"type": state}}).encode(),
              {"Content-Type": "application/json", "Authorization": f"Bearer {key}"})
          print(state, json.load(urllib.request.urlopen(request))["status"], flush=True)
      """;

  @TempDir Path directory;
  private Workshop workshop;
  private final List<String> output = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  private UUID run(Map<String, @Nullable Object> overrides) {
    UUID run = workshop.schedule(workshop.deploy("log_flow.py:log_flow", null, overrides));
    workshop.agent().output(output::add).build().runOnce();
    return run;
  }

  @Test
  void theEngineIsToldOfTheRunAndReachesItsRecordsWithTheRunsKey() throws Exception {
    assumeTrue(Files.isExecutable(PYTHON));
    Path site = directory.resolve("site");
    Path module = Files.createDirectories(site.resolve("prefect"));
    Files.writeString(module.resolve("__init__.py"), "");
    Files.writeString(module.resolve("engine.py"), ENGINE);

    UUID run = run(Map.of("env.PYTHONPATH", site.toString()));

    assertThat(output).containsExactly("RUNNING ACCEPT", "COMPLETED ACCEPT");
    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.COMPLETED);
    assertThat(workshop.home.resolve("runs")).isEmptyDirectory();
  }

  @Test
  void theEngineOfPrefectExecutesAFlow() {
    String programs = RequiredService.variable("prefect", "PREFECT_PROGRAMS");
    workshop.write(
        "log_flow.py",
        """
        from prefect import flow, get_run_logger, task

        @task
        def greeting():
            return "Hello from Python"

        @flow
        def inner():
            return greeting()

        @flow(name="test-flow")
        def log_flow():
            get_run_logger().info(inner())
        """);

    UUID run =
        run(
            Map.of(
                "env.PATH",
                programs + ":" + System.getenv("PATH"),
                "env.PREFECT_HOME",
                directory.resolve("prefect").toString()));

    assertThat(workshop.stateOf(run).type()).as("%s", output).isEqualTo(StateType.COMPLETED);
    assertThat(workshop.log(run)).contains("Hello from Python");
  }

  @Test
  void aCommandOfTheBlockHasTheKeyToo() {
    run(Map.of("command", List.of("sh", "-c", "echo \"key of ${#PREFECT_API_KEY} characters\"")));

    assertThat(output).singleElement().asString().matches("key of \\d{2,} characters");
  }

  @Test
  void aMachineWithoutPythonIsSaidInTheState() throws Exception {
    Map<String, @Nullable Object> overrides = new HashMap<>();
    overrides.put("env.PATH", pathWithoutPython().toString());

    UUID run = run(overrides);

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CRASHED);
    assertThat(workshop.stateOf(run).message()).contains("no Python with the package 'prefect'");
    assertThat(output).containsExactly("There is no 'python' on the PATH.");
  }

  @Test
  void aPythonWithoutPrefectIsSaidInTheState() {
    assumeTrue(Files.isExecutable(PYTHON));
    UUID run = run(Map.of("env.PYTHONNOUSERSITE", "1"));

    assertThat(workshop.stateOf(run).message()).contains("no Python with the package 'prefect'");
    assertThat(output).singleElement().asString().contains("has no package 'prefect'");
  }

  /** A folder with the commands of the script alone. */
  private Path pathWithoutPython() throws IOException {
    Path folder = directory.resolve("bin");
    Files.createDirectories(folder);
    for (String command : List.of("sh", "cat", "ln", "mv", "setsid")) {
      Path found = Path.of("/usr/bin", command);
      Files.createSymbolicLink(
          folder.resolve(command), Files.exists(found) ? found : Path.of("/bin", command));
    }
    return folder;
  }
}
