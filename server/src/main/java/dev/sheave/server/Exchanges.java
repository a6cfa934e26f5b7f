package dev.sheave.server;

import static dev.sheave.server.Exchange.gives;
import static dev.sheave.server.Exchange.nothing;
import static dev.sheave.server.Exchange.takes;

import dev.sheave.api.ArtifactApi.ArtifactSort;
import dev.sheave.api.DeploymentApi.DeploymentSort;
import dev.sheave.api.DeploymentApi.FlowSort;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.Page;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.TaskRunApi.TaskRunSort;
import dev.sheave.api.VariableApi.VariableSort;
import dev.sheave.api.internal.AdministrationJson;
import dev.sheave.api.internal.AgentJson;
import dev.sheave.api.internal.ArtifactJson;
import dev.sheave.api.internal.BlockJson;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.api.internal.NotificationJson;
import dev.sheave.api.internal.SavedSearchJson;
import dev.sheave.api.internal.StateJson;
import dev.sheave.api.internal.TaskRunJson;
import dev.sheave.api.internal.VariableJson;
import dev.sheave.api.internal.WorkQueueJson;
import java.util.HashMap;
import java.util.Map;

/**
 * What each route takes and answers: the records by their codecs, which read and write them, and
 * the few fields that belong to no record.
 */
final class Exchanges {
  private static final Schema TEXTS = Schema.listOf(Schema.TEXT);
  private static final Schema IDS = Schema.listOf(Schema.ID);

  private static final Schema BLOCK_TYPE = Schema.written("BlockType", BlockJson.TYPE);
  private static final Schema BLOCK_SCHEMA = Schema.written("BlockSchema", BlockJson.SCHEMA);
  private static final Schema DOCUMENT = Schema.written("BlockDocument", BlockJson.DOCUMENT);
  private static final Schema FLOW = Schema.written("Flow", DeploymentJson.FLOW);
  private static final Schema SCHEDULE = Schema.read("Schedule", DeploymentJson.SCHEDULE);
  private static final Schema DEPLOYMENT = Schema.written("Deployment", DeploymentJson.DEPLOYMENT);
  private static final Schema FLOW_RUN = Schema.written("FlowRun", FlowRunJson.RUN);
  private static final Schema NEW_FLOW_RUN = Schema.read("NewFlowRun", FlowRunJson.NEW_RUN);
  private static final Schema TASK_RUN = Schema.written("TaskRun", TaskRunJson.RUN);
  private static final Schema STATE = Schema.written("State", StateJson.STATE);
  private static final Schema NEW_STATE = Schema.read("NewState", StateJson.NEW_STATE);
  private static final Schema TRANSITION = Schema.written("StateTransition", StateJson.TRANSITION);
  private static final Schema LOG_LINE = Schema.written("LogLine", FlowRunJson.LOG_LINE);
  private static final Schema LIMIT =
      Schema.written("ConcurrencyLimit", TaskRunJson.CONCURRENCY_LIMIT);
  private static final Schema QUEUE = Schema.written("WorkQueue", WorkQueueJson.QUEUE);
  private static final Schema NEW_QUEUE = Schema.read("NewWorkQueue", WorkQueueJson.NEW_QUEUE);
  private static final Schema QUEUE_UPDATE =
      Schema.read("WorkQueueUpdate", WorkQueueJson.QUEUE_UPDATE);
  private static final Schema POOL = Schema.written("WorkPool", WorkQueueJson.POOL);
  private static final Schema VARIABLE = Schema.written("Variable", VariableJson.VARIABLE);
  private static final Schema VARIABLE_UPDATE =
      Schema.read("VariableUpdate", VariableJson.VARIABLE_UPDATE);
  private static final Schema VARIABLES = Schema.read("VariableFilter", VariableJson.VARIABLES);
  private static final Schema ARTIFACT = Schema.written("Artifact", ArtifactJson.ARTIFACT);
  private static final Schema ARTIFACTS = Schema.read("ArtifactFilter", ArtifactJson.ARTIFACTS);
  private static final Schema SEARCH = Schema.written("SavedSearch", SavedSearchJson.SEARCH);
  private static final Schema WORK_POOLS = Schema.read("WorkPoolFilter", FilterJson.WORK_POOLS);
  private static final Schema WORK_QUEUES = Schema.read("WorkQueueFilter", FilterJson.WORK_QUEUES);

