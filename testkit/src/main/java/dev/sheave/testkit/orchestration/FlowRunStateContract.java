package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.RetryPolicy;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules for the states of flow runs that every {@link dev.sheave.api.FlowRunApi} keeps. */
public abstract class FlowRunStateContract extends OrchestrationContract {

  /** For the test of an implementation. */
  protected FlowRunStateContract() {}

  private FlowRunRecord runScheduledAt(Instant time) {
    return api()
        .flowRuns()
        .createFlowRun(deployment("log-flow", "log-flow-s3").id(), NewFlowRun.at(time));
  }

  @Test
  void aRunGoesFromScheduledToCompleted() {
    FlowRunRecord run = scheduledRun();

    FlowRunRecord pending = take(run, StateType.PENDING);
    assertThat(pending.nextScheduledStartTime()).isNull();
    assertThat(pending.state().stateDetails().scheduledTime())
        .isEqualTo(run.state().stateDetails().scheduledTime());
    assertThat(pending.runCount()).isZero();

    FlowRunRecord running = take(run, StateType.RUNNING);
    assertThat(running.runCount()).isEqualTo(1);
    assertThat(running.startTime()).isEqualTo(running.state().timestamp());
    assertThat(running.endTime()).isNull();

    StateTransition end =
        propose(run, State.of(StateType.COMPLETED, "All good.").withData(json("type", "literal")));
    FlowRunRecord completed = read(run);
    assertThat(end).isEqualTo(StateTransition.accepted(completed.state()));
    assertThat(completed.state().message()).isEqualTo("All good.");
    assertThat(completed.state().data()).isEqualTo(json("type", "literal"));
    assertThat(completed.endTime()).isEqualTo(completed.state().timestamp());
    assertThat(completed.startTime()).isEqualTo(running.startTime());
    assertThat(completed.totalRunTime())
        .isEqualTo(Duration.between(running.startTime(), completed.endTime()));
    assertThat(completed.expectedStartTime()).isEqualTo(run.expectedStartTime());
    assertThat(completed.updated()).isAfter(run.updated());
    assertThat(api().flowRuns().listFlowRunStates(run.id()))
        .extracting(State::type)
        .containsExactly(
            StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.COMPLETED);
  }

  @Test
  void aStateIsRecordedWithWhatItSays() {
    FlowRunRecord run = take(scheduledRun(), StateType.PENDING, StateType.RUNNING);
    UUID taskRun = UUID.randomUUID();
    State named =
        State.of(StateType.FAILED, "TimedOut", "Too slow.")
            .withDetails(
                new StateDetails(null, taskRun, null, null, json("cache_key", "k", "x", null)));

    State recorded = propose(run, named).state();

    assertThat(recorded.name()).isEqualTo("TimedOut");
    assertThat(recorded.message()).isEqualTo("Too slow.");
    assertThat(recorded.stateDetails())
        .isEqualTo(
            new StateDetails(run.id(), taskRun, null, null, json("cache_key", "k", "x", null)));
    assertThat(read(run).state()).isEqualTo(recorded);
  }

  /** Clocks may differ: the records' times are their own. */
  @Test
  void statesAreTimedByTheOneWhoRecordsThem() {
    FlowRunRecord run = scheduledRun();
    State early = State.of(StateType.PENDING);
    State longAgo =
        new State(
            early.id(), StateType.PENDING, "Pending", Instant.EPOCH, null, null, StateDetails.NONE);

    propose(run, longAgo);
    api().flowRuns().setFlowRunState(run.id(), longAgo.withId(UUID.randomUUID()), true);

    List<State> states = api().flowRuns().listFlowRunStates(run.id());
    assertThat(states).hasSize(3).extracting(State::id).doesNotHaveDuplicates();
    assertThat(states.get(1).id()).isEqualTo(longAgo.id());
    assertThat(states).extracting(State::timestamp).doesNotHaveDuplicates().isSorted();
    assertThat(states.get(0).timestamp()).isAfter(Instant.EPOCH);
  }

  /** An agent whose claim's answer was lost asks again, and has the run. */
  @Test
  void aClaimThatIsRepeatedGetsTheSameAnswer() throws Exception {
    FlowRunRecord run = scheduledRun();
    State claim = State.of(StateType.PENDING);

    StateTransition first = propose(run, claim);
    StateTransition again = connectAgain().flowRuns().setFlowRunState(run.id(), claim, false);

    assertThat(again).isEqualTo(first);
    assertThat(again.isAccepted()).isTrue();
    assertThat(api().flowRuns().listFlowRunStates(run.id())).hasSize(2);
    take(run, StateType.RUNNING);
    assertThat(propose(run, claim)).isEqualTo(first);
    assertThat(api().flowRuns().setFlowRunState(run.id(), claim, true)).isEqualTo(first);
    assertThat(read(run).state().type()).isEqualTo(StateType.RUNNING);
  }

