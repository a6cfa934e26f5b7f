package dev.sheave.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.block.SecretMap;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.FlowMethods;
import dev.sheave.flow.Param;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret that a flow takes as a parameter never stands anywhere in the clear. */
class SecretParametersTest {
  private static final String CANARY = "hunter2-canary";

  record Login(String user, Secret password) {}

  /** Flows that take secrets. */
  @SuppressWarnings("unused")
  public static class Flows {
    @Flow
    public static void upload(
        @Param("token") Secret token,
        @Param("login") @Nullable Login login,
        @Param("more") @Nullable List<Login> more,
        @Param("spare") Optional<Secret> spare,
        @Param("settings") @Nullable SecretMap settings) {}

    @Flow
    public static void careless(@Param(value = "token", defaultValue = "hunter2") Secret token) {}

    @Flow
    public static void careful(
        @Param(value = "token", defaultValue = "secret/token") Secret token) {}

    @Flow
    public static void other(@Param("anything") Object anything) {}
  }

  @TempDir Path folder;
  private Sheave sheave;
  private Path file;

  @BeforeEach
  void connect() {
    sheave = Sheave.builder().home(folder.resolve("home")).connect();
    file = folder.resolve("upload.yaml");
  }

  @AfterEach
  void close() {
    sheave.close();
  }

  private static FlowDefinition flow(String method) {
    return FlowDefinition.of(FlowMethods.find(Flows.class, method));
  }

  private DeploymentBuilder builder() {
    return sheave
        .deployments()
        .buildFromFlow(flow("upload").method(), "here")
        .sourceDirectory(folder);
  }

  /** Java values and JSON ones, at every depth. */
  private static Map<String, @Nullable Object> secrets(String each) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("token", Secret.of(each + "-1"));
    values.put("login", Map.of("user", "ada", "password", each + "-2"));
    values.put("more", List.of(new Login("bob", Secret.of(each + "-3"))));
    values.put("spare", Optional.of(Secret.of(each + "-4")));
    values.put("settings", SecretMap.of(Map.of("key", each + "-5", "port", 22)));
    return values;
  }

  private void assertNothingOnDiskHas(String text) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1))
            .as(each.toString())
            .doesNotContain(text);
      }
    }
  }

  private List<BlockDocumentRecord> secretBlocks() {
    return sheave
        .api()
        .blocks()
        .listBlockDocuments(
            new BlockDocumentFilter(Set.of("secret"), Set.of(), true), Page.FIRST, false);
  }

  @Test
  void valuesAreKeptEncryptedAndTheFlowGetsThem() throws Exception {
    Deployment built = builder().parameters(secrets(CANARY)).build();
    built.toYaml(file);
    built.apply();
    FlowRunRecord run = built.run(Map.of("token", Secret.of("run-" + CANARY))).created();

    assertNothingOnDiskHas(CANARY);
    assertThat(built.parameters().toString()).contains(Secret.MASK).doesNotContain(CANARY);
    assertThat(run.parameters().toString()).contains("block_document_id").doesNotContain(CANARY);
    assertThat(Files.readString(file)).contains("block_document_id");
    assertThat(secretBlocks()).isNotEmpty().allMatch(BlockDocumentRecord::isAnonymous);
    Object[] arguments = flow("upload").arguments(run.parameters(), sheave.blocks());
    assertThat(arguments)
        .containsExactly(
            Secret.of("run-" + CANARY),
            new Login("ada", Secret.of(CANARY + "-2")),
            List.of(new Login("bob", Secret.of(CANARY + "-3"))),
            Optional.of(Secret.of(CANARY + "-4")),
            SecretMap.of(Map.of("key", CANARY + "-5", "port", 22)));
  }

  @Test
  void aFileThatSomebodyWroteASecretIntoIsAppliedWithoutIt() throws Exception {
    builder().build().toYaml(file);
    Files.writeString(
        file,
        Files.readString(file).replace("parameters: {}", "parameters: {token: " + CANARY + "}"));
    Deployment read = sheave.deployments().fromYaml(file);
    Files.delete(file);

    read.apply();

    assertNothingOnDiskHas(CANARY);
    assertThat(sheave.deployments().read("upload/here").spec().parameters().toString())
        .contains("block_document_id");
    read.toYaml(file);
    assertNothingOnDiskHas(CANARY);
    assertThat(sheave.deployments().changes(read).toString()).doesNotContain(CANARY);
  }

  @Test
  void aSavedSecretIsNamed() {
    sheave.blocks().save(new SecretBlock(Secret.of(CANARY)), "token", SaveMode.CREATE);
    builder().parameters(Map.of("token", "secret/token")).apply();

    FlowRunRecord run = sheave.deployments().load("upload/here").run(Map.of()).created();

    assertThat(flow("upload").arguments(run.parameters(), sheave.blocks())[0])
        .isEqualTo(Secret.of(CANARY));
    assertThat(flow("careful").arguments(Map.of(), sheave.blocks())[0])
        .isEqualTo(Secret.of(CANARY));
    assertThatThrownBy(() -> sheave.blocks().delete("secret/token", false))
        .hasMessageContaining("in use by deployment upload/here");
  }

  @Test
  void valuesGoWithTheLastDeploymentOrRunThatHasThem() {
    Deployment deployment = builder().parameters(secrets("old")).build();
    deployment.apply();
    int own = secretBlocks().size();
    FlowRunRecord run = deployment.run(Map.of("token", Secret.of("new"))).created();
    assertThat(secretBlocks()).hasSize(own + 1);

    sheave.api().deployments().deleteDeployment(sheave.deployments().read("upload/here").id());
    assertThat(secretBlocks()).as("the run has all but one").hasSize(own);
    sheave.api().flowRuns().deleteFlowRun(run.id());
    assertThat(secretBlocks()).isEmpty();
  }

  @Test
  void anotherValueReplacesTheOldOne() {
    builder().parameters(secrets("old")).apply();
    builder().parameters(Map.of("token", Secret.of("new"))).apply();

    assertThat(secretBlocks()).hasSize(1);
  }

  @Test
  void nothingThatIsSaidOfAWrongValueRepeatsIt() {
    Map<String, @Nullable Object> wrong = new LinkedHashMap<>();
    wrong.put("token", List.of(CANARY));
    wrong.put("login", CANARY);
    wrong.put("more", Map.of("password", CANARY));
    wrong.put("settings", CANARY);
    wrong.put("spare", 12345678);

    for (Runnable way :
        List.<Runnable>of(
            () -> builder().parameters(wrong),
            () -> flow("upload").arguments(wrong, sheave.blocks()))) {
      assertThatThrownBy(way::run)
          .isInstanceOf(SheaveException.class)
          .hasMessageContaining("'token' must be")
          .hasMessageContaining("'settings' must be")
          .message()
          .doesNotContain(CANARY, "12345678");
    }
  }

  @Test
  void aSecretInTheCodeIsRefusedAtBuild() {
    assertThatThrownBy(() -> flow("careless"))
        .hasMessage(
            "The default of the parameter 'token' of the flow Flows.careless can't be used: 'token'"
                + " is a secret, which doesn't belong into code; name a saved one, as in"
                + " secret/NAME.");
  }

  @Test
  void aSecretWhereTheFlowExpectsNoneIsRefused() {
    assertThatThrownBy(
            () ->
                sheave
                    .deployments()
                    .buildFromFlow(flow("other").method(), "x")
                    .parameters(Map.of("anything", List.of(Secret.of(CANARY)))))
        .hasMessage(
            "'anything[0]' can't be a secret: values there are kept and shown in the clear.");
  }
}
