package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkPoolCommandsTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aUser() throws IOException {
    shell = new Shell(folder);
  }

  private Map<String, ?> pool(String name) {
    return shell.sheave("work-pool inspect " + name + " -o json").jsonObject();
  }

  @Test
  void aPoolFromItsBeginningToItsEnd() {
    assertThat(shell.sheave("work-pool create local -l 4 -d 'For tests'").out())
        .isEqualTo("Created work pool 'local'.\n");
    assertThat(pool("local").get("type")).isEqualTo("prefect-agent");
    assertThat(pool("local").get("concurrency_limit")).isEqualTo(4);
    assertThat(pool("local").get("description")).isEqualTo("For tests");

    assertThat(shell.sheave("work-pool pause local").out()).isEqualTo("Paused work pool 'local'\n");
    assertThat(shell.sheave("work-pool ls").out())
        .containsPattern("local +prefect-agent .* 4 +paused");
    assertThat(shell.sheave("work-pool preview local").err())
        .startsWith("Warning: the work pool 'local' is paused, so no agent takes its runs.");
    assertThat(shell.sheave("work-pool resume local").out())
        .isEqualTo("Resumed work pool 'local'\n");
    assertThat(pool("local").get("is_paused")).isEqualTo(false);
    assertThat(shell.sheave("work-pool set-concurrency-limit local 2").out())
        .isEqualTo("Set concurrency limit for work pool 'local' to 2\n");
    assertThat(pool("local").get("concurrency_limit")).isEqualTo(2);
    assertThat(shell.sheave("work-pool clear-concurrency-limit local").out())
        .isEqualTo("Cleared concurrency limit for work pool 'local'\n");
    assertThat(pool("local").get("concurrency_limit")).isNull();
    assertThat(shell.sheave("work-pool update local -d 'Others'").out())
        .isEqualTo("Updated work pool 'local'\n");
    assertThat(pool("local").get("description")).isEqualTo("Others");
    assertThat(shell.sheave("work-pool delete local").out())
        .isEqualTo("Deleted work pool 'local'\n");
    assertThat(shell.sheave("work-pool ls -o json").jsonList())
        .extracting(each -> each.get("name"))
        .isEqualTo(List.of("default-agent-pool"));
  }

  @Test
  void queuesAreThoseOfTheirPool() {
    shell.sheave("work-pool create local");
    assertThat(shell.sheave("work-queue create fast -p local -q 1").out())
        .contains("    work pool - 'local'\n", "sheave agent start -q 'fast' -p 'local'");

    assertThat(shell.sheave("work-queue ls -p local -o json").jsonList())
        .extracting(each -> each.get("name"))
        .containsExactlyInAnyOrder("fast", "default");
    assertThat(shell.sheave("work-queue pause fast -p local").code()).isZero();
    Result inspected = shell.sheave("work-queue inspect fast -p local -o json");
    assertThat(inspected.jsonObject())
        .containsEntry("is_paused", true)
        .containsEntry("priority", 1)
        .containsEntry("wait_reason", "The work queue 'fast' is paused.");
    assertThat(shell.sheave("work-queue preview fast -p local").err()).contains("is paused");
    assertThat(shell.sheave("work-queue inspect fast").err())
        .isEqualTo(
            "No work queue named 'fast' found. There is one in the work pool 'local'; add '-p"
                + " local'.\n");
    assertThat(shell.sheave("work-queue inspect fest -p local").err())
        .startsWith("No work queue named 'fest' found in work pool 'local'.");
    assertThat(shell.sheave("work-pool inspect locl").err())
        .startsWith("No work pool named 'locl' found.")
        .contains("local");
  }

  @Test
  void anAgentTakesTheRunsOfAPoolOrOfQueuesByTheirBeginning() {
    shell.sheave("work-pool create local");

    assertThat(shell.sheave("agent start -p local --run-once").out())
        .contains("Looking for work from work pool 'local'...", "Agent stopped!");
    assertThat(shell.sheave("agent start -m te --run-once").out())
        .contains("Looking for work from queue(s) that start with the prefix: te...");
    assertThat(shell.sheave("agent start -p none --run-once").err())
        .startsWith("No work pool named 'none' found.");
    assertThat(shell.sheave("agent start -m '' --run-once").err())
        .startsWith("A prefix of work queues must not be empty");
    assertThat(shell.sheave("agent start -q a -m b --run-once").err())
        .startsWith("Only one of --work-queue and --match can be provided.");
    assertThat(shell.sheave("agent ls").err()).startsWith("No agent is at work");
  }
}
