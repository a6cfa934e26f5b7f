package dev.sheave.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Schedule;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.Blocks;
import dev.sheave.block.Secret;
import dev.sheave.block.WithoutStore;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.internal.SheaveOnly;
import dev.sheave.storage.LocalFileSystem;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Deployment files as releases 2.0 to 2.20 of Prefect have written them, and people edited them.
 */
class FilesOfPrefectTest {

  /** Storage with a credential. */
  @BlockType(slug = "vault", name = "Vault", description = "Storage with a credential.")
  static final class Vault extends Block implements ReadableStorage {
    final String place;
    final Secret token;

    Vault(
        @BlockField(description = "Where.") String place,
        @BlockField(description = "A credential.") Secret token) {
      this.place = place;
      this.token = token;
    }

    @Override
    public TransferSummary getDirectory(RelativePath from, Path to, TransferOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String location(RelativePath path) {
      return place;
    }
  }

  private static final String HEAD =
      """
      ###
      ### A complete description of a Prefect Deployment for flow 'etl'
      ###
      name: nightly
      description: null
      version: 5a09a6eee86fd216605c8f0e27ca82c6
      # The work queue that will handle this deployment's runs
      work_queue_name: default
      """;

  private static final String TAIL =
      """

      ###
      ### DO NOT EDIT BELOW THIS LINE
      ###
      flow_name: etl
      entrypoint: flows/etl.py:etl
      parameter_openapi_schema:
        title: Parameters
        type: object
        properties:
          month: {title: month, type: integer, position: 0}
          color: {title: color, default: green, type: string, position: 1}
          since: {title: since, type: string, format: date, position: 2}
          anything: {title: anything, position: 3}
        required:
        - month
        definitions: null
      """;

  private static final String PROCESS =
      """
      infrastructure:
        type: process
        env: {}
        labels: {}
        name: null
        command: null
        stream_output: true
        working_dir: null
        block_type_slug: process
        _block_type_slug: process
      """;

  @TempDir Path folder;
  private final Blocks blocks =
      WithoutStore.blocks(ProcessInfrastructure.class, LocalFileSystem.class, Vault.class);
  private final List<String> warnings = new ArrayList<>();
  private Path file;
  private Deployments deployments;

  @BeforeEach
  void connect() {
    file = folder.resolve("etl-deployment.yaml");
    deployments =
        new Deployments(
            SheaveOnly.PASS,
            (OrchestrationApi)
                Proxy.newProxyInstance(
                    OrchestrationApi.class.getClassLoader(),
                    new Class<?>[] {OrchestrationApi.class},
                    (proxy, method, arguments) -> {
                      if (method.getName().equals("features")) {
                        return Set.of();
                      }
                      throw new AssertionError("there is no store to ask for " + method.getName());
                    }),
            blocks,
            folder);
  }

  private Deployment read(String text) throws IOException {
    Files.writeString(file, text);
    return deployments.fromYaml(file, warnings::add);
  }

