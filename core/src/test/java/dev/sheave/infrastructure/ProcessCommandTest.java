package dev.sheave.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.Secret;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessCommandTest {
  @TempDir Path home;

  @Test
  void theAgentsOwnKeysAreNotInTheEnvironmentOfARun() {
    ProcessInfrastructure block = ProcessInfrastructure.builder().command(List.of("true")).build();
    RunRequest request =
        RunRequest.builder(
                UUID.randomUUID(),
                "wise-owl",
                ApiAccess.to("http://localhost/api").withKey(Secret.of("the-runs")))
            .home(home)
            .build();
    Map<String, String> environment = new HashMap<>();
    for (String variable :
        List.of(
            "SHEAVE_API_KEY",
            "SHEAVE_API_KEY_FILE",
            "PREFECT_API_KEY",
            "SHEAVE_ENCRYPTION_KEY",
            "SHEAVE_NEW_ENCRYPTION_KEY",
            "LANG")) {
      environment.put(variable, "the-agents");
    }

    new ProcessCommand(block, request, block.prepare(request)).setEnvironment(environment);

    assertThat(environment)
        .containsEntry("LANG", "the-agents")
        .doesNotContainValue("the-runs")
        .satisfies(all -> assertThat(all.values()).filteredOn("the-agents"::equals).hasSize(1));
  }
}
