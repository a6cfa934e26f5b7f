package dev.sheave.api.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ArtifactApi.ArtifactSort;
import dev.sheave.api.ArtifactFilter;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Created;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.DeploymentApi.DeploymentSort;
import dev.sheave.api.DeploymentApi.FlowSort;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.StateTransition;
import dev.sheave.api.VariableApi.VariableSort;
import dev.sheave.api.VariableFilter;
import dev.sheave.api.internal.ArtifactJson;
import dev.sheave.api.internal.BlockJson;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.api.internal.RecordCodec;
import dev.sheave.api.internal.StateJson;
import dev.sheave.api.internal.TaskRunJson;
import dev.sheave.api.internal.VariableJson;
import dev.sheave.api.internal.WorkQueueJson;
import dev.sheave.internal.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Requests and answers that were recorded between Prefect 2.10.13's own client and server, one of
 * each operation and status: this client sends what that one sent, and reads the answer.
 */
class RecordedTrafficTest {

  /** A recorded exchange. */
  private record Recorded(
      String operation,
      String method,
      String path,
      @Nullable Object request,
      int status,
      @Nullable Object answer) {

    static Recorded of(Map<String, @Nullable Object> json) {
      return new Recorded(
          String.valueOf(json.get("operation")),
          String.valueOf(json.get("method")),
          String.valueOf(json.get("path")),
          json.get("request"),
          requireNonNull((Integer) json.get("status")),
          json.get("answer"));
    }

    Map<String, @Nullable Object> body() {
      return Json.asObject(requireNonNull((Map<?, ?>) request));
    }

    String text(String name) {
      return String.valueOf(body().get(name));
    }

    /** A part of the path, from the end. */
    String part(int fromEnd) {
      String[] parts = path.replaceFirst("\\?.*", "").split("/");
      return URLDecoder.decode(parts[parts.length - 1 - fromEnd], StandardCharsets.UTF_8);
    }

    UUID id() {
      return UUID.fromString(part(0));
    }

    UUID parentId() {
      return UUID.fromString(part(1));
    }

    boolean hasSecrets() {
      return path.contains("include_secrets=true");
    }
  }

  /** Does over a connection what was recorded. */
  private interface Operation {
    @Nullable Object call(OrchestrationApi api, Recorded recorded);
  }

  private static final Map<String, Operation> OPERATIONS = new LinkedHashMap<>();

  private static void on(String endpoint, Operation operation) {
    OPERATIONS.put(endpoint, operation);
  }

  private static <T> @Nullable Object json(RecordCodec<T> codec, Optional<T> record) {
    return record.map(codec::toJson).orElse(null);
  }

  private static <T> Object created(RecordCodec<T> codec, Created<T> made, Recorded recorded) {
    assertThat(made.isNew()).isEqualTo(recorded.status() == 201);
    return codec.toJson(made.record());
  }