  /** A failure that leads to another attempt doesn't end the run if it is reported again. */
  @Test
  void aRefusedProposalThatIsRepeatedGetsTheSameAnswer() {
    FlowRunRecord run = take(scheduledRun(), StateType.PENDING, StateType.RUNNING);
    api()
        .flowRuns()
        .updateFlowRun(
            run.id(),
            FlowRunUpdate.NONE.withRetries(new RetryPolicy(1, Duration.ofMinutes(1), Map.of())));
    State failure = State.of(StateType.FAILED, "Broken.");

    StateTransition first = propose(run, failure);
    StateTransition again = propose(run, failure);

    assertThat(first.status()).isEqualTo(Status.REJECT);
    assertThat(first.isRecorded()).isTrue();
    assertThat(again).isEqualTo(first);
    assertThat(read(run).state()).isEqualTo(first.state());
    assertThat(api().flowRuns().listFlowRunStates(run.id())).hasSize(4);
    StateTransition forced = api().flowRuns().setFlowRunState(run.id(), failure, true);
    assertThat(forced.isAccepted()).isTrue();
    assertThat(propose(run, failure)).isEqualTo(forced);
    assertThat(api().flowRuns().setFlowRunState(run.id(), failure, true)).isEqualTo(forced);
    assertThat(read(run).state().type()).isEqualTo(StateType.FAILED);
  }

  /** What led to no state is judged anew. */
  @Test
  void aProposalThatHadToWaitIsJudgedAgain() {
    FlowRunRecord run = scheduledRun();
    State claim = State.of(StateType.PENDING);
    api().workQueues().updateWorkQueue(queue().id(), WorkQueueUpdate.NONE.withConcurrencyLimit(0));
    assertThat(propose(run, claim).status()).isEqualTo(Status.WAIT);

    api().workQueues().updateWorkQueue(queue().id(), WorkQueueUpdate.NONE.withConcurrencyLimit(1));

    assertThat(propose(run, claim).isAccepted()).isTrue();
  }

  @Test
  void aStateIsOfOneRun() {
    State claim = State.of(StateType.PENDING);
    propose(scheduledRun(), claim);
    FlowRunRecord other = scheduledRun();

    assertRefused(Code.INVALID, () -> propose(other, claim));

    assertThat(read(other)).isEqualTo(other);
  }

  @Test
  void aRunIsClaimedOnce() {
    FlowRunRecord run = take(scheduledRun(), StateType.PENDING);

    StateTransition second = propose(run, StateType.PENDING);

    assertThat(second.status()).isEqualTo(Status.ABORT);
    assertThat(second.reason())
        .isEqualTo("This run is in a PENDING state and cannot transition to a PENDING state.");
    assertUnchanged(run, second);
  }

  @ParameterizedTest
  @EnumSource(
      value = StateType.class,
      names = {"RUNNING", "CANCELLING", "CANCELLED", "COMPLETED", "FAILED", "CRASHED"})
  void aRunThatWentOnIsNotClaimed(StateType type) {
    FlowRunRecord run = scheduledRun();
    api().flowRuns().setFlowRunState(run.id(), State.of(type), true);

    StateTransition claim = propose(run, StateType.PENDING);

    assertThat(claim.status()).isEqualTo(Status.ABORT);
    assertUnchanged(read(run), claim);
    assertThat(claim.state().type()).isEqualTo(type);
  }

