package dev.sheave.api.internal;

import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** States, and answers to proposed ones. */
public final class StateJson {

  /** Details of states. */
  public static final RecordCodec<StateDetails> DETAILS =
      new RecordCodec<>(
          "details of a state",
          (details, json) ->
              json.id("flow_run_id", details.flowRunId())
                  .id("task_run_id", details.taskRunId())
                  .id("child_flow_run_id", details.childFlowRunId())
                  .time("scheduled_time", details.scheduledTime())
                  .all(details.more()),
          json ->
              new StateDetails(
                  json.idOrNull("flow_run_id"),
                  json.idOrNull("task_run_id"),
                  json.idOrNull("child_flow_run_id"),
                  json.timeOrNull("scheduled_time"),
                  json.rest("flow_run_id", "task_run_id", "child_flow_run_id", "scheduled_time")));

  /** Recorded states. */
  public static final RecordCodec<State> STATE =
      new RecordCodec<>(
          "state", StateJson::write, json -> read(json, json.id("id"), json.time("timestamp")));

  /** Proposed states, which may lack an id, a time and a name. */
  public static final RecordCodec<State> NEW_STATE =
      new RecordCodec<>(
          "state",
          StateJson::write,
          json -> {
            UUID id = json.idOrNull("id");
            return read(
                json, id == null ? UUID.randomUUID() : id, json.time("timestamp", Instant.now()));
          });

  private record AnswerDetails(
      @Nullable Status status, @Nullable String reason, @Nullable Duration delay) {
    AnswerDetails(StateTransition transition) {
      this(transition.status(), transition.reason(), transition.delay());
    }
  }

  private static final RecordCodec<AnswerDetails> ANSWER_DETAILS =
      new RecordCodec<>(
          "details of an answer",
          (details, json) -> {
            String status = String.valueOf(details.status()).toLowerCase(Locale.ROOT);
            json.value("type", status + "_details");
            if (details.status() != Status.ACCEPT) {
              json.value("reason", details.reason());
            }
            if (details.delay() != null) {
              json.seconds("delay_seconds", details.delay());
            }
          },
          json ->
              new AnswerDetails(
                  null, json.textOrNull("reason"), json.secondsOrNull("delay_seconds")));

  /**
   * Answers to proposed states. That a state was recorded is told by the status code 201 in the
   * protocol, and by {@code is_recorded} in addition.
   */
  public static final RecordCodec<StateTransition> TRANSITION =
      new RecordCodec<>(
          "answer to a proposed state",
          (transition, json) ->
              json.record("state", STATE, transition.state())
                  .name("status", transition.status())
                  .record("details", ANSWER_DETAILS, new AnswerDetails(transition))
                  .value("is_recorded", transition.isRecorded()),
          json -> {
            Status status = json.constant("status", Status.class);
            AnswerDetails details = json.record("details", ANSWER_DETAILS);
            return new StateTransition(
                json.record("state", STATE),
                status,
                details.reason(),
                details.delay(),
                json.flag("is_recorded", status == Status.ACCEPT));
          });

  private StateJson() {}

  private static void write(State state, FieldWriter json) {
    json.id("id", state.id())
        .name("type", state.type())
        .value("name", state.name())
        .time("timestamp", state.timestamp())
        .value("message", state.message())
        .value("data", state.data())
        .record("state_details", DETAILS, state.stateDetails());
  }

  private static State read(FieldReader json, UUID id, Instant timestamp) {
    StateType type = json.constant("type", StateType.class);
    StateDetails details = json.recordOrNull("state_details", DETAILS);
    return new State(
        id,
        type,
        json.text("name", type.displayName()),
        timestamp,
        json.textOrNull("message"),
        json.value("data"),
        details == null ? StateDetails.NONE : details);
  }
}
