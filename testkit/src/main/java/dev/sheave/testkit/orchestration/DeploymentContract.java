package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueApi;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@link DeploymentApi}. */
public abstract class DeploymentContract extends OrchestrationContract {

  /** For the test of an implementation. */
  protected DeploymentContract() {}

  private DeploymentApi deployments() {
    return api().deployments();
  }

  /** A deployment that says something in every field. */
  private DeploymentSpec full(UUID storage, UUID infrastructure) {
    return new DeploymentSpec(
        "log-flow-s3",
        deployments().createFlow("log-flow").id(),
        "1.2",
        "Logs.",
        List.of("tutorial", "logs"),
        json("name", "Marvin", "nothing", null),
        json("type", "object", "properties", json("name", json("type", "string"))),
        "test",
        WorkQueueApi.DEFAULT_POOL,
        storage,
        infrastructure,
        json("env.LOG_LEVEL", "DEBUG"),
        "log-flow-directory",
        "LogFlow.java:logFlow",
        json("cron", "0 1 * * *", "timezone", "UTC"),
        false);
  }

  @Test
  void aFlowOfANameIsMadeOnce() {
    FlowRecord made = deployments().createFlow("log-flow");

    assertThat(deployments().createFlow("log-flow")).isEqualTo(made);
    assertThat(deployments().readFlow(made.id())).isEqualTo(made);
    assertThat(deployments().findFlow("log-flow")).contains(made);
    assertThat(deployments().findFlow("other")).isEmpty();
    assertRefused(Code.NOT_FOUND, () -> deployments().readFlow(UUID.randomUUID()));
  }

