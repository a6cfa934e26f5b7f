package dev.sheave.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockRegistry;
import dev.sheave.block.BlockType;
import dev.sheave.block.Blocks;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretMap;
import dev.sheave.block.StringBlock;
import dev.sheave.flow.Flow;
import dev.sheave.flow.Param;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.internal.SheaveOnly;
import dev.sheave.storage.LocalFileSystem;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How the reference's deployments behave: the cases of its tests by their numbers in the list of
 * conformance cases, 33 to 37 and 40. Cases 38 and 39 are of the command line and tested there.
 */
class ReferenceCasesTest {

  /** A flow. */
  public static class Flows {
    @Flow(name = "log-flow")
    public static void logFlow(@Param("name") String name) {}
  }

  /** Storage that can only be read from, with credentials. */
  @BlockType(slug = "vault", name = "Vault", description = "Storage to read from.")
  static final class Vault extends Block implements ReadableStorage {
    final Secret token;
    final SecretMap settings;

    Vault(
        @BlockField(description = "A credential.") Secret token,
        @BlockField(description = "More of them.") SecretMap settings) {
      this.token = token;
      this.settings = settings;
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
  private Sheave sheave;
  private Blocks blocks;
  private Deployments deployments;
  private Path code;
  private Path file;

  @BeforeEach
  void connect() throws IOException {
    sheave = Sheave.builder().home(folder.resolve("home")).connect();
    blocks =
        new Blocks(
            SheaveOnly.PASS,
            sheave.api().blocks(),
            BlockRegistry.builder()
                .add(ProcessInfrastructure.class)
                .add(LocalFileSystem.class)
                .add(StringBlock.class)
                .add(Vault.class)
                .build());
    deployments = new Deployments(SheaveOnly.PASS, sheave.api(), blocks, sheave.home());
    code = Files.createDirectories(folder.resolve("code"));
    Files.writeString(code.resolve("LogFlow.java"), "class LogFlow {}");
    file = folder.resolve("log-flow.yaml");
  }

  @AfterEach
  void close() {
    sheave.close();
  }

  private DeploymentBuilder logFlow() {
    return deployments
        .buildFromFlow(FlowMethods.find(Flows.class, "logFlow"), "here")
        .sourceDirectory(code);
  }

  private LocalFileSystem storage() {
    return LocalFileSystem.builder().basepath(folder.resolve("storage").toString()).build();
  }

  private Block vault() {
    return new Vault(Secret.of("canary-1"), SecretMap.of(Map.of("key", "canary-2")));
  }

  @Nested
  @DisplayName("case 33: what a deployment is made of")
  class Case33 {
    @Test
    void infrastructureNeedsTheCapability() {
      assertThatThrownBy(() -> logFlow().infrastructure(storage()))
          .hasMessageContaining("lacks the 'run-infrastructure' capability");
    }

    @Test
    void storageNeedsTheCapability() {
      assertThatThrownBy(() -> logFlow().storage(new StringBlock("text")))
          .hasMessageContaining("lacks the 'get-directory' capability");
    }

    @Test
    void whatIsNotSaidIsAProcessAndTheDefaultQueue() {
      Deployment deployment = logFlow().build();

      assertThat(deployment.infrastructure()).isInstanceOf(ProcessInfrastructure.class);
      assertThat(deployment.workQueueName()).isEqualTo("default");
    }

    @ParameterizedTest
    @CsvSource({"base, q, base/q", "base/, q, base/q", "base/, '', base"})
    void theLocationIsTheStoragesBaseAndThePath(String base, String path, String expected) {
      LocalFileSystem storage = LocalFileSystem.builder().basepath(folder + "/" + base).build();

      assertThat(logFlow().storage(storage).path(path).build().location())
          .isEqualTo(folder.resolve(expected).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "a/./b", "C:\\flows"})
    void aPathThatCanNotBeInTheStorageIsRefused(String path) {
      assertThatThrownBy(() -> logFlow().storage(storage()).path(path).build())
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
          .hasMessageStartingWith("The path '" + path + "' can't be used: it ");
    }

    @Test
    void withoutStorageTheLocationIsThePath() {
      assertThat(logFlow().path("/opt/flows").build().location()).isEqualTo("/opt/flows");
    }
  }

  @Nested
  @DisplayName("case 34: loading a deployment")
  class Case34 {
    @Test
    void itHasWhatWasApplied() {
      logFlow()
          .description("About it")
          .tags(List.of("one"))
          .parameters(Map.of("name", "Marvin"))
          .storage(storage())
          .apply();

      Deployment loaded = deployments.load("log-flow/here");
      assertThat(loaded.description()).contains("About it");
      assertThat(loaded.tags()).containsExactly("one");
      assertThat(loaded.parameters()).isEqualTo(Map.of("name", "Marvin"));
      assertThat(loaded.storage()).contains(storage());
      assertThat(loaded.version()).isPresent();
    }

    @Test
    void whatTheProgramSaysIsNotOverwritten() {
      logFlow().tags(List.of("one")).workQueueName("first").path("/opt/a").apply();

      Deployment built = logFlow().tags(List.of("two")).build();
      assertThat(built.tags()).containsExactly("two");
      assertThat(built.workQueueName()).isEqualTo("first");
    }

    @Test
    void oneThatIsNotThereIsSaid() {
      assertThatThrownBy(() -> deployments.load("log-flow/here"))
          .isInstanceOf(SheaveException.class)
          .extracting("code")
          .isEqualTo(Code.NOT_FOUND);
      assertThat(deployments.find("log-flow/here")).isEmpty();
    }
  }

  @Nested
  @DisplayName("case 35: upload")
  class Case35 {
    @Test
    void storageThatIsNotSavedIsSavedWithoutAName() {
      logFlow().storage(storage()).apply();

      Block used = deployments.load("log-flow/here").storage().orElseThrow();
      assertThat(used.identity().orElseThrow().isAnonymous()).isTrue();
      assertThat(folder.resolve("storage/LogFlow.java")).exists();
    }

    @Test
    void savedStorageKeepsItsId() {
      Block saved = blocks.save(storage(), "code", SaveMode.CREATE);
      logFlow().storage(saved).apply();

      assertThat(deployments.load("log-flow/here").storage().orElseThrow().identity())
          .isEqualTo(saved.identity());
    }

    @Test
    void storageThatCanOnlyBeReadIsRefusedWhenAskedAndSkippedOtherwise() {
      Deployment deployment = logFlow().storage(vault()).build();

      assertThat(deployment.isUploadable()).isFalse();
      assertThatThrownBy(deployment::upload)
          .hasMessageContaining("lacks the 'put-directory' capability");
      assertThat(logFlow().storage(vault()).apply()).isNotNull();
    }
  }

  @Nested
  @DisplayName("case 36: build from a flow")
  class Case36 {
    @Test
    void withoutStorageThePathIsTheDirectory() {
      assertThat(logFlow().build().path()).contains(code.toString());
    }

    @Test
    void aPathThatIsSaidStays() {
      assertThat(logFlow().path("/opt/flows").build().path()).contains("/opt/flows");
      assertThat(logFlow().storage(storage()).path("sub").build().path()).contains("sub");
    }

    @Test
    void inStorageThePathIsItsBase() {
      assertThat(logFlow().storage(storage()).build().path()).isEmpty();
      assertThat(logFlow().storage(vault()).build().path()).isEmpty();
    }

    @Test
    void aParameterThatIsNoJsonIsRefused() {
      assertThatThrownBy(() -> logFlow().parameters(Map.of("name", new Object())))
          .isInstanceOf(SheaveException.class)
          .hasMessageContaining("'name'")
          .extracting("code")
          .isEqualTo(Code.INVALID);
    }

    @Test
    void whatTheStoreHasIsLeftOutIfAsked() {
      logFlow().tags(List.of("one")).parameters(Map.of("name", "Marvin")).apply();

      assertThat(logFlow().build().tags()).containsExactly("one");
      Deployment fresh = logFlow().loadExisting(false).build();
      assertThat(fresh.tags()).isEmpty();
      assertThat(fresh.parameters()).isEmpty();
    }
  }

  @Nested
  @DisplayName("case 37: YAML")
  class Case37 {
    @Test
    void secretsOfASavedBlockAreMaskedAndLoadedByName() throws IOException {
      Block saved = blocks.save(vault(), "mine", SaveMode.CREATE);
      logFlow().storage(saved).build().toYaml(file);

      assertThat(Files.readString(file))
          .doesNotContain("canary")
          .contains(
              "  token: \"********\"\n", "    key: \"********\"\n", "_block_document_name: mine");
      assertThat(deployments.fromYaml(file).storage()).contains(vault());
    }

    @Test
    void aMaskThatNothingStandsForIsRefused() {
      logFlow().storage(vault()).build().toYaml(file);

      assertThatThrownBy(() -> deployments.fromYaml(file))
          .hasMessageContaining("is a mask and not the secret itself");
    }

    @Test
    void theCommentStandsBeforeTheQueue() throws IOException {
      logFlow().workQueueName("test").build().toYaml(file);

      assertThat(Files.readString(file))
          .contains(
              "# The work queue that will handle this deployment's runs\nwork_queue_name: test\n");
    }

    @ParameterizedTest
    @CsvSource({"null, true", "true, true", "false, false"})
    void whetherAScheduleIsActiveIsKept(String written, boolean stored) throws IOException {
      logFlow().build().toYaml(file);
      Files.writeString(
          file,
          Files.readString(file)
              .replace("is_schedule_active: null", "is_schedule_active: " + written));

      Deployment read = deployments.fromYaml(file);
      read.toYaml(file);
      assertThat(Files.readString(file)).contains("is_schedule_active: " + written + "\n");
      read.apply();
      assertThat(deployments.read("log-flow/here").spec().isScheduleActive()).isEqualTo(stored);
    }
  }

  @Nested
  @DisplayName("case 40: run a deployment and wait for it")
  class Case40 {
    private FlowRunHandle run(RunOptions options) {
      logFlow().parameters(Map.of("name", "Marvin")).apply();
      return deployments.run("log-flow/here", options);
    }

    private void set(UUID run, StateType type) {
      sheave.api().flowRuns().setFlowRunState(run, State.of(type), true);
    }

    @ParameterizedTest
    @EnumSource(
        value = StateType.class,
        names = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})
    void anyFinalStateEndsTheWaiting(StateType type) {
      FlowRunHandle run = run(RunOptions.DEFAULTS);
      set(run.id(), type);

      assertThat(run.await(Duration.ofMinutes(1)).state().type()).isEqualTo(type);
    }

    @Test
    void itWaitsUntilTheRunIsOver() throws Exception {
      FlowRunHandle run = run(RunOptions.DEFAULTS);
      Thread agent = new Thread(() -> set(run.id(), StateType.COMPLETED));
      agent.start();

      assertThat(run.await(Duration.ofMinutes(1)).state().isTerminal()).isTrue();
      agent.join();
    }

    @Test
    void whenTheTimeIsOverTheRunIsReturnedAsItIs() {
      FlowRunHandle run = run(RunOptions.DEFAULTS);

      assertThat(run.await(Duration.ZERO).state().type()).isEqualTo(StateType.SCHEDULED);
      assertThat(run.await(Duration.ofMillis(60)).state().type()).isEqualTo(StateType.SCHEDULED);
    }

    @Test
    void aSecondRunWithTheSameKeyIsTheFirst() {
      FlowRunRecord first = run(RunOptions.DEFAULTS.withIdempotencyKey("nightly")).created();

      assertThat(run(RunOptions.DEFAULTS.withIdempotencyKey("nightly")).id()).isEqualTo(first.id());
      assertThat(run(RunOptions.DEFAULTS.withIdempotencyKey("other")).id())
          .isNotEqualTo(first.id());
    }
  }