  /** What a listing is asked for. */
  private static final Object[] PAGE = {
    "limit", Schema.COUNT.atMost(Page.MAX_LIMIT).or(Page.MAX_LIMIT),
    "offset", Schema.COUNT.or(0),
    "after", Schema.ID
  };

  private static final Object[] FILTERS = {
    "flows", Schema.read("FlowFilter", FilterJson.FLOWS),
    "flow_runs", Schema.read("FlowRunFilter", FilterJson.FLOW_RUNS),
    "task_runs", Schema.read("TaskRunFilter", FilterJson.TASK_RUNS),
    "deployments", Schema.read("DeploymentFilter", FilterJson.DEPLOYMENTS),
    "work_pools", WORK_POOLS,
    "work_queues", WORK_QUEUES,
    "work_pool_queues", WORK_QUEUES
  };

  private static final Schema FILTER = Schema.object(FILTERS);

  private static final Schema HISTORY =
      FILTER.with(
          "history_start!",
          Schema.TIME,
          "history_end!",
          Schema.TIME,
          "history_interval_seconds!",
          Schema.SECONDS);

  private static final Schema ANY_TEXT = Schema.object("any_", TEXTS);
  private static final Schema ANY_ID = Schema.object("any_", IDS);
  private static final Schema LIKE = Schema.object("like_", Schema.TEXT);
  private static final Schema ALL_TEXT = Schema.object("all_", TEXTS);

  private static final Schema SET_STATE =
      Schema.object("state!", NEW_STATE, "force", Schema.FLAG.or(false));

  private static final Map<String, Exchange> ALL = new HashMap<>();

  static {
    services();
    blocks();
    deployments();
    flowRuns();
    taskRuns();
    workQueues();
    records();
  }

  private Exchanges() {}

  /** What a route takes and answers; anything, if that isn't said. */
  static Exchange of(Route route) {
    return ALL.getOrDefault(name(route), Exchange.of(Schema.ANY, Schema.ANY));
  }

  /** Whether it is said of a route. */
  static boolean has(Route route) {
    return ALL.containsKey(name(route));
  }

  /** Of how many routes it is said. */
  static int count() {
    return ALL.size();
  }

  private static String name(Route route) {
    return route.method() + " " + route.path();
  }

  private static void add(String route, Exchange exchange) {
    if (ALL.put(route, exchange) != null) {
      throw new IllegalStateException("twice: " + route);
    }
  }

  private static Exchange listing(Schema filter, Schema element) {
    return Exchange.of(filter.with(PAGE), Schema.listOf(element));
  }

  private static Exchange listing(Schema filter, Class<? extends Enum<?>> sort, Schema element) {
    return listing(filter.with("sort", Schema.oneOf(sort.getEnumConstants())), element);
  }

  private static void services() {
    add("GET /health", gives(Schema.FLAG));
    add("GET /ready", gives(Schema.FLAG));
    for (String route : new String[] {"GET /hello", "GET /version", "GET /admin/version"}) {
      add(route, gives(Schema.TEXT));
    }
    add("GET /metrics", nothing());
    add("GET /openapi.json", gives(Schema.OBJECT));
    add("GET /sheave/features", gives(Schema.object("features!", TEXTS)));
    add(
        "GET /admin/settings",
        gives(
            Schema.object(
                "version!", Schema.TEXT, "database!", Schema.TEXT, "home!", Schema.TEXT)));
    add("GET /collections/views/{view}", gives(Schema.OBJECT));
    add("GET /sheave/logos/{slug}", nothing());
    add("POST /block_types/install_system_block_types", nothing());
    for (String step : new String[] {"create", "clear", "drop"}) {
      add("POST /admin/database/" + step, nothing());
    }
    administration();
    agents();
    notifications();
  }

  private static void agents() {
    add(
        "POST /sheave/sync",
        Exchange.of(
            Schema.read("AgentSync", AgentJson.SYNC), Schema.written("AgentNews", AgentJson.NEWS)));
    add(
        "POST /sheave/agents/adopt",
        Exchange.of(
            Schema.object(
                "flow_run_id!",
                Schema.ID,
                "epoch!",
                Schema.COUNT,
                "owner!",
                Schema.TEXT,
                "lease!",
                Schema.SECONDS),
            Schema.object("flow_run!", Schema.ANY)));
    add("POST /sheave/agents/leave", takes(Schema.object("id!", Schema.TEXT)));
    add(
        "POST /sheave/agents/filter",
        listing(Schema.object(), Schema.written("Agent", AgentJson.AGENT)));
    add(
        "POST /flow_runs/{id}/report_alive",
        Exchange.of(
            Schema.object("attempt", Schema.COUNT), Schema.object("is_current!", Schema.FLAG)));
    for (String record : new String[] {"flow_runs", "work_queues"}) {
      add("GET /" + record + "/{id}/wait_reason", gives(Schema.object("reason!", Schema.ANY)));
    }
    add("POST /work_pools/{pool}/workers/heartbeat", takes(Schema.object("name!", Schema.TEXT)));
    add(
        "POST /work_pools/{pool}/workers/filter",
        listing(
            Schema.object("workers", Schema.OBJECT),
            Schema.written("Worker", WorkQueueJson.WORKER)));
    add("POST /deployments/{id}/schedule", takes(Schema.read("Period", DeploymentJson.PERIOD)));
  }

