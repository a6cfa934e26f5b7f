package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.Change;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Page;
import dev.sheave.api.Schedule;
import dev.sheave.api.WorkQueueApi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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
    return DeploymentSpec.builder("log-flow-s3", deployments().createFlow("log-flow").id())
        .version("1.2")
        .description("Logs.")
        .tags(List.of("tutorial", "logs"))
        .parameters(json("name", "Marvin", "nothing", null))
        .parameterSchema(json("type", "object", "properties", json("name", json("type", "string"))))
        .workQueueName("test")
        .workPoolName(WorkQueueApi.DEFAULT_POOL)
        .storageDocumentId(storage)
        .infrastructureDocumentId(infrastructure)
        .infraOverrides(json("env.LOG_LEVEL", "DEBUG"))
        .path("log-flow-directory")
        .entrypoint("LogFlow.java:logFlow")
        .schedule(new Schedule.Cron("0 1 * * *", "UTC"))
        .isScheduleActive(false)
        .build();
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
  void anUpdateChangesWhatItNamesOfADeployment() {
    UUID storage = document(schema("s3"), "log-test", json()).id();
    DeploymentRecord made = deployments().applyDeployment(full(storage, storage)).deployment();

    deployments().updateDeployment(made.id(), DeploymentUpdate.scheduleActive(true));

    DeploymentRecord active = deployments().readDeployment(made.id());
    assertThat(active.spec()).isEqualTo(made.spec().toBuilder().isScheduleActive(true).build());
    assertThat(active.updated()).isAfter(made.updated());

    Schedule daily = new Schedule.Interval(Duration.ofDays(1), null, "Europe/Berlin");
    deployments()
        .updateDeployment(
            made.id(),
            DeploymentUpdate.builder()
                .schedule(Change.to(daily))
                .parameters(Change.to(json("name", "Arthur")))
                .description(Change.to(null))
                .workQueueName(Change.to("other"))
                .build());

    assertThat(deployments().readDeployment(made.id()).spec())
        .isEqualTo(
            active.spec().toBuilder()
                .schedule(daily)
                .parameters(json("name", "Arthur"))
                .description(null)
                .workQueueName("other")
                .build());
    assertThat(api().workQueues().findWorkQueue("other")).isPresent();
  }

  @Test
  void anUpdateIsCheckedAsADeploymentIs() {
    DeploymentRecord made = deployment("log-flow", "log-flow-s3");
    UUID nothing = UUID.randomUUID();

    assertRefused(
        Code.NOT_FOUND,
        () -> deployments().updateDeployment(nothing, DeploymentUpdate.builder().build()));
    assertRefused(
        Code.CONFLICT,
        () ->
            deployments()
                .updateDeployment(
                    made.id(),
                    DeploymentUpdate.builder().storageDocumentId(Change.to(nothing)).build()));
    assertRefused(
        Code.NOT_FOUND,
        () ->
            deployments()
                .updateDeployment(
                    made.id(),
                    DeploymentUpdate.builder().workPoolName(Change.to("no-pool")).build()));
    assertThat(deployments().readDeployment(made.id())).isEqualTo(made);
  }

  @Test
  void aDeploymentLosesItsQueue() {
    DeploymentRecord made = deployment("log-flow", "log-flow-s3");

    deployments()
        .updateDeployment(
            made.id(), DeploymentUpdate.builder().workQueueName(Change.to(null)).build());

    assertThat(deployments().readDeployment(made.id()).spec().workQueueName()).isNull();
    assertThat(deployments().readDeployment(made.id()).spec().workPoolName()).isNull();
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void aScheduleIsReadAsItWasApplied(Schedule schedule) {
    DeploymentSpec spec = spec("log-flow", "log-flow-s3").toBuilder().schedule(schedule).build();

    assertThat(deployments().applyDeployment(spec).deployment().spec().schedule())
        .isEqualTo(schedule);
  }

  static Stream<Schedule> schedules() {
    return Stream.of(
        new Schedule.Cron("0 1 * * *", "Europe/Berlin", false),
        new Schedule.Interval(
            Duration.ofMillis(90_500), Instant.parse("2026-11-23T12:00:00.123456Z"), null),
        new Schedule.RRule("FREQ=DAILY;BYHOUR=8", "UTC"));
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
    return spec.toBuilder().isScheduleActive(isActive).build();
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
    return spec.toBuilder().workQueueName(queue).workPoolName(pool).build();
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
    DeploymentSpec lost = DeploymentSpec.builder(spec.name(), UUID.randomUUID()).build();

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
