package dev.sheave.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.api.OrchestrationApi;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.Blocks;
import dev.sheave.block.Secret;
import dev.sheave.block.WithoutStore;
import dev.sheave.flow.Flow;
import dev.sheave.flow.Param;
import dev.sheave.flow.internal.FlowMethods;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deployments as YAML: edited by people, read by Sheave and by others. */
class DeploymentFileTest {

  /** A flow. */
  public static class Flows {
    @Flow(name = "log-flow")
    public static void logFlow(@Param("name") String name) {}
  }

  /** Storage with a credential. */
  @BlockType(slug = "vault", name = "Vault", description = "Storage with a credential.")
  static final class Vault extends Block implements ReadableStorage {
    final Secret token;

    Vault(@BlockField(description = "A credential.") Secret token) {
      this.token = token;
    }

    @Override
    public TransferSummary getDirectory(RelativePath from, Path to, TransferOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String location(RelativePath path) {
      return "vault://" + path;
    }
  }

  @TempDir Path folder;
  private final Blocks blocks =
      WithoutStore.blocks(ProcessInfrastructure.class, LocalFileSystem.class, Vault.class);
  private Path file;
  private Deployments deployments;

  @BeforeEach
  void connect() {
    file = folder.resolve("log-flow-deployment.yaml");
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

  private DeploymentBuilder logFlow() {
    return deployments
        .buildFromFlow(FlowMethods.find(Flows.class, "logFlow"), "log-flow-local")
        .loadExisting(false)
        .storage(LocalFileSystem.builder().basepath("/srv/flows").build())
        .path("log-flow");
  }

  private Deployment writtenAndRead(Deployment deployment) {
    deployment.toYaml(file);
    return deployments.fromYaml(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{cron: 0 1 * * *, timezone: Europe/Berlin, day_or: false}",
        "{interval: 600, anchor_date: '2026-01-01T00:00:00.000000+00:00', timezone: null}",
        "{rrule: FREQ=DAILY, timezone: UTC}"
      })
  void aScheduleOfAFileIsKept(String schedule) throws IOException {
    logFlow().build().toYaml(file);
    Files.writeString(
        file, Files.readString(file).replace("schedule: null", "schedule: " + schedule));

    Deployment read = deployments.fromYaml(file);

    assertThat(writtenAndRead(read).values().schedule())
        .isNotNull()
        .isEqualTo(read.values().schedule());
  }

  @Test
  void aScheduleThatIsNoneIsRefusedWithItsPlace() throws IOException {
    logFlow().build().toYaml(file);
    Files.writeString(
        file,
        Files.readString(file)
            .replace("schedule: null", "schedule: {cron: 0 1 * * *, timezone: Berlin}"));

    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessageContainingAll(file.toString(), "line", "unknown time zone 'Berlin'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{cron: 0 1 * * *, timezon: Europe/Berlin}|'timezon'. Did you mean 'timezone'?",
        "{cron: 0 1 * * *, anchor_date: 2026-01-01}|with 'cron' has no key 'anchor_date'",
        "{rrule: FREQ=DAILY, day_or: false}|with 'rrule' has no key 'day_or'",
      })
  void aKeyThatAScheduleHasNotIsRefused(String schedule, String sentence) throws IOException {
    logFlow().build().toYaml(file);
    Files.writeString(
        file, Files.readString(file).replace("schedule: null", "schedule: " + schedule));

    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessageContainingAll(file.toString(), "line", sentence);
  }

  @Test
  void whatIsWrittenIsReadAsItWas() {
    Deployment deployment =
        logFlow()
            .version("1.0")
            .description("Two\nlines: with a colon.")
            .tags(List.of("yes", "2023-01-01"))
            .parameters(Map.of("name", "no"))
            .workQueueName("test")
            .infrastructure(
                ProcessInfrastructure.builder()
                    .env(Map.of("EMPTY", "", "NUMBER", "1e3", "HEX", "0x1F", "BIG", "1_000"))
                    .build())
            .infraOverrides(Map.of("env", Map.of("LOG_LEVEL", "off")))
            .build();

    Deployment read = writtenAndRead(deployment);

    assertThat(read.fullName()).isEqualTo("log-flow/log-flow-local");
    assertThat(read.version()).contains("1.0");
    assertThat(read.description()).contains("Two\nlines: with a colon.");
    assertThat(read.tags()).containsExactly("yes", "2023-01-01");
    assertThat(read.parameters()).isEqualTo(Map.of("name", "no"));
    assertThat(read.parameterSchema()).isEqualTo(deployment.parameterSchema());
    assertThat(read.workQueueName()).isEqualTo("test");
    assertThat(read.infrastructure()).isEqualTo(deployment.infrastructure());
    assertThat(read.infraOverrides()).isEqualTo(Map.of("env.LOG_LEVEL", "off"));
    assertThat(read.storage()).isEqualTo(deployment.storage());
    assertThat(read.path()).contains("log-flow");
    assertThat(read.entrypoint()).isEqualTo(deployment.entrypoint());
  }

  @Test
  void theTextIsStableButForItsTime() throws IOException {
    Deployment deployment = logFlow().build();
    deployment.toYaml(file);
    List<String> first = Files.readAllLines(file);
    deployments.fromYaml(file).toYaml(file);

    assertThat(Files.readAllLines(file))
        .filteredOn(line -> !line.startsWith("timestamp:"))
        .isEqualTo(first.stream().filter(line -> !line.startsWith("timestamp:")).toList());
  }

  @Test
  void thePartsStandInTheReferencesOrder() throws IOException {
    logFlow().workQueueName("test").build().toYaml(file);

    assertThat(Files.readString(file))
        .startsWith(
            """
            ###
            ### A complete description of a Sheave Deployment for flow 'log-flow'
            ###
            name: log-flow-local
            """)
        .containsSubsequence(
            "# The work queue that will handle this deployment's runs\nwork_queue_name: test\n",
            "parameters: {}\n",
            "infrastructure:\n",
            "  type: process\n",
            "  block_type_slug: process\n",
            "###\n### DO NOT EDIT BELOW THIS LINE\n###\n",
            "flow_name: log-flow\n",
            "storage:\n",
            "  basepath: /srv/flows\n",
            "  block_type_slug: local-file-system\n",
            "entrypoint: ",
            "parameter_openapi_schema:\n");
  }

  @Test
  void aSecretIsMaskedAndItsMaskIsNotReadBack() throws IOException {
    Deployment deployment = logFlow().storage(new Vault(Secret.of("canary-4711"))).path("").build();
    deployment.toYaml(file);

    assertThat(Files.readString(file)).contains("token: \"********\"").doesNotContain("canary");
    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessage(
            "'"
                + file
                + "', line "
                + lineOf("storage:")
                + ", column 1: 'storage': 'token' is a mask and not the secret itself; set the secret, or save the"
                + " block and refer to it by name.");
  }

  @Test
  void anUnknownKeyIsNamedWithItsPlaceAndTheNearest() throws IOException {
    edit("work_queue_name:", "work_queue:");

    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessage(
            "'"
                + file
                + "', line "
                + lineOf("work_queue:")
                + ", column 1: a deployment has no key 'work_queue'. Did you mean"
                + " 'work_queue_name'?");
  }

  @Test
  void anUnknownFieldOfABlockIsAMistakeToo() throws IOException {
    edit("  stream_output:", "  stream_outptu:");

    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessage(
            "'"
                + file
                + "', line "
                + lineOf("  stream_outptu:")
                + ", column 3: the block type 'process' has no field 'stream_outptu'. Did you mean"
                + " 'stream_output'?");
  }

  @Test
  void valuesOfTheWrongTypeAreNamedWithTheirPlace() throws IOException {
    edit("tags: []", "tags: one");

    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessageMatching("'.*', line \\d+, column 1: 'tags' must be a list of strings\\.");
  }

  @Test
  void whatIsNoDeploymentIsSaid() throws IOException {
    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessage("The deployment file '" + file + "' doesn't exist.");
    Files.writeString(file, "- a\n- b\n");
    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessageContaining("doesn't contain a deployment");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessageEndingWith("can't be read: it is UTF-16 text; save it as UTF-8.");
    edit("name: log-flow-local", "name: \"\"");
    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessage("'" + file + "', line 4, column 1: 'name' is missing; it must be a string.");
  }

  @Test
  void aProblemIsSaidOnce() throws IOException {
    edit("name: log-flow-local", "name: [a]");

    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessage("'" + file + "', line 4, column 1: 'name' must be a string.");
  }

  @Test
  void aPathThatLeadsOutOfTheStorageIsRefused() throws IOException {
    edit("path: log-flow\n", "path: ../outside\n");

    assertThatThrownBy(() -> deployments.fromYaml(file))
        .hasMessage(
            "'"
                + file
                + "', line "
                + lineOf("path: ")
                + ", column 1: 'path': The path '../outside' can't be used: it contains '..'.");
  }

  @Test
  void withoutStorageThePathIsADirectoryOfThisMachine() throws IOException {
    logFlow().build().toYaml(file);
    String text = Files.readString(file).replace("path: log-flow\n", "path: ../outside\n");
    Files.writeString(file, text.replaceFirst("(?m)^storage:\n( .*\n)+", "storage: null\n"));

    assertThat(deployments.fromYaml(file).values().path())
        .isEqualTo(Path.of("../outside").toAbsolutePath().normalize().toString());
  }

  private void edit(String text, String other) throws IOException {
    logFlow().build().toYaml(file);
    String written = Files.readString(file);
    assertThat(written).contains(text);
    Files.writeString(file, written.replace(text, other));
  }

  private int lineOf(String start) throws IOException {
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(start)) {
        return i + 1;
      }
    }
    throw new AssertionError("no line starts with " + start);
  }
}