  private static void notifications() {
    Schema policy = Schema.written("NotificationPolicy", NotificationJson.POLICY);
    String path = "/flow_run_notification_policies/";
    add(
        "POST " + path,
        Exchange.of(Schema.read("NewNotificationPolicy", NotificationJson.NEW_POLICY), policy));
    add(
        "POST " + path + "filter",
        listing(Schema.object("flow_run_notification_policy_filter", Schema.OBJECT), policy));
    add("GET " + path + "{id}", gives(policy));
    add(
        "PATCH " + path + "{id}",
        takes(Schema.read("NotificationPolicyUpdate", NotificationJson.POLICY_UPDATE)));
    add("DELETE " + path + "{id}", nothing());
  }

  private static void administration() {
    Schema key = Schema.written("ApiKey", AdministrationJson.KEY);
    Schema issued = key.with("key!", Schema.TEXT);
    add(
        "POST /sheave/audit/filter",
        listing(Schema.object(), Schema.written("Change", AdministrationJson.CHANGE)));
    add("GET /sheave/api_keys/", gives(Schema.listOf(key)));
    add(
        "POST /sheave/api_keys/",
        Exchange.of(Schema.read("NewApiKey", AdministrationJson.NEW_KEY), issued));
    add("DELETE /sheave/api_keys/{name}", nothing());
    add(
        "POST /sheave/api_keys/{name}/roll",
        Exchange.of(Schema.object("overlap!", Schema.SECONDS), issued));
    add(
        "POST /sheave/prune",
        Exchange.of(
            Schema.read("PruneRule", AdministrationJson.PRUNE_RULE),
            Schema.written("Pruned", AdministrationJson.PRUNED)));
  }

  private static void blocks() {
    Schema texts =
        Schema.object(
            "logo_url",
            Schema.TEXT,
            "documentation_url",
            Schema.TEXT,
            "description",
            Schema.TEXT,
            "code_example",
            Schema.TEXT);
    add(
        "POST /block_types/",
        Exchange.of(texts.with("name!", Schema.TEXT, "slug!", Schema.TEXT), BLOCK_TYPE));
    add("GET /block_types/{id}", gives(BLOCK_TYPE));
    add("PATCH /block_types/{id}", takes(texts));
    add("DELETE /block_types/{id}", nothing());
    add(
        "POST /block_types/filter",
        listing(
            Schema.object(
                "block_types",
                Schema.object("slug", ANY_TEXT, "name", LIKE),
                "block_schemas",
                Schema.object("block_capabilities", ALL_TEXT)),
            BLOCK_TYPE));
    add("GET /block_types/slug/{slug}", gives(BLOCK_TYPE));
    add(
        "POST /block_schemas/",
        Exchange.of(
            Schema.object(
                "block_type_id!",
                Schema.ID,
                "fields",
                Schema.OBJECT,
                "capabilities",
                TEXTS,
                "version",
                Schema.TEXT),
            BLOCK_SCHEMA));
    add(
        "POST /block_schemas/filter",
        listing(
            Schema.object(
                "block_schemas",
                Schema.object(
                    "id",
                    ANY_ID,
                    "block_type_id",
                    ANY_ID,
                    "version",
                    ANY_TEXT,
                    "block_capabilities",
                    ALL_TEXT)),
            BLOCK_SCHEMA));
    add("GET /block_schemas/{id}", gives(BLOCK_SCHEMA));
    add("DELETE /block_schemas/{id}", nothing());
    add(
        "GET /block_schemas/checksum/{checksum}",
        gives(BLOCK_SCHEMA).asking("version", Schema.TEXT));
    add("GET /block_capabilities/", gives(TEXTS));
    documents();
  }