  @Test
  void ofManyWhoClaimARunAtOnceOneGetsIt() throws Exception {
    List<OrchestrationApi> agents = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      agents.add(connectAgain());
    }
    List<FlowRunRecord> runs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      runs.add(scheduledRun());
    }
    ExecutorService threads = Executors.newFixedThreadPool(agents.size() * 2);
    try {
      List<Future<List<UUID>>> claims = new ArrayList<>();
      for (int i = 0; i < agents.size() * 2; i++) {
        OrchestrationApi agent = agents.get(i % agents.size());
        claims.add(
            threads.submit(
                () ->
                    runs.stream()
                        .map(FlowRunRecord::id)
                        .filter(
                            id ->
                                agent
                                    .flowRuns()
                                    .setFlowRunState(id, State.of(StateType.PENDING), false)
                                    .isAccepted())
                        .toList()));
      }
      List<UUID> claimed = new ArrayList<>();
      for (Future<List<UUID>> each : claims) {
        claimed.addAll(each.get());
      }

      assertThat(claimed)
          .containsExactlyInAnyOrderElementsOf(runs.stream().map(FlowRunRecord::id).toList());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aRunWaitsForItsTime() {
    FlowRunRecord run = runScheduledAt(Instant.now().plus(1, ChronoUnit.HOURS));

    for (FlowRunRecord early : List.of(run, take(run, StateType.PENDING))) {
      StateTransition answer = propose(early, StateType.RUNNING);

      assertThat(answer.status()).isEqualTo(Status.WAIT);
      assertThat(answer.reason()).isEqualTo("Scheduled time is in the future");
      assertThat(answer.delay()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
      assertUnchanged(read(run), answer);
    }
  }

  @Test
  void aScheduledRunWithoutATimeIsDueNow() {
    FlowRunRecord run =
        api()
            .flowRuns()
            .createFlowRun(
                deployment("log-flow", "log-flow-s3").id(),
                NewFlowRun.builder(State.of(StateType.SCHEDULED)).build());

    assertThat(run.nextScheduledStartTime()).isEqualTo(run.state().timestamp());
    take(run, StateType.PENDING, StateType.RUNNING);
  }

  @Test
  void aFailedRunIsTriedAgainAfterItsDelay() {
    FlowRunRecord run = scheduledRun();
    Duration delay = Duration.ofMinutes(5);
    api()
        .flowRuns()
        .updateFlowRun(run.id(), FlowRunUpdate.NONE.withRetries(new RetryPolicy(1, delay)));
    take(run, StateType.PENDING, StateType.RUNNING);

    StateTransition first =
        propose(run, State.of(StateType.FAILED, "Oh no.").withData(json("type", "unpersisted")));

    assertThat(first.status()).isEqualTo(Status.REJECT);
    assertThat(first.reason()).isEqualTo("Retrying");
    assertThat(first.state().type()).isEqualTo(StateType.SCHEDULED);
    assertThat(first.state().name()).isEqualTo("AwaitingRetry");
    assertThat(first.state().message()).isEqualTo("Oh no.");
    assertThat(first.state().data()).isEqualTo(json("type", "unpersisted"));
    Instant due = first.state().timestamp().plus(delay);
    assertThat(first.state().stateDetails().scheduledTime()).isEqualTo(due);
    assertThat(read(run).nextScheduledStartTime()).isEqualTo(due);
    assertThat(read(run).endTime()).isNull();
    assertThat(propose(run, StateType.RUNNING).status()).isEqualTo(Status.WAIT);

    api().flowRuns().setFlowRunState(run.id(), State.of(StateType.RUNNING, "Retrying", null), true);
    StateTransition second = propose(run, StateType.FAILED);

    assertThat(second.status()).isEqualTo(Status.ACCEPT);
    assertThat(read(run).runCount()).isEqualTo(2);
    assertThat(read(run).state().type()).isEqualTo(StateType.FAILED);
  }

  @Test
  void aCrashIsNotTriedAgain() {
    FlowRunRecord run = scheduledRun();
    api()
        .flowRuns()
        .updateFlowRun(run.id(), FlowRunUpdate.NONE.withRetries(new RetryPolicy(5, Duration.ZERO)));

    take(run, StateType.PENDING, StateType.RUNNING, StateType.CRASHED);
  }

  @Test
  void onlyARunningFlowPauses() {
    FlowRunRecord run = scheduledRun();

    StateTransition refused = propose(run, StateType.PAUSED);

    assertThat(refused.status()).isEqualTo(Status.REJECT);
    assertThat(refused.reason()).isEqualTo("Cannot pause flows that are not currently running.");
    assertUnchanged(run, refused);
    FlowRunRecord resumed =
        take(run, StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.RUNNING);
    assertThat(resumed.runCount()).as("going on is not another attempt").isEqualTo(1);
  }

  @Test
  void forceSkipsTheRules() {
    FlowRunRecord run = take(scheduledRun(), StateType.PENDING, StateType.RUNNING);
    take(run, StateType.COMPLETED);

    StateTransition forced =
        api().flowRuns().setFlowRunState(run.id(), State.of(StateType.CRASHED), true);

    assertThat(forced.status()).isEqualTo(Status.ACCEPT);
    assertThat(read(run).state().type()).isEqualTo(StateType.CRASHED);
  }

  @Test
  void theTimeOfAllAttemptsIsCounted() {
    FlowRunRecord run =
        take(scheduledRun(), StateType.PENDING, StateType.RUNNING, StateType.FAILED);
    take(run, StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.COMPLETED);

    List<State> states = api().flowRuns().listFlowRunStates(run.id());
    Duration both =
        Duration.between(states.get(2).timestamp(), states.get(3).timestamp())
            .plus(Duration.between(states.get(6).timestamp(), states.get(7).timestamp()));
    assertThat(read(run).totalRunTime()).isEqualTo(both);
    assertThat(read(run).startTime()).isEqualTo(states.get(2).timestamp());
    assertThat(read(run).endTime()).isEqualTo(states.get(7).timestamp());
  }
}
