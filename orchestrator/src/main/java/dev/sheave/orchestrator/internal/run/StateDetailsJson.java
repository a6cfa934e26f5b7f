package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.StateDetails;
import dev.sheave.internal.Json;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The details of a state as JSON, by their names on the wire. */
final class StateDetailsJson {
  private static final String FLOW_RUN_ID = "flow_run_id";
  private static final String TASK_RUN_ID = "task_run_id";
  private static final String CHILD_FLOW_RUN_ID = "child_flow_run_id";
  private static final String SCHEDULED_TIME = "scheduled_time";

  private StateDetailsJson() {}

  static String write(StateDetails details) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>(details.more());
    put(json, FLOW_RUN_ID, details.flowRunId());
    put(json, TASK_RUN_ID, details.taskRunId());
    put(json, CHILD_FLOW_RUN_ID, details.childFlowRunId());
    put(json, SCHEDULED_TIME, details.scheduledTime());
    return Json.write(json);
  }

  private static void put(Map<String, @Nullable Object> json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value.toString());
    }
  }

  static StateDetails read(Map<String, @Nullable Object> json) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(json);
    Object flowRunId = more.remove(FLOW_RUN_ID);
    Object taskRunId = more.remove(TASK_RUN_ID);
    Object childFlowRunId = more.remove(CHILD_FLOW_RUN_ID);
    Object scheduledTime = more.remove(SCHEDULED_TIME);
    return new StateDetails(
        id(flowRunId),
        id(taskRunId),
        id(childFlowRunId),
        scheduledTime == null ? null : Instant.parse(scheduledTime.toString()),
        Collections.unmodifiableMap(more));
  }

  private static @Nullable UUID id(@Nullable Object text) {
    return text == null ? null : UUID.fromString(text.toString());
  }
}