  private static void documents() {
    add(
        "POST /block_documents/",
        Exchange.of(
            Schema.object(
                "block_schema_id!",
                Schema.ID,
                "name",
                Schema.TEXT,
                "data",
                Schema.OBJECT,
                "is_anonymous",
                Schema.FLAG.or(false)),
            DOCUMENT));
    add(
        "POST /block_documents/filter",
        listing(
            Schema.object(
                "block_documents",
                Schema.object(
                    "id",
                    ANY_ID,
                    "block_type_id",
                    ANY_ID,
                    "is_anonymous",
                    Schema.object("eq_", Schema.FLAG)),
                "block_types",
                Schema.object("slug", ANY_TEXT, "name", LIKE),
                "block_schemas",
                Schema.object("block_capabilities", ALL_TEXT, "block_type_id", ANY_ID),
                "include_secrets",
                Schema.FLAG.or(false)),
            DOCUMENT));
    add("GET /block_documents/{id}", gives(DOCUMENT).asking("include_secrets", Schema.FLAG));
    add(
        "PATCH /block_documents/{id}",
        takes(
            Schema.object(
                "block_schema_id",
                Schema.ID,
                "data",
                Schema.OBJECT,
                "merge_existing_data",
                Schema.FLAG.or(true),
                "expected_updated",
                Schema.TIME)));
    add("DELETE /block_documents/{id}", nothing().asking("detach", Schema.FLAG));
    add("GET /block_documents/{id}/users", gives(TEXTS));
    add(
        "GET /block_types/slug/{slug}/block_documents",
        gives(Schema.listOf(DOCUMENT)).asking("include_secrets", Schema.FLAG));
    add(
        "GET /block_types/slug/{slug}/block_documents/name/{name}",
        gives(DOCUMENT).asking("include_secrets", Schema.FLAG));
  }

  private static void deployments() {
    add("POST /flows/", Exchange.of(Schema.object("name!", Schema.TEXT, "tags", TEXTS), FLOW));
    add("POST /flows/filter", listing(FILTER, FlowSort.class, FLOW));
    add("POST /flows/count", Exchange.of(FILTER, Schema.COUNT));
    add("GET /flows/{id}", gives(FLOW));
    add("GET /flows/name/{name}", gives(FLOW));
    add("PATCH /flows/{id}", takes(Schema.object("tags", TEXTS)));
    add("DELETE /flows/{id}", nothing());
    add(
        "POST /deployments/",
        Exchange.of(Schema.read("DeploymentSpec", DeploymentJson.SPEC), DEPLOYMENT));
    add(
        "POST /sheave/schedule_times",
        Exchange.of(
            Schema.object(
                "schedule!",
                SCHEDULE,
                "after!",
                Schema.TIME,
                "limit",
                Schema.COUNT.atMost(Page.MAX_LIMIT)),
            Schema.listOf(Schema.TIME)));
    add("POST /deployments/filter", listing(FILTER, DeploymentSort.class, DEPLOYMENT));
    add("POST /deployments/count", Exchange.of(FILTER, Schema.COUNT));
    add("GET /deployments/{id}", gives(DEPLOYMENT));
    add("GET /deployments/name/{flow}/{deployment}", gives(DEPLOYMENT));
    add("PATCH /deployments/{id}", takes(Schema.read("DeploymentUpdate", DeploymentJson.UPDATE)));
    add("DELETE /deployments/{id}", nothing());
    add("POST /deployments/{id}/set_schedule_active", gives(Schema.NULL));
    add("POST /deployments/{id}/set_schedule_inactive", gives(Schema.NULL));
    add("GET /deployments/{id}/work_queue_check", gives(Schema.listOf(QUEUE)));
  }