  static {
    on(
        "GET /api/health",
        (api, r) -> {
          api.checkHealth();
          return true;
        });
    on(
        "GET /api/block_types/slug/{x}",
        (api, r) -> json(BlockJson.TYPE, api.blocks().findBlockType(r.part(0))));
    on(
        "GET /api/block_types/slug/{x}/block_documents/name/{x}",
        (api, r) ->
            json(
                BlockJson.DOCUMENT,
                api.blocks().findBlockDocument(r.part(3), r.part(0), r.hasSecrets())));
    on(
        "GET /api/block_schemas/checksum/{x}",
        (api, r) ->
            json(
                BlockJson.SCHEMA,
                api.blocks().findBlockSchema(r.part(0), r.path().replaceFirst(".*version=", ""))));
    on(
        "GET /api/block_documents/{id}",
        (api, r) ->
            BlockJson.DOCUMENT.toJson(api.blocks().readBlockDocument(r.id(), r.hasSecrets())));
    on(
        "POST /api/block_types/",
        (api, r) -> BlockJson.TYPE.toJson(api.blocks().createBlockType(r.text("slug"), texts(r))));
    on(
        "PATCH /api/block_types/{id}",
        (api, r) -> {
          api.blocks().updateBlockType(r.id(), texts(r));
          return null;
        });
    on(
        "POST /api/block_types/filter",
        (api, r) -> BlockJson.TYPE.toJson(api.blocks().listBlockTypes(Set.of(), Page.FIRST)));
    on(
        "POST /api/block_schemas/",
        (api, r) ->
            created(
                BlockJson.SCHEMA,
                api.blocks()
                    .findOrCreateBlockSchema(
                        UUID.fromString(r.text("block_type_id")),
                        Json.asObject(requireNonNull((Map<?, ?>) r.body().get("fields"))),
                        requireNonNull((List<?>) r.body().get("capabilities")).stream()
                            .map(String::valueOf)
                            .toList(),
                        r.text("version")),
                r));
    on(
        "POST /api/block_documents/",
        (api, r) ->
            BlockJson.DOCUMENT.toJson(
                api.blocks()
                    .createBlockDocument(
                        new NewBlockDocument(
                            r.text("name"),
                            UUID.fromString(r.text("block_schema_id")),
                            Json.asObject(requireNonNull((Map<?, ?>) r.body().get("data"))),
                            false))));
    on(
        "PATCH /api/block_documents/{id}",
        (api, r) -> {
          api.blocks()
              .updateBlockDocument(
                  r.id(),
                  UUID.fromString(r.text("block_schema_id")),
                  Json.asObject(requireNonNull((Map<?, ?>) r.body().get("data"))),
                  true,
                  null);
          return null;
        });
    on(
        "POST /api/block_documents/filter",
        (api, r) ->
            BlockJson.DOCUMENT.toJson(
                api.blocks().listBlockDocuments(BlockDocumentFilter.NAMED, Page.FIRST, true)));
    on(
        "POST /api/flows/",
        (api, r) ->
            created(
                DeploymentJson.FLOW,
                api.deployments().findOrCreateFlow(r.text("name"), List.of()),
                r));
    on(
        "GET /api/flows/{id}",
        (api, r) -> DeploymentJson.FLOW.toJson(api.deployments().readFlow(r.id())));
    on(
        "POST /api/flows/filter",
        (api, r) ->
            DeploymentJson.FLOW.toJson(
                api.deployments()
                    .listFlows(
                        FilterJson.RECORDS.fromJson(r.request()), FlowSort.NAME_ASC, Page.FIRST)));
    on(
        "POST /api/deployments/",
        (api, r) -> {
          Applied applied =
              api.deployments().applyDeployment(DeploymentJson.SPEC.fromJson(r.request()));
          assertThat(applied.created()).isEqualTo(r.status() == 201);
          return DeploymentJson.DEPLOYMENT.toJson(applied.deployment());
        });
    on(
        "GET /api/deployments/name/{x}/{x}",
        (api, r) ->
            json(
                DeploymentJson.DEPLOYMENT, api.deployments().findDeployment(r.part(1), r.part(0))));
    on(
        "GET /api/deployments/{id}",
        (api, r) -> DeploymentJson.DEPLOYMENT.toJson(api.deployments().readDeployment(r.id())));
    on(
        "PATCH /api/deployments/{id}",
        (api, r) -> {
          api.deployments().updateDeployment(r.id(), DeploymentJson.UPDATE.fromJson(r.request()));
          return null;
        });
    on(
        "DELETE /api/deployments/{id}",
        (api, r) -> {
          api.deployments().deleteDeployment(r.id());
          return null;
        });
    on(
        "POST /api/deployments/filter",
        (api, r) ->
            DeploymentJson.DEPLOYMENT.toJson(
                api.deployments()
                    .listDeployments(RecordFilter.ALL, DeploymentSort.NAME_ASC, Page.FIRST)));
    on(
        "POST /api/deployments/{id}/create_flow_run",
        (api, r) ->
            created(
                FlowRunJson.RUN,
                api.flowRuns()
                    .findOrCreateFlowRun(r.parentId(), FlowRunJson.NEW_RUN.fromJson(r.request())),
                r));
    on(
        "GET /api/flow_runs/{id}",
        (api, r) -> FlowRunJson.RUN.toJson(api.flowRuns().readFlowRun(r.id())));
    on(
        "PATCH /api/flow_runs/{id}",
        (api, r) -> {
          api.flowRuns().updateFlowRun(r.id(), FlowRunJson.UPDATE.fromJson(r.request()));
          return null;
        });
    on(
        "DELETE /api/flow_runs/{id}",
        (api, r) -> {
          api.flowRuns().deleteFlowRun(r.id());
          return null;
        });
    on(
        "POST /api/flow_runs/filter",
        (api, r) ->
            FlowRunJson.RUN.toJson(
                api.flowRuns()
                    .listFlowRuns(
                        RecordFilter.ALL, FlowRunSort.valueOf(r.text("sort")), Page.first(15))));
    on(
        "POST /api/flow_runs/{id}/set_state",
        (api, r) -> {
          StateTransition answer =
              api.flowRuns()
                  .setFlowRunState(
                      r.parentId(), StateJson.NEW_STATE.fromJson(r.body().get("state")), false);
          assertThat(answer.isRecorded()).isEqualTo(r.status() == 201);
          return StateJson.TRANSITION.toJson(answer);
        });
    on(
        "POST /api/task_runs/",
        (api, r) ->
            created(
                TaskRunJson.RUN,
                api.taskRuns().findOrCreateTaskRun(TaskRunJson.NEW_RUN.fromJson(r.request())),
                r));
    on(
        "GET /api/task_runs/{id}",
        (api, r) -> TaskRunJson.RUN.toJson(api.taskRuns().readTaskRun(r.id())));
    on(
        "POST /api/task_runs/{id}/set_state",
        (api, r) ->
            StateJson.TRANSITION.toJson(
                api.taskRuns()
                    .setTaskRunState(
                        r.parentId(), StateJson.NEW_STATE.fromJson(r.body().get("state")), false)));
    on(
        "POST /api/logs/",
        (api, r) -> {
          api.flowRuns().createLogs(FlowRunJson.NEW_LOG_LINE.listFromJson(r.request()));
          return null;
        });
    on(
        "POST /api/logs/filter",
        (api, r) ->
            FlowRunJson.LOG_LINE.toJson(
                api.flowRuns()
                    .listLogs(
                        FilterJson.LOGS.fromJson(r.body().get("logs")),
                        LogSort.TIMESTAMP_ASC,
                        Page.FIRST)));
    on(
        "POST /api/artifacts/",
        (api, r) ->
            ArtifactJson.ARTIFACT.toJson(
                api.artifacts().createArtifact(ArtifactJson.NEW_ARTIFACT.fromJson(r.request()))));
    on(
        "POST /api/artifacts/latest/filter",
        (api, r) ->
            ArtifactJson.ARTIFACT.toJson(
                api.artifacts()
                    .listArtifacts(
                        ArtifactFilter.ALL,
                        RecordFilter.ALL,
                        true,
                        ArtifactSort.KEY_ASC,
                        Page.first(100))));
    on(
        "GET /api/variables/name/{x}",
        (api, r) -> json(VariableJson.VARIABLE, api.variables().findVariable(r.part(0))));
    on(
        "POST /api/variables/filter",
        (api, r) ->
            VariableJson.VARIABLE.toJson(
                api.variables()
                    .listVariables(VariableFilter.ALL, VariableSort.NAME_ASC, Page.first(100))));
    on(
        "POST /api/work_pools/",
        (api, r) ->
            WorkQueueJson.POOL.toJson(
                api.workPools().createWorkPool(WorkQueueJson.NEW_POOL.fromJson(r.request()))));
    on(
        "GET /api/work_pools/{x}",
        (api, r) -> json(WorkQueueJson.POOL, api.workPools().findWorkPool(r.part(0))));
    on(
        "PATCH /api/work_pools/{x}",
        (api, r) -> {
          api.workPools()
              .updateWorkPool(r.part(0), WorkQueueJson.POOL_UPDATE.fromJson(r.request()));
          return null;
        });
    on(
        "DELETE /api/work_pools/{x}",
        (api, r) -> {
          api.workPools().deleteWorkPool(r.part(0));
          return null;
        });
    on(
        "POST /api/work_pools/filter",
        (api, r) ->
            WorkQueueJson.POOL.toJson(
                api.workPools()
                    .listWorkPools(
                        FilterJson.WORK_POOLS.fromJson(r.body().get("work_pools")), Page.FIRST)));
    on(
        "POST /api/work_pools/{x}/get_scheduled_flow_runs",
        (api, r) ->
            FlowRunJson.RUN.toJson(
                api.workPools()
                    .readRunsOfWorkPool(
                        r.part(1), Set.of(), null, time(r.text("scheduled_before")), 10)));
    on(
        "POST /api/work_queues/",
        (api, r) ->
            WorkQueueJson.QUEUE.toJson(
                api.workQueues().createWorkQueue(r.text("name"), r.text("description"), null)));
    on(
        "GET /api/work_queues/name/{x}",
        (api, r) -> json(WorkQueueJson.QUEUE, api.workQueues().findWorkQueue(r.part(0))));
    on(
        "GET /api/work_queues/{id}",
        (api, r) -> WorkQueueJson.QUEUE.toJson(api.workQueues().readWorkQueue(r.id())));
    on(
        "PATCH /api/work_queues/{id}",
        (api, r) -> {
          api.workQueues()
              .updateWorkQueue(r.id(), WorkQueueJson.QUEUE_UPDATE.fromJson(r.request()));
          return null;
        });
    on(
        "DELETE /api/work_queues/{id}",
        (api, r) -> {
          api.workQueues().deleteWorkQueue(r.id());
          return null;
        });
    on(
        "POST /api/work_queues/filter",
        (api, r) ->
            WorkQueueJson.QUEUE.toJson(
                api.workQueues()
                    .listWorkQueues(
                        FilterJson.WORK_QUEUES.fromJson(r.body().get("work_queues")), Page.FIRST)));
    on(
        "POST /api/work_queues/{id}/get_runs",
        (api, r) ->
            FlowRunJson.RUN.toJson(
                api.workQueues()
                    .readRunsOfWorkQueue(r.parentId(), 10, time(r.text("scheduled_before")))));
  }