  private Deployment with(String keys) throws IOException {
    return read(HEAD + keys + TAIL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tags: []\nparameters: {}\nschedule: null\ninfra_overrides: {}\n",
        "tags: null\nparameters: null\nschedule:\ninfra_overrides:\n",
        "work_pool_name: default-agent-pool\nis_schedule_active: null\nmanifest_path: null\n",
        "manifest_path: etl-manifest.json\nstorage: null\npath: /srv/flows\n",
        "infrastructure: {}\nstorage: {}\n",
        "infrastructure:\n  type: process\n  command:\n  - python\n  - -m\n  - prefect.engine\n",
        "infrastructure:\n  type: process\n  _block_type_slug: process\n",
        "parameters: {\"month\": 7, \"color\": \"yellow\"}\n",
        "timestamp: 2023-11-16T22:14:33.871657+00:00\n",
        "timestamp: '2023-11-16T22:14:33.871657+00:00'\n"
      })
  void whatTheyAllWriteIsTakenWithoutAWord(String keys) throws IOException {
    Deployment deployment = with(keys);

    assertThat(deployment.fullName()).isEqualTo("etl/nightly");
    assertThat(deployment.entrypoint()).isEqualTo("flows/etl.py:etl");
    assertThat(deployment.infrastructure()).isInstanceOf(ProcessInfrastructure.class);
    assertThat(deployment.storage()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatHasNoMeaningHereIsPassedOverWithAWarning() throws IOException {
    with(
        """
        triggers: []
        schedules: []
        pull: null
        push: []
        build: null
        work_pool: {}
        job_variables: {}
        concurrency_limit: null
        enforce_parameter_schema: true
        prefect-version: 2.20.3
        """);

    assertThat(warnings)
        .containsExactly(
            "'"
                + file
                + "': 'triggers', 'schedules', 'pull', 'push', 'build', 'work_pool',"
                + " 'job_variables', 'concurrency_limit', 'enforce_parameter_schema',"
                + " 'prefect-version' are ignored.");
  }

  @Test
  void whatCannotBeIsSaidAllAtOnceWithWhatToDo() {
    assertThatThrownBy(
            () ->
                with(
                    """
                    tags: one
                    triggers:
                    - enabled: true
                    pull:
                    - prefect.deployments.steps.git_clone: {repository: x}
                    parametrs: {}
                    is_schedule_active: maybe
                    infrastructure:
                      type: docker-container
                      image: prefecthq/prefect:2-latest
                    storage:
                      place: x
                      tokn: y
                      _block_type_slug: vault
                    """))
        .hasMessage(
            "'"
                + file
                + "' has 7 problems:\n"
                + "  line 9, column 1: 'tags' must be a list of strings.\n"
                + "  line 10, column 1: 'triggers' isn't supported: start runs explicitly or by a"
                + " schedule.\n"
                + "  line 12, column 1: 'pull' isn't supported: set 'storage' and 'path' to where"
                + " the code is.\n"
                + "  line 14, column 1: a deployment has no key 'parametrs'. Did you mean"
                + " 'parameters'?\n"
                + "  line 15, column 1: 'is_schedule_active' must be true, false or null.\n"
                + "  line 16, column 1: 'infrastructure': The block type 'docker-container' isn't"
                + " installed; it is in dev.sheave:sheave-infra-docker.\n"
                + "  line 21, column 3: the block type 'vault' has no field 'tokn'. Did you"
                + " mean 'token'?");
  }

  @Test
  void anAnonymousBlockIsTakenWithItsValues() throws IOException {
    Deployment deployment =
        with(
            """
            infrastructure:
              type: process
              env: {LEVEL: 1.10, QUIET: yes, UNSET: null}
              labels: {}
              name: null
              command: null
              stream_output: off
              working_dir: null
              _block_document_id: 5d0f8c3a-7a41-4a56-9a0e-2f1f4b1c9d10
              _block_document_name: anonymous-1b7f4c02-5a5e-4e0b-9d53-0c8d8a6a7e21
              _is_anonymous: true
              block_type_slug: process
            storage:
              basepath: /srv/flows
              _block_document_id: 9b1d7a62-8d6a-4f0e-a1bb-0b6f54f7a7b3
              _block_document_name: anonymous-7e0cbd7a-8f41-4c9d-8f5c-6a2b7d1e3f90
              _is_anonymous: true
              _block_type_slug: local-file-system
            """);

    ProcessInfrastructure process = (ProcessInfrastructure) deployment.infrastructure();
    assertThat(process.env()).containsEntry("LEVEL", "1.10").containsEntry("QUIET", "yes");
    assertThat(process.env()).containsEntry("UNSET", null);
    assertThat(process.streamOutput()).isFalse();
    assertThat(deployment.storage())
        .contains(LocalFileSystem.builder().basepath("/srv/flows").build());
    assertThat(warnings).isEmpty();
  }

  @Test
  void theLocalStorageOfTheFirstReleasesIsKnown() throws IOException {
    assertThat(with("storage:\n  type: local\n  basepath: /srv/flows\n").storage())
        .contains(LocalFileSystem.builder().basepath("/srv/flows").build());
  }

  @Test
  void fieldsOfABlockThatAreEmptyAndNotKnownHereArePassedOver() throws IOException {
    with(PROCESS.replace("  env: {}\n", "  env: {}\n  prefect_only: null\n"));

    assertThat(warnings)
        .containsExactly("'" + file + "': 'prefect_only' of 'infrastructure' is ignored.");
  }

  @Test
  void aMaskedSecretOfAnotherDatabaseIsSaid() {
    assertThatThrownBy(
            () -> with("storage:\n  place: x\n  token: '**********'\n  _block_type_slug: vault\n"))
        .hasMessageContaining("line 9, column 1: 'storage': 'token' is a mask");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schedule: {cron: 15 4 * * 1-5, timezone: Europe/Lisbon, day_or: true}\n",
        "schedule: null\nschedules:\n- cron: 15 4 * * 1-5\n  timezone: Europe/Lisbon\n  day_or: true\n",
        """
        schedules:
        - active: true
          max_active_runs: null
          schedule:
            cron: 15 4 * * 1-5
            timezone: Europe/Lisbon
            day_or: true
        """
      })
  void oneScheduleIsTakenHoweverItIsWritten(String keys) throws IOException {
    assertThat(with(keys + "is_schedule_active: true\n").values().schedule())
        .isEqualTo(new Schedule.Cron("15 4 * * 1-5", "Europe/Lisbon", true));
  }

  @Test
  void intervalsAndRulesAreTaken() throws IOException {
    assertThat(
            with("schedule: {interval: 3600.0, anchor_date: 2023-02-01T00:00:00+00:00}\n")
                .values()
                .schedule())
        .isEqualTo(
            new Schedule.Interval(
                Duration.ofHours(1), Instant.parse("2023-02-01T00:00:00Z"), null));
    assertThat(
            with("schedule:\n  rrule: |-\n    DTSTART:20230201T000000\n    FREQ=DAILY\n  timezone: UTC\n")
                .values()
                .schedule())
        .isEqualTo(new Schedule.RRule("DTSTART:20230201T000000\nFREQ=DAILY", "UTC"));
  }

  @Test
  void aScheduleThatCannotBeIsSaid() {
    assertThatThrownBy(() -> with("schedules:\n- cron: '0 0 * * *'\n- interval: 60\n"))
        .hasMessageEndingWith(
            "a deployment has one schedule; create a deployment for each of the others.");
    assertThatThrownBy(() -> with("schedule: {every: day}\n"))
        .hasMessageEndingWith("a schedule needs exactly one of 'cron', 'interval' and 'rrule'.");
  }

  @Test
  void laterNamesMeanTheSame() throws IOException {
    Deployment deployment = with("job_variables: {env.LEVEL: 1e3}\npaused: true\n");

    assertThat(deployment.infraOverrides()).isEqualTo(Map.of("env.LEVEL", "1e3"));
    assertThat(deployment.values().isScheduleActive()).isFalse();
    assertThatThrownBy(() -> with("job_variables: {env.A: 1}\ninfra_overrides: {env.B: 2}\n"))
        .hasMessageEndingWith("'job_variables' and 'infra_overrides' are the same; keep one.");
  }

  @Test
  void parametersAreReadAsTheirSchemaWantsThem() throws IOException {
    assertThat(
            with("parameters: {month: 0x1F, color: 007, since: 2024-01-02, anything: 1.10}\n")
                .parameters())
        .isEqualTo(Map.of("month", 31, "color", "007", "since", "2024-01-02", "anything", 1.1));
  }

  @Test
  void anchorsAndMergesAreComposed() throws IOException {
    Deployment deployment =
        with(
            """
            tags: &tags [a, b]
            infra_overrides:
              env: &env {LEVEL: DEBUG, TIMES: 3}
            infrastructure:
              type: process
              env: {<<: *env, LEVEL: INFO}
            """);

    assertThat(((ProcessInfrastructure) deployment.infrastructure()).env())
        .isEqualTo(Map.of("LEVEL", "INFO", "TIMES", "3"));
    assertThat(deployment.infraOverrides())
        .isEqualTo(Map.of("env.LEVEL", "DEBUG", "env.TIMES", "3"));
  }

  @Test
  void textsThatLookLikeSomethingElseStayTexts() throws IOException {
    Deployment deployment =
        read(
            """
            name: 1.10
            description: 2024-01-02
            version: 12e4567
            work_queue_name: 007
            tags: [1.0, yes, 0x1F, 2024-01-02, 'null', ~]
            flow_name: on
            path: 1_000
            storage: {place: 0o17, token: 12e4567, block_type_slug: vault}
            entrypoint: etl.py:etl
            """);

    assertThat(deployment.fullName()).isEqualTo("on/1.10");
    assertThat(deployment.description()).contains("2024-01-02");
    assertThat(deployment.version()).contains("12e4567");
    assertThat(deployment.workQueueName()).isEqualTo("007");
    assertThat(deployment.tags()).containsExactly("1.0", "yes", "0x1F", "2024-01-02", "null", "~");
    assertThat(deployment.path()).contains("1_000");
    assertThat(deployment.storage()).contains(new Vault("0o17", Secret.of("12e4567")));
  }

  @Test
  void aManifestOfTheFirstReleasesIsTakenButSheavesAgentsDoNotReadIt() throws IOException {
    Deployment deployment =
        read(
            """
            name: report-dev
            flow_name: report
            manifest_path: report-manifest.json
            infrastructure: {type: process}
            """);

    assertThat(deployment.entrypoint()).isEmpty();
    assertThat(warnings).singleElement().asString().contains("so that Sheave's agents can run it");
  }

  @Test
  void aPathOfThisMachineIsResolvedAgainstWhoeverApplies() throws IOException {
    assertThat(with("path: flows\n").path()).contains(Path.of("flows").toAbsolutePath().toString());
    assertThat(
            with("path: flows\nstorage: {basepath: /srv, block_type_slug: local-file-system}\n")
                .path())
        .contains("flows");
  }

  @Test
  void aFileOfAnotherEditorIsRead() throws IOException {
    Deployment deployment = read("\uFEFF" + (HEAD + TAIL).replace("\n", "\r\n"));

    assertThat(deployment.fullName()).isEqualTo("etl/nightly");
  }

  @Test
  void aProjectsFileIsNoDeployment() {
    assertThatThrownBy(
            () -> read("name: project\nprefect-version: 2.13.0\ndeployments:\n- name: a\n"))
        .hasMessageContaining(
            "'deployments' isn't supported: write each deployment into a file of its own.");
  }
}