  private static void flowRuns() {
    add("POST /deployments/{id}/create_flow_run", Exchange.of(NEW_FLOW_RUN, FLOW_RUN));
    add(
        "POST /flow_runs/",
        Exchange.of(NEW_FLOW_RUN.with("flow_id", Schema.ID, "deployment_id", Schema.ID), FLOW_RUN));
    add("GET /flow_runs/{id}", gives(FLOW_RUN));
    add("PATCH /flow_runs/{id}", takes(Schema.read("FlowRunUpdate", FlowRunJson.UPDATE)));
    add("DELETE /flow_runs/{id}", nothing());
    add("POST /flow_runs/filter", listing(FILTER, FlowRunSort.class, FLOW_RUN));
    add("POST /flow_runs/count", Exchange.of(FILTER, Schema.COUNT));
    Schema interval = Schema.written("HistoryInterval", FilterJson.HISTORY);
    add("POST /flow_runs/history", Exchange.of(HISTORY, Schema.listOf(interval)));
    add("POST /task_runs/history", Exchange.of(HISTORY, Schema.listOf(interval)));
    add(
        "POST /ui/flow_runs/history",
        Exchange.of(
            FILTER
                .with("sort", Schema.oneOf(FlowRunSort.values()))
                .with(PAGE)
                .with("limit", Schema.COUNT.atMost(FlowRunRoutes.MAX_CHART)),
            Schema.listOf(
                Schema.object(
                    "id!",
                    Schema.ID,
                    "state_type!",
                    Schema.TEXT,
                    "timestamp!",
                    Schema.TIME,
                    "duration!",
                    Schema.SECONDS,
                    "lateness!",
                    Schema.SECONDS))));
    add("POST /flow_runs/{id}/set_state", Exchange.of(SET_STATE, TRANSITION));
    add(
        "POST /flow_runs/{id}/resume",
        gives(
            Schema.object(
                "state",
                Schema.ANY,
                "status!",
                Schema.oneOf(Status.values()),
                "details!",
                Schema.OBJECT)));
    add("POST /flow_runs/{id}/api_key", gives(Schema.object("key!", Schema.TEXT)));
    add(
        "POST /flow_runs/renew_leases",
        Exchange.of(Schema.object("owner!", Schema.TEXT, "lease!", Schema.SECONDS), Schema.COUNT));
    add("GET /flow_run_states/", gives(Schema.listOf(STATE)).asking("flow_run_id!", Schema.ID));
    add("GET /flow_run_states/{id}", gives(STATE));
    add(
        "POST /logs/",
        Exchange.of(
            Schema.listOf(Schema.read("NewLogLine", FlowRunJson.NEW_LOG_LINE)), Schema.NULL));
    add(
        "POST /logs/filter",
        listing(
            Schema.object("logs", Schema.read("LogFilter", FilterJson.LOGS)),
            LogSort.class,
            LOG_LINE));
  }

  private static void taskRuns() {
    add("POST /task_runs/", Exchange.of(Schema.read("NewTaskRun", TaskRunJson.NEW_RUN), TASK_RUN));
    add("GET /task_runs/{id}", gives(TASK_RUN));
    add("PATCH /task_runs/{id}", takes(Schema.object("name", Schema.TEXT)));
    add("DELETE /task_runs/{id}", nothing());
    add("POST /task_runs/filter", listing(FILTER, TaskRunSort.class, TASK_RUN));
    add("POST /task_runs/count", Exchange.of(FILTER, Schema.COUNT));
    add("POST /task_runs/{id}/set_state", Exchange.of(SET_STATE, TRANSITION));
    add("GET /task_run_states/", gives(Schema.listOf(STATE)).asking("task_run_id!", Schema.ID));
    add("GET /task_run_states/{id}", gives(STATE));
    add(
        "GET /flow_runs/{id}/graph",
        gives(
            Schema.listOf(
                Schema.object(
                    "id!",
                    Schema.ID,
                    "name!",
                    Schema.TEXT,
                    "upstream_dependencies!",
                    Schema.listOf(Schema.OBJECT),
                    "state!",
                    STATE))));
    add(
        "POST /concurrency_limits/",
        Exchange.of(Schema.object("tag!", Schema.TEXT, "concurrency_limit!", Schema.COUNT), LIMIT));
    add("POST /concurrency_limits/filter", listing(Schema.object(), LIMIT));
    add("GET /concurrency_limits/{id}", gives(LIMIT));
    add("GET /concurrency_limits/tag/{tag}", gives(LIMIT));
    add("DELETE /concurrency_limits/{id}", gives(Schema.NULL));
    add("DELETE /concurrency_limits/tag/{tag}", gives(Schema.NULL));
    add(
        "POST /concurrency_limits/tag/{tag}/reset",
        Exchange.of(Schema.object("slot_override", IDS), Schema.NULL));
  }