  private static Instant time(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  private static BlockTypeRecord.Texts texts(Recorded recorded) {
    Map<String, @Nullable Object> body = recorded.body();
    return new BlockTypeRecord.Texts(
        recorded.text("name"),
        (String) body.get("logo_url"),
        (String) body.get("documentation_url"),
        (String) body.get("description"),
        (String) body.get("code_example"));
  }

  private static List<Recorded> recorded() {
    return ScriptedServer.resource("recorded.jsonl")
        .lines()
        .map(line -> Recorded.of(Json.parseObject(line, "The recording")))
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> whatPrefectsClientSaysIsSaidAndWhatItsServerAnswersIsUnderstood() {
    return recorded().stream()
        // deletion looks for users first here, see below
        .filter(each -> !each.operation().startsWith("DELETE /api/block_documents"))
        .map(each -> DynamicTest.dynamicTest(each.operation(), () -> replay(each)));
  }

  private static void replay(Recorded recorded) throws IOException {
    Operation operation = OPERATIONS.get(recorded.operation().replaceFirst(" \\d+$", ""));
    assertThat(operation).as("an operation for " + recorded.operation()).isNotNull();
    try (ScriptedServer server = new ScriptedServer();
        OrchestrationApi api = server.connect(null)) {
      server.answering((exchange, asked) -> answer(exchange, asked, recorded));
      if (recorded.status() == 409) {
        assertThatThrownBy(() -> operation.call(api, recorded))
            .isInstanceOfSatisfying(
                SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.ALREADY_EXISTS))
            .hasMessageContaining("Block already exists");
      } else {
        Object result = operation.call(api, recorded);
        assertAgree("answer", result, recorded.status() == 404 ? null : recorded.answer());
      }
      ScriptedServer.Asked sent =
          server.calls().stream()
              .filter(asked -> isOf(asked, recorded))
              .reduce((first, last) -> last)
              .orElseThrow(() -> new AssertionError("asked was " + server.calls()));
      assertThat(sent.header("X-PREFECT-API-VERSION")).isEqualTo("0.8.4");
      assertThat(sent.header("Authorization")).isNull();
      assertAgree("request", recorded.request(), sent.body());
    }
  }

  private static boolean isOf(ScriptedServer.Asked asked, Recorded recorded) {
    return asked.method().equals(recorded.method())
        && URLDecoder.decode(asked.path(), StandardCharsets.UTF_8)
            .equals(URLDecoder.decode(recorded.path(), StandardCharsets.UTF_8));
  }

  /** Names that the reference doesn't send with records are asked for. */
  private static void answer(HttpExchange exchange, ScriptedServer.Asked asked, Recorded recorded)
      throws IOException {
    if (isOf(asked, recorded)) {
      ScriptedServer.answer(
          exchange,
          recorded.status(),
          recorded.status() == 204 ? "" : Json.write(recorded.answer()));
    } else if (asked.path().startsWith("/api/block_schemas/")) {
      ScriptedServer.answer(exchange, 200, schemaOf(recorded));
    } else {
      assertThat(asked.path()).matches("/api/(flows|work_pools)/filter");
      List<Object> named = new ArrayList<>();
      Map<?, ?> filter =
          (Map<?, ?>)
              Json.asObject(requireNonNull((Map<?, ?>) asked.body())).values().iterator().next();
      Map<?, ?> ids = requireNonNull((Map<?, ?>) requireNonNull(filter).get("id"));
      for (Object id : requireNonNull((List<?>) ids.get("any_"))) {
        named.add(Json.object("id", id, "name", "name of " + id));
      }
      ScriptedServer.answer(exchange, 200, Json.write(named));
    }
  }

  private static String schemaOf(Recorded document) {
    String time = "2023-07-20T00:00:00+00:00";
    return Json.write(
        Json.object(
            "id",
            document.text("block_schema_id"),
            "created",
            time,
            "updated",
            time,
            "checksum",
            "sha256:0",
            "version",
            "2.10.13",
            "block_type",
            Json.object(
                "id",
                document.text("block_type_id"),
                "slug",
                "x",
                "name",
                "X",
                "created",
                time,
                "updated",
                time)));
  }

  /** What changes with the time, and the policy, of which the reference keeps both its forms. */
  private static final Set<String> DIFFERENT =
      Set.of(
          "estimated_run_time",
          "estimated_start_time_delta",
          "empirical_policy",
          "flow_name",
          "work_pool_name",
          "is_recorded",
          "limit",
          "sort");

  /** What the reference takes for false if it is absent. */
  private static final Set<String> FALSE_IF_ABSENT =
      Set.of("untrackable_result", "pause_reschedule");

  /** What the first has is in the second, and nothing is the same as empty. */
  private static void assertAgree(String place, @Nullable Object some, @Nullable Object all) {
    if (some instanceof Map<?, ?> map && all instanceof Map<?, ?> other) {
      map.forEach(
          (key, value) -> {
            boolean isAbsent = FALSE_IF_ABSENT.contains(key) && !other.containsKey(key);
            if (isAbsent) {
              assertThat(value).as(place + "." + key).isEqualTo(false);
            } else if (!DIFFERENT.contains(key)) {
              assertAgree(place + "." + key, value, other.get(key));
            }
          });
    } else if (place.endsWith("_")
        && some instanceof List<?> list
        && all instanceof List<?> other) {
      // a set, which clients of the reference may fill twice
      assertThat(new HashSet<>(list)).as(place).isEqualTo(new HashSet<>(other));
    } else if (some instanceof List<?> list && all instanceof List<?> other) {
      assertThat(list).as(place).hasSameSizeAs(other);
      for (int i = 0; i < list.size(); i++) {
        assertAgree(place + "[" + i + "]", list.get(i), other.get(i));
      }
    } else if (!isNothing(some)) {
      assertThat(all).as(place).isEqualTo(some);
    } else if (all instanceof Collection<?> values) {
      assertThat(values).as(place).isEmpty();
    }
  }

  private static boolean isNothing(@Nullable Object value) {
    return value == null
        || value instanceof Map<?, ?> map && map.isEmpty()
        || value instanceof Collection<?> list && list.isEmpty();
  }

  @Test
  void eachOperationThatWasRecordedIsReplayed() {
    assertThat(recorded()).hasSizeGreaterThan(55);
  }

  /** Its server would delete the deployments that use a document with it. */
  @Test
  void aDocumentOnPrefectsServerIsDeletedOnlyIfNothingUsesIt() throws IOException {
    Recorded document =
        recorded().stream()
            .filter(each -> each.operation().equals("GET /api/block_documents/{id} 200"))
            .findFirst()
            .orElseThrow();
    String deployments =
        recorded().stream()
            .filter(each -> each.operation().equals("POST /api/deployments/filter 200"))
            .map(each -> Json.write(each.answer()))
            .findFirst()
            .orElseThrow();
    try (ScriptedServer server = new ScriptedServer();
        OrchestrationApi api = server.connect(null)) {
      boolean[] isUsed = {true};
      server.answering(
          (exchange, asked) -> {
            if (asked.method().equals("DELETE")) {
              ScriptedServer.answer(exchange, 204, "");
            } else if (asked.method().equals("GET")) {
              ScriptedServer.answer(exchange, 200, Json.write(document.answer()));
            } else if (asked.path().endsWith("/deployments/filter") && isUsed[0]) {
              String id = document.id().toString();
              ScriptedServer.answer(
                  exchange,
                  200,
                  deployments.replaceFirst(
                      "\"storage_document_id\":\"[^\"]*\"",
                      "\"storage_document_id\":\"" + id + "\""));
            } else {
              ScriptedServer.answer(exchange, 200, "[]");
            }
          });
      UUID id = document.id();

      assertThatThrownBy(() -> api.blocks().deleteBlockDocument(id, true))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT))
          .hasMessageContaining("deployment ");
      isUsed[0] = false;
      api.blocks().deleteBlockDocument(id, false);

      assertThat(server.calls())
          .last()
          .extracting(ScriptedServer.Asked::method)
          .isEqualTo("DELETE");
      BlockDocumentRecord read = api.blocks().readBlockDocument(id, true);
      assertThat(read.id()).isEqualTo(id);
    }
  }
}