  @Test
  void flowsAreListedNewestFirst() {
    FlowRecord first = deployments().createFlow("first");
    FlowRecord second = deployments().createFlow("second");

    assertThat(deployments().listFlows(Page.FIRST)).containsExactly(second, first);
    assertThat(deployments().listFlows(Page.first(1).next())).containsExactly(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a/b", "a%b", "a&b", "a<b", "a>b", "a\nb"})
  void namesHaveNoCharactersThatSeparateNames(String name) {
    assertRefused(Code.INVALID, () -> deployments().createFlow(name));
    assertRefused(Code.INVALID, () -> deployments().applyDeployment(spec("log-flow", name)));
    assertThat(deployments().findFlow(name)).isEmpty();
  }

  @Test
  void aDeploymentIsReadAsItWasApplied() {
    UUID storage = document(schema("s3"), "log-test", json()).id();
    UUID infrastructure = anonymous(schema("process"), json()).id();
    DeploymentSpec spec = full(storage, infrastructure);

    Applied applied = deployments().applyDeployment(spec);

    DeploymentRecord deployment = applied.deployment();
    assertThat(applied.created()).isTrue();
    assertThat(deployment.spec()).isEqualTo(spec);
    assertThat(deployment.fullName()).isEqualTo("log-flow/log-flow-s3");
    assertThat(deployments().readDeployment(deployment.id())).isEqualTo(deployment);
    assertThat(deployments().findDeployment("log-flow", "log-flow-s3")).contains(deployment);
    assertThat(deployments().findDeployment("log-flow", "other")).isEmpty();
    assertThat(deployments().findDeployment("other", "log-flow-s3")).isEmpty();
    assertRefused(Code.NOT_FOUND, () -> deployments().readDeployment(UUID.randomUUID()));
  }

  @Test
  void applyingAgainReplacesWhatTheDeploymentSays() {
    UUID storage = document(schema("s3"), "log-test", json()).id();
    DeploymentRecord first = deployments().applyDeployment(full(storage, storage)).deployment();
    DeploymentSpec plain = spec("log-flow", "log-flow-s3");

    Applied again = deployments().applyDeployment(plain);

    assertThat(again.created()).isFalse();
    assertThat(again.deployment().id()).isEqualTo(first.id());
    assertThat(again.deployment().created()).isEqualTo(first.created());
    assertThat(again.deployment().updated()).isAfter(first.updated());
    assertThat(again.deployment().spec())
        .usingRecursiveComparison()
        .ignoringFields("isScheduleActive", "workPoolName")
        .isEqualTo(plain);
    assertThat(deployments().listDeployments(Set.of(), Page.FIRST)).hasSize(1);
  }

  @Test
  void whetherAScheduleIsActiveStaysUnlessItIsSaid() {
    DeploymentSpec silent = spec("log-flow", "log-flow-s3");

    assertThat(isActiveAfter(silent)).isTrue();
    assertThat(isActiveAfter(withScheduleActive(silent, false))).isFalse();
    assertThat(isActiveAfter(silent)).isFalse();
    assertThat(isActiveAfter(withScheduleActive(silent, true))).isTrue();
  }

  private @Nullable Boolean isActiveAfter(DeploymentSpec spec) {
    return deployments().applyDeployment(spec).deployment().spec().isScheduleActive();
  }

  private static DeploymentSpec withScheduleActive(DeploymentSpec spec, boolean isActive) {
    return new DeploymentSpec(
        spec.name(),
        spec.flowId(),
        spec.version(),
        spec.description(),
        spec.tags(),
        spec.parameters(),
        spec.parameterSchema(),
        spec.workQueueName(),
        spec.workPoolName(),
        spec.storageDocumentId(),
        spec.infrastructureDocumentId(),
        spec.infraOverrides(),
        spec.path(),
        spec.entrypoint(),
        spec.schedule(),
        isActive);
  }

  @Test
  void aMissingWorkQueueIsMadeInTheDefaultPool() {
    deployment("log-flow", "log-flow-s3");

    assertThat(queue().workPoolName()).isEqualTo(WorkQueueApi.DEFAULT_POOL);
    assertThat(queue().isPaused()).isFalse();
    UUID made = queue().id();
    deployment("log-flow", "other");
    assertThat(queue().id()).isEqualTo(made);
  }

  @Test
  void aDeploymentNeedNotHaveAQueue() {
    DeploymentSpec spec = spec("log-flow", "by-hand");
    DeploymentSpec without = withQueue(spec, null, null);

    assertThat(deployments().applyDeployment(without).deployment().spec().workQueueName()).isNull();
    assertThat(api().workQueues().listWorkQueues("", Page.FIRST)).isEmpty();
  }

  @Test
  void aPoolThatIsMissingIsNotMade() {
    DeploymentSpec spec = withQueue(spec("log-flow", "pooled"), "test", "my-pool");

    assertRefused(Code.NOT_FOUND, () -> deployments().applyDeployment(spec))
        .hasMessageContaining("my-pool");
    assertThat(deployments().findDeployment("log-flow", "pooled")).isEmpty();
    assertThat(api().workQueues().listWorkQueues("", Page.FIRST)).isEmpty();
  }

  private static DeploymentSpec withQueue(
      DeploymentSpec spec, @Nullable String queue, @Nullable String pool) {
    return new DeploymentSpec(
        spec.name(),
        spec.flowId(),
        spec.version(),
        spec.description(),
        spec.tags(),
        spec.parameters(),
        spec.parameterSchema(),
        queue,
        pool,
        spec.storageDocumentId(),
        spec.infrastructureDocumentId(),
        spec.infraOverrides(),
        spec.path(),
        spec.entrypoint(),
        spec.schedule(),
        spec.isScheduleActive());
  }

  @Test
  void aDeploymentsBlocksAreInTheStore() {
    UUID nothing = UUID.randomUUID();
    DeploymentSpec spec = spec("log-flow", "log-flow-s3");

    assertRefused(
            Code.CONFLICT, () -> deployments().applyDeployment(withBlocks(spec, nothing, null)))
        .hasMessageContainingAll("storage", nothing.toString());
    assertRefused(
            Code.CONFLICT, () -> deployments().applyDeployment(withBlocks(spec, null, nothing)))
        .hasMessageContainingAll("infrastructure", nothing.toString());
    assertThat(deployments().findDeployment("log-flow", "log-flow-s3")).isEmpty();
    assertThat(api().workQueues().findWorkQueue("test")).isEmpty();
  }

  @Test
  void aDeploymentIsOfAFlowThatExists() {
    DeploymentSpec spec = spec("log-flow", "log-flow-s3");
    DeploymentSpec lost =
        new DeploymentSpec(
            spec.name(),
            UUID.randomUUID(),
            null,
            null,
            List.of(),
            Map.of(),
            Map.of(),
            null,
            null,
            null,
            null,
            Map.of(),
            null,
            null,
            null,
            null);

    assertRefused(Code.NOT_FOUND, () -> deployments().applyDeployment(lost));
  }

  @Test
  void deploymentsAreListedNewestFirstAndByFlow() {
    DeploymentRecord a1 = deployment("a", "1");
    DeploymentRecord b1 = deployment("b", "1");
    DeploymentRecord a2 = deployment("a", "2");

    assertThat(deployments().listDeployments(Set.of(), Page.FIRST)).containsExactly(a2, b1, a1);
    assertThat(deployments().listDeployments(Set.of("a"), Page.FIRST)).containsExactly(a2, a1);
    assertThat(deployments().listDeployments(Set.of("a", "b"), new Page(1, 1))).containsExactly(b1);
    assertThat(deployments().listDeployments(Set.of("c"), Page.FIRST)).isEmpty();
  }

  @Test
  void theRunsOfADeletedDeploymentStay() {
    DeploymentRecord deployment = deployment("log-flow", "log-flow-s3");
    FlowRunRecord run = api().flowRuns().createFlowRun(deployment.id(), NewFlowRun.now(Map.of()));

    deployments().deleteDeployment(deployment.id());

    assertThat(deployments().findDeployment("log-flow", "log-flow-s3")).isEmpty();
    assertThat(api().flowRuns().readFlowRun(run.id()).deploymentId()).isNull();
    assertRefused(Code.NOT_FOUND, () -> deployments().deleteDeployment(deployment.id()));
  }
}