  private static void workQueues() {
    Schema queues = Schema.object("work_queues", WORK_QUEUES);
    add("POST /work_queues/", Exchange.of(NEW_QUEUE, QUEUE));
    add("POST /work_queues/filter", listing(queues, QUEUE));
    add("GET /work_queues/{id}", gives(QUEUE));
    add("GET /work_queues/name/{name}", gives(QUEUE));
    add(
        "GET /work_queues/{id}/status",
        gives(Schema.written("WorkQueueStatus", WorkQueueJson.STATUS)));
    add("PATCH /work_queues/{id}", takes(QUEUE_UPDATE));
    add("DELETE /work_queues/{id}", nothing());
    Schema limit = Schema.COUNT.atMost(Page.MAX_LIMIT);
    add(
        "POST /work_queues/{id}/get_runs",
        Exchange.of(
            Schema.object("limit", limit, "scheduled_before", Schema.TIME),
            Schema.listOf(FLOW_RUN)));
    add("POST /work_pools/", Exchange.of(Schema.read("NewWorkPool", WorkQueueJson.NEW_POOL), POOL));
    add("POST /work_pools/filter", listing(Schema.object("work_pools", WORK_POOLS), POOL));
    add("GET /work_pools/{name}", gives(POOL));
    add(
        "PATCH /work_pools/{name}",
        takes(Schema.read("WorkPoolUpdate", WorkQueueJson.POOL_UPDATE)));
    add("DELETE /work_pools/{name}", nothing());
    add(
        "POST /work_pools/{name}/get_scheduled_flow_runs",
        Exchange.of(
            Schema.object(
                "work_queue_names",
                TEXTS,
                "scheduled_before",
                Schema.TIME,
                "scheduled_after",
                Schema.TIME,
                "limit",
                limit),
            Schema.listOf(
                Schema.object(
                    "work_pool_id!",
                    Schema.ID,
                    "work_queue_id!",
                    Schema.ID,
                    "flow_run!",
                    FLOW_RUN))));
    add(
        "POST /work_pools/{name}/claim_runs",
        Exchange.of(
            Schema.read("", FlowRunJson.CLAIM).with("work_queue_names", TEXTS),
            Schema.listOf(FLOW_RUN)));
    add("POST /work_pools/{pool}/queues", Exchange.of(NEW_QUEUE, QUEUE));
    add("POST /work_pools/{pool}/queues/filter", listing(queues, QUEUE));
    add("GET /work_pools/{pool}/queues/{name}", gives(QUEUE));
    add("PATCH /work_pools/{pool}/queues/{name}", takes(QUEUE_UPDATE));
    add("DELETE /work_pools/{pool}/queues/{name}", nothing());
  }

  private static void records() {
    add(
        "POST /variables/",
        Exchange.of(
            Schema.object("name!", Schema.TEXT, "value!", Schema.TEXT, "tags", TEXTS), VARIABLE));
    Schema variables = Schema.object("variables", VARIABLES);
    add("POST /variables/filter", listing(variables, VariableSort.class, VARIABLE));
    add("POST /variables/count", Exchange.of(variables, Schema.COUNT));
    for (String place : new String[] {"/variables/{id}", "/variables/name/{name}"}) {
      add("GET " + place, gives(VARIABLE));
      add("PATCH " + place, takes(VARIABLE_UPDATE));
      add("DELETE " + place, nothing());
    }
    add(
        "PUT /saved_searches/",
        Exchange.of(
            Schema.object(
                "name!",
                Schema.TEXT,
                "filters",
                Schema.listOf(Schema.read("SavedSearchFilter", SavedSearchJson.SEARCH_FILTER))),
            SEARCH));
    add("POST /saved_searches/filter", listing(Schema.object(), SEARCH));
    add("GET /saved_searches/{id}", gives(SEARCH));
    add("DELETE /saved_searches/{id}", nothing());
    add(
        "POST /artifacts/",
        Exchange.of(Schema.read("NewArtifact", ArtifactJson.NEW_ARTIFACT), ARTIFACT));
    add("GET /artifacts/{id}", gives(ARTIFACT));
    add(
        "PATCH /artifacts/{id}",
        takes(Schema.read("ArtifactUpdate", ArtifactJson.ARTIFACT_UPDATE)));
    add("DELETE /artifacts/{id}", nothing());
    add("GET /artifacts/{key}/latest", gives(ARTIFACT));
    Schema artifacts = FILTER.with("artifacts", ARTIFACTS);
    add("POST /artifacts/filter", listing(artifacts, ArtifactSort.class, ARTIFACT));
    add("POST /artifacts/count", Exchange.of(artifacts, Schema.COUNT));
    add(
        "POST /artifacts/latest/filter",
        listing(artifacts, ArtifactSort.class, ARTIFACT.with("latest_id!", Schema.ID)));
    add("POST /artifacts/latest/count", Exchange.of(artifacts, Schema.COUNT));
  }
}
