package dev.sheave.api.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.api.Change;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Operator;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.Schedule;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.internal.Json;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The records as JSON, and back. */
class RecordCodecTest {
  /** Each class of codecs; a new one is added here. */
  private static final List<Class<?>> CODECS =
      List.of(
          ArtifactJson.class,
          BlockJson.class,
          DeploymentJson.class,
          FilterJson.class,
          FlowRunJson.class,
          NotificationJson.class,
          SavedSearchJson.class,
          StateJson.class,
          TaskRunJson.class,
          VariableJson.class,
          WorkQueueJson.class);

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");

  static Stream<Arguments> codecs() throws IllegalAccessException {
    List<Arguments> codecs = new ArrayList<>();
    for (Class<?> holder : CODECS) {
      for (Field field : holder.getDeclaredFields()) {
        if (Modifier.isPublic(field.getModifiers())
            && field.getGenericType() instanceof ParameterizedType type) {
          codecs.add(
              Arguments.of(
                  holder.getSimpleName() + "." + field.getName(),
                  field.get(null),
                  type.getActualTypeArguments()[0]));
        }
      }
    }
    return codecs.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("codecs")
  <T> void whatIsWrittenIsReadAgainInEveryField(String name, RecordCodec<T> codec, Class<T> type)
      throws ReflectiveOperationException {
    for (Class<?> kind : type.isSealed() ? type.getPermittedSubclasses() : new Class<?>[] {type}) {
      T record = type.cast(sample(kind, ""));

      Object json = Json.parse(Json.write(codec.toJson(record)), name);

      assertThat(codec.fromJson(json)).isEqualTo(record);
      assertThat(codec.listFromJson(List.of(codec.toJson(record)))).containsExactly(record);
    }
  }

  /** Something other than the default in every field. */
  private static Object sample(Type type, String name) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == FieldMatch.class) {
        return sampleMatch(generic.getActualTypeArguments()[0]);
      }
      Type[] of = generic.getActualTypeArguments();
      if (generic.getRawType() == Change.class) {
        return Change.to(sample(of[0], name));
      }
      if (generic.getRawType() == Map.class) {
        return Map.of(name, of[1] == Object.class ? List.of(1, Map.of()) : sample(of[1], "x"));
      }
      if (generic.getRawType() == List.class) {
        return List.of(sample(of[0], name));
      }
      if (generic.getRawType() == Set.class) {
        return Set.of(sample(of[0], name));
      }
      type = generic.getRawType();
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isSealed()) {
      return sample(plain.getPermittedSubclasses()[0], name);
    }
    if (plain.isEnum()) {
      Object[] constants = plain.getEnumConstants();
      return constants[constants.length - 1];
    }
    if (plain.isRecord()) {
      RecordComponent[] components = plain.getRecordComponents();
      Constructor<?> constructor =
          plain.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
      Object[] values = new Object[components.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = sample(components[i].getGenericType(), components[i].getName());
      }
      return constructor.newInstance(values);
    }
    return plainSample(plain, name);
  }

  private static FieldMatch<?> sampleMatch(Type of) throws ReflectiveOperationException {
    return new FieldMatch<>(
        Operator.OR,
        Set.of(sample(of, "any")),
        Set.of(sample(of, "none")),
        "part",
        Set.of("prefix"),
        false);
  }

  private static Object plainSample(Class<?> type, String name) {
    if (type == String.class) {
      return name.equals("timezone") ? "Europe/Berlin" : "the " + name;
    }
    if (type == UUID.class) {
      return UUID.randomUUID();
    }
    if (type == Instant.class) {
      return NOON;
    }
    if (type == Duration.class) {
      return Duration.ofMillis(61_500);
    }
    if (type == boolean.class || type == Boolean.class) {
      return true;
    }
    if (type == int.class || type == Integer.class || type == long.class) {
      return 7;
    }
    if (type == Double.class) {
      return 0.5;
    }
    if (type == Object.class) {
      return Map.of("type", "literal", "value", 42);
    }
    throw new IllegalArgumentException("no sample of " + type);
  }

  /** As a Prefect server of version 2.10 answers. */
  @Test
  void aRunThatAnotherServerWroteIsRead() {
    FlowRunRecord run =
        FlowRunJson.RUN.fromJson(
            Json.parse(
                """
                {"id": "8f4ca508-df21-4f96-8147-0e34e2efcee8",
                 "created": "2026-11-23T06:06:57.259419+00:00",
                 "updated": "2026-11-23T06:07:03.305000+00:00", "name": "industrious-coati",
                 "flow_id": "d6d953b7-af03-42ed-8296-ec5a6c814382",
                 "state_id": "af37101b-2bb4-4f94-b797-74f5332fb0d1",
                 "deployment_id": "919775c3-3efc-4095-b431-ba50afb037ee",
                 "work_queue_id": "de50fec5-aff2-4a81-b05a-13bbc6b084c5",
                 "work_queue_name": "test", "flow_version": null,
                 "parameters": {"name": "Marvin"}, "idempotency_key": null, "context": {},
                 "empirical_policy": {"max_retries": 0, "retry_delay_seconds": 0.0,
                   "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false},
                 "tags": [], "parent_task_run_id": null, "state_type": "SCHEDULED",
                 "state_name": "Late", "run_count": 0,
                 "expected_start_time": "2026-11-23T06:06:53.944112+00:00",
                 "next_scheduled_start_time": "2026-11-23T06:06:53.944112+00:00",
                 "start_time": null, "end_time": null, "total_run_time": 0.0,
                 "estimated_run_time": 0.0, "estimated_start_time_delta": 10.830927,
                 "auto_scheduled": false,
                 "infrastructure_document_id": "276eba30-db18-406c-b5f2-c3f3dd022fd5",
                 "infrastructure_pid": null, "created_by": null,
                 "work_pool_id": "469edc37-58f2-4bb3-b756-ed71e880bafa",
                 "work_pool_name": "default-agent-pool",
                 "state": {"id": "af37101b-2bb4-4f94-b797-74f5332fb0d1", "type": "SCHEDULED",
                   "name": "Late", "timestamp": "2026-11-23T06:07:03.282681+00:00",
                   "message": null, "data": null,
                   "state_details": {"flow_run_id": "8f4ca508-df21-4f96-8147-0e34e2efcee8",
                     "task_run_id": null, "child_flow_run_id": null,
                     "scheduled_time": "2026-11-23T06:06:53.944112+00:00", "cache_key": null,
                     "untrackable_result": false, "pause_reschedule": false}}}
                """,
                "the answer"));

    assertThat(run.name()).isEqualTo("industrious-coati");
    assertThat(run.state().type()).isEqualTo(StateType.SCHEDULED);
    assertThat(run.state().name()).isEqualTo("Late");
    assertThat(run.nextScheduledStartTime())
        .isEqualTo(Instant.parse("2026-11-23T06:06:53.944112Z"));
    assertThat(run.state().stateDetails().scheduledTime()).isEqualTo(run.expectedStartTime());
    // what says nothing is as if it were absent
    assertThat(run.retries()).isEqualTo(FlowRunRecord.RetryPolicy.NONE);
    assertThat(run.state().stateDetails().more()).isEmpty();
    assertThat(run.workPoolName()).isEqualTo("default-agent-pool");
    assertThat(run.flowName()).isEmpty();
  }

  @Test
  void theTaskRunOfAStateIsWritten() {
    State state = State.of(StateType.RUNNING);
    UUID taskRun = UUID.randomUUID();
    State ofTask =
        state.withDetails(new StateDetails(null, taskRun, null, null, Map.of("cache_key", "k")));

    assertThat(StateJson.STATE.toJson(ofTask))
        .extractingByKey("state_details")
        .isEqualTo(
            StateJson.DETAILS.toJson(
                new StateDetails(null, taskRun, null, null, Map.of("cache_key", "k"))))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("task_run_id", taskRun.toString())
        .containsEntry("cache_key", "k");
  }

  @Test
  void anAnswerToAProposedStateHasTheProtocolsShape() {
    State state = State.of(StateType.PENDING);
    StateTransition wait =
        new StateTransition(
            state, StateTransition.Status.WAIT, "Not yet.", Duration.ofSeconds(30), false);

    assertThat(StateJson.TRANSITION.toJson(wait))
        .containsEntry("status", "WAIT")
        .containsEntry(
            "details", Map.of("type", "wait_details", "reason", "Not yet.", "delay_seconds", 30L));
    assertThat(StateJson.TRANSITION.toJson(StateTransition.accepted(state)))
        .containsEntry("details", Map.of("type", "accept_details"));
  }

  @Test
  void whatIsAbsentFromAChangeIsKeptAndWhatIsNullIsCleared() {
    var update = FlowRunJson.UPDATE.fromJson(Json.parse("{\"flow_version\": null}", "it"));

    assertThat(update.flowVersion()).isEqualTo(Change.to(null));
    assertThat(update.name()).isEqualTo(Change.keep());
    assertThat(FlowRunJson.UPDATE.toJson(update)).containsOnlyKeys("flow_version");
  }

  @Test
  void allProblemsAreNamedWithTheirPlaces() {
    assertThatThrownBy(
            () ->
                FlowRunJson.RUN.fromJson(
                    Json.parse(
                        """
                        {"id": 7, "created": "yesterday", "updated": "2026-11-23T06:07:03Z",
                         "name": "x", "flow_id": "d6d953b7-af03-42ed-8296-ec5a6c814382",
                         "tags": "a", "run_count": 1.5,
                         "state": {"type": "DONE", "timestamp": "2026-11-23 06:07:03",
                                   "id": "af37101b2bb44f94b79774f5332fb0d1"}}
                        """,
                        "it")))
        .hasMessage(
            "The flow run isn't valid: 'id' must be a UUID; 'state.type' must be one of SCHEDULED,"
                + " PENDING, RUNNING, COMPLETED, FAILED, CANCELLED, CRASHED, PAUSED, CANCELLING;"
                + " 'created' must be a time such as 2026-11-23T06:07:04+00:00; 'tags' must be a"
                + " list of strings; 'run_count' must be a whole number.");
  }

  @Test
  void aScheduleThatIsAskedForHasNoFieldsThatWouldBeIgnored() {
    Map<String, Object> schedule = Map.of("cron", "0 1 * * *", "timezoen", "Europe/Berlin");
    Map<String, Object> spec =
        Map.of(
            "name", "nightly",
            "flow_id", "d6d953b7-af03-42ed-8296-ec5a6c814382",
            "schedule", schedule);

    assertThatThrownBy(() -> DeploymentJson.SPEC.fromJson(spec))
        .hasMessage(
            "The deployment isn't valid: 'schedule.timezoen' isn't known here; leave it out.");
    assertThatThrownBy(() -> DeploymentJson.UPDATE.fromJson(Map.of("schedule", schedule)))
        .hasMessageContaining("'schedule.timezoen' isn't known here");
    assertThat(DeploymentJson.SCHEDULE.fromJson(schedule)) // as a newer server answers
        .isEqualTo(new Schedule.Cron("0 1 * * *", null));
  }

  @Test
  void aScheduleHasNoFieldsOfAnotherKind() {
    assertThatThrownBy(
            () ->
                DeploymentJson.SCHEDULE.fromJson(
                    Map.of("cron", "0 1 * * *", "anchor_date", "2026-01-01T00:00:00Z")))
        .hasMessageContaining("'anchor_date' needs 'interval'; leave it out");
    assertThatThrownBy(
            () -> DeploymentJson.SCHEDULE.fromJson(Map.of("interval", 3600, "day_or", false)))
        .hasMessageContaining("'day_or' needs 'cron'; leave it out");
  }

  @Test
  void aScheduleIsOneOfThree() {
    assertThatThrownBy(() -> DeploymentJson.SCHEDULE.fromJson(Map.of("timezone", "UTC")))
        .hasMessage(
            "The schedule isn't valid: it must have one of 'cron', 'interval' and 'rrule'.");
    assertThatThrownBy(
            () -> DeploymentJson.SCHEDULE.fromJson(Map.of("cron", "* * * * *", "timezone", "X")))
        .hasMessageContaining("'timezone' has the unknown time zone 'X'; use a name such as");
    assertThatThrownBy(() -> DeploymentJson.SCHEDULE.fromJson(Map.of("interval", -1)))
        .hasMessageContaining("more than 0 seconds");
    assertThat(
            DeploymentJson.SCHEDULE.fromJson(
                Map.of("interval", 3600.5, "anchor_date", "2026-01-01T00:00:00+01:00")))
        .isEqualTo(
            new Schedule.Interval(
                Duration.ofMillis(3_600_500), Instant.parse("2025-12-31T23:00:00Z"), null));
  }

  @Test
  void allThatIsWrongWithAScheduleIsToldAtOnce() {
    assertThatThrownBy(
            () ->
                DeploymentJson.SCHEDULE.fromJson(
                    Map.of("interval", 1e12, "timezone", "X", "catch_up", "some")))
        .hasMessageContainingAll(
            "'interval' must be at most 100000000000",
            "'timezone' has the unknown time zone 'X'",
            "'catch_up' must be one of all, latest, none");
  }

  @Test
  void aNumberThatIsTooLargeIsToldItsBounds() {
    assertThatThrownBy(() -> DeploymentJson.PERIOD.fromJson(Map.of("min_runs", 10_000_000_000L)))
        .hasMessageContaining("'min_runs' must be at most 2147483647");
    assertThatThrownBy(() -> DeploymentJson.PERIOD.fromJson(Map.of("min_runs", -10_000_000_000L)))
        .hasMessageContaining("'min_runs' must be at least -2147483647");
    assertThatThrownBy(() -> DeploymentJson.PERIOD.fromJson(Map.of("min_runs", 1.5)))
        .hasMessageContaining("'min_runs' must be a whole number");
  }

  /** As an agent of version 2.10 asks for runs to cancel. */
  @Test
  void aFilterOfAnotherProgramIsRead() {
    RecordFilter filter =
        FilterJson.RECORDS.fromJson(
            Json.parse(
                """
                {"flows": null,
                 "flow_runs": {"id": {"not_any_": []},
                   "state": {"type": {"any_": ["CANCELLED"]}, "name": {"any_": ["Cancelling"]}}},
                 "task_runs": null, "deployments": null,
                 "work_pools": {"id": null, "name": {"any_": ["default-agent-pool"]}, "type": null},
                 "work_pool_queues": {"id": null,
                   "name": {"any_": ["test"], "startswith_": null}},
                 "sort": null, "limit": null, "offset": 0}
                """,
                "the filter"));

    assertThat(filter.flowRuns())
        .isEqualTo(
            FlowRunFilter.ALL.toBuilder()
                .id(FieldMatch.noneOf(List.of()))
                .build()
                .withStateTypes(Set.of(StateType.CANCELLED))
                .withStateNames(Set.of("Cancelling")));
    assertThat(filter.workQueues().name()).isEqualTo(FieldMatch.anyOf(List.of("test")));
    assertThat(filter.workPools().name())
        .isEqualTo(FieldMatch.anyOf(List.of("default-agent-pool")));
    assertThat(FilterJson.RECORDS.toJson(RecordFilter.ALL)).isEmpty();
  }
}
