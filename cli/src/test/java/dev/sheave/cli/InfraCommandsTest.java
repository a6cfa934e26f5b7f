package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.cli.Shell.Result;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code sheave infra}, about a process of a run that nobody knows. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class InfraCommandsTest {
  @TempDir Path folder;
  private final UUID run = UUID.randomUUID();
  private Shell shell;
  private Sheave sheave;
  private RunningInfrastructure running;

  @BeforeEach
  void start() throws Exception {
    shell = new Shell(folder);
    sheave = Sheave.builder().home(shell.home()).connect();
    running =
        ProcessInfrastructure.builder()
            .command(List.of("sh", "-c", "echo hello; trap 'exit 3' TERM; sleep 600 & wait"))
            .build()
            .start(
                RunRequest.builder(run, "wise-owl", ApiAccess.to("https://sheave.test/api"))
                    .store(sheave.api().storeId())
                    .home(shell.home())
                    .build());
  }

  @AfterEach
  void end() {
    running.kill(Duration.ZERO);
    running.remove();
    sheave.close();
  }

  @Test
  void itIsListedKilledShownAndRemoved() throws Exception {
    Result listed = shell.sheave("infra ls process");
    assertThat(listed.code()).isZero();
    assertThat(listed.out()).contains(run.toString(), "deleted", "running", running.pid());
    assertThat(shell.sheave("infra ls process -o json").jsonList())
        .singleElement()
        .satisfies(
            each ->
                assertThat(each)
                    .containsEntry("flow_run_id", run.toString())
                    .containsEntry("flow_run_name", null)
                    .containsEntry("is_running", true)
                    .containsEntry("is_in_use", false)
                    .containsEntry("infrastructure_pid", running.pid()));

    assertThat(shell.sheave("infra kill process " + run).out()).contains("was ended");
    running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
    assertThat(shell.sheave("infra logs process " + run).out()).isEqualTo("hello\n");
    assertThat(shell.sheave("infra kill process " + run).out()).contains("Nothing runs there");

    assertThat(shell.sheave("infra prune process").out()).contains(run.toString());
    assertThat(shell.sheave("infra prune process").out()).contains("nothing to remove");
    assertThat(shell.sheave("infra ls process").err()).contains("Nothing stands there");
    Result gone = shell.sheave("infra logs process " + run);
    assertThat(gone.code()).isEqualTo(1);
    assertThat(gone.err()).contains("Nothing stands there of flow run '" + run + "'");
  }

  @Test
  void aWrongBlockOrRunIsSaid() {
    assertThat(shell.sheave("infra ls process/none").err()).contains("process/none");
    assertThat(shell.sheave("infra ls local-file-system").code()).isEqualTo(1);
    assertThat(shell.sheave("infra kill process 12").err()).contains("isn't the id of a flow run");
  }
}