  @Nested
  @DisplayName("everything or nothing")
  class Registering {
    @Test
    void whatWasRegisteredBeforeOneThatFailsIsTakenBack() {
      logFlow().tags(List.of("one")).apply();
      Deployment changed = logFlow().tags(List.of("two")).build();
      Deployment fresh =
          deployments
              .buildFromFlow(FlowMethods.find(Flows.class, "logFlow"), "fresh")
              .sourceDirectory(code)
              .build();
      Deployment impossible =
          deployments
              .buildFromFlow(FlowMethods.find(Flows.class, "logFlow"), "impossible")
              .sourceDirectory(code)
              .workPoolName("nowhere")
              .build();

      assertThatThrownBy(() -> deployments.applyAll(List.of(changed, fresh, impossible)))
          .hasMessageContaining("nowhere")
          .hasNoSuppressedExceptions();

      assertThat(deployments.load("log-flow/here").tags()).containsExactly("one");
      assertThat(deployments.find("log-flow/fresh")).isEmpty();
      assertThat(deployments.find("log-flow/impossible")).isEmpty();
    }

    @Test
    void oneNameTwiceIsAMistake() {
      Deployment deployment = logFlow().build();

      assertThatThrownBy(() -> deployments.applyAll(List.of(deployment, deployment)))
          .hasMessage("The deployment 'log-flow/here' is defined twice; rename one of them.");
      assertThat(deployments.find("log-flow/here")).isEmpty();
    }

    @Test
    void anUploadThatIsInterruptedIsSaidAndTheNextOneMendsIt() throws IOException {
      for (int i = 0; i < 200; i++) {
        Files.writeString(code.resolve("file" + i), "text " + i);
      }
      Deployment deployment = logFlow().storage(storage()).build();

      assertThatThrownBy(
              () ->
                  deployment.upload(
                      new TransferListener() {
                        @Override
                        public void planned(int files, long bytes) {
                          Thread.currentThread().interrupt();
                        }
                      }))
          .extracting("code")
          .isEqualTo(Code.INTERRUPTED);
      assertThat(Thread.interrupted()).isTrue();

      Deployment uploaded = deployment.upload();
      assertThat(uploaded.uploadSummary().orElseThrow().files()).isEqualTo(201);
      assertThat(folder.resolve("storage/file199")).hasContent("text 199");
    }
  }
}
