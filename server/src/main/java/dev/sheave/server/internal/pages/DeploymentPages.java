package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.SheaveException.Problem;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentApi.DeploymentSort;
import dev.sheave.api.DeploymentApi.FlowSort;
import dev.sheave.api.DeploymentFilter;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowFilter;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.Schedule;
import dev.sheave.api.TagMatch;
import dev.sheave.api.TimeMatch;
import dev.sheave.deployment.FlowRunHandle;
import dev.sheave.deployment.RunOptions;
import dev.sheave.internal.JsonSchema;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The pages of flows and deployments. */
final class DeploymentPages {
  private static final String SECTION = "/deployments";
  private static final String FLOWS = "/flows";
  private static final int ROWS = 50;
  private static final int LAST_RUNS = 10;

  private final Sheave sheave;
  private final DeploymentApi api;
  private final Views views;
  private final BlockTypes types;

  private DeploymentPages(Sheave sheave, Views views) {
    this.sheave = sheave;
    this.api = sheave.api().deployments();
    this.views = views;
    this.types = new BlockTypes(sheave);
  }

  static void add(PageRoutes routes, Sheave sheave, Views views) {
    DeploymentPages pages = new DeploymentPages(sheave, views);
    routes
        .get("/deployments", pages::list)
        .get("/deployments/{flow}/{name}", pages::details)
        .get("/deployments/{flow}/{name}/yaml", pages::yaml)
        .get("/deployments/{flow}/{name}/run", pages::askRun)
        .run("/deployments/{flow}/{name}/run", pages::run)
        .post("/deployments/{flow}/{name}/schedule", pages::follow)
        .get("/deployments/{flow}/{name}/delete", pages::askDelete)
        .post("/deployments/{flow}/{name}/delete", pages::delete)
        .get("/flows", pages::flows)
        .get("/flows/{name}", pages::flow)
        .get("/flows/{name}/delete", pages::askDeleteFlow)
        .post("/flows/{name}/delete", pages::deleteFlow);
  }

  static String path(DeploymentRecord deployment) {
    return "/deployments/"
        + PageCall.encoded(deployment.flowName())
        + "/"
        + PageCall.encoded(deployment.spec().name());
  }

  static String flowPath(String name) {
    return "/flows/" + PageCall.encoded(name);
  }

  /** A deployment, and its last runs, the newest first. */
  record Entry(DeploymentRecord deployment, List<FlowRunRecord> runs) {
    String path() {
      return DeploymentPages.path(deployment);
    }
  }

  /** A list of deployments: {@code total} says how many match, {@code page} counts from 0. */
  record Listed(List<Entry> entries, int total, FormValues filters, int page, boolean isEmpty) {
    boolean hasNext() {
      return (page + 1) * ROWS < total;
    }
  }

  private PageReply list(PageCall call) {
    FormValues query = call.query();
    DeploymentFilter.Builder wanted = DeploymentFilter.builder();
    if (!query.text("q").isEmpty()) {
      wanted.name(FieldMatch.like(query.text("q")));
    }
    if (!query.text("tag").isEmpty()) {
      wanted.tags(TagMatch.all(List.of(query.text("tag"))));
    }
    RecordFilter.Builder filter = RecordFilter.builder().deployments(wanted.build());
    if (!query.text("flow").isEmpty()) {
      filter.flows(FlowFilter.builder().name(FieldMatch.like(query.text("flow"))).build());
    }
    RecordFilter all = filter.build();
    int page = query.page(ROWS);
    List<Entry> entries =
        api.listDeployments(all, DeploymentSort.NAME_ASC, new Page(ROWS, page * ROWS)).stream()
            .map(deployment -> new Entry(deployment, runsOf(deployment)))
            .toList();
    int total = api.countDeployments(all);
    return views.page(
        call,
        "Deployments",
        SECTION,
        "deployments",
        new Listed(
            entries,
            total,
            query,
            page,
            total == 0 && api.countDeployments(RecordFilter.ALL) == 0));
  }

  private List<FlowRunRecord> runsOf(DeploymentRecord deployment) {
    FlowRunFilter own =
        FlowRunFilter.builder().deploymentId(FieldMatch.anyOf(Set.of(deployment.id()))).build();
    return lastRuns(RecordFilter.of(own), LAST_RUNS);
  }

  /** The runs that started last, or are due; not those that a schedule made for later. */
  private List<FlowRunRecord> lastRuns(RecordFilter filter, int limit) {
    FlowRunFilter due =
        filter.flowRuns().toBuilder().expectedStartTime(TimeMatch.before(Instant.now())).build();
    return sheave
        .api()
        .flowRuns()
        .listFlowRuns(
            filter.toBuilder().flowRuns(due).build(),
            FlowRunSort.START_TIME_DESC,
            Page.first(limit));
  }

  private DeploymentRecord deployment(PageCall call) {
    return api.findDeployment(call.text("flow"), call.text("name"))
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.NOT_FOUND,
                    "The deployment '"
                        + call.text("flow")
                        + "/"
                        + call.text("name")
                        + "' doesn't exist."));
  }

  /**
   * The page of a deployment.
   *
   * @param deployment the deployment
   * @param storage the block its code is in, if any
   * @param infrastructure the block that says where its runs execute, if any
   * @param location where its code is, as people write it; empty if that can't be told here
   * @param values the values of that block, and overrides
   * @param schedule when runs are created by themselves, if they are
   * @param parameters the parameters of its flow
   * @param runs its last runs
   */
  record Details(
      DeploymentRecord deployment,
      @Nullable BlockDocumentRecord storage,
      @Nullable BlockDocumentRecord infrastructure,
      String location,
      List<InfraValues.Value> values,
      @Nullable ScheduleView schedule,
      List<Parameter> parameters,
      List<FlowRunRecord> runs) {
    String path() {
      return DeploymentPages.path(deployment);
    }
  }

  /** A parameter: its value is the deployment's, or the flow's default. */
  record Parameter(String name, String type, boolean isRequired, String value, String from) {}

  private PageReply details(PageCall call) {
    DeploymentRecord deployment = deployment(call);
    Schedule schedule = deployment.spec().schedule();
    BlockDocumentRecord infrastructure = block(deployment.spec().infrastructureDocumentId());
    return views.page(
        call,
        deployment.fullName(),
        SECTION,
        "deployment",
        new Details(
            deployment,
            block(deployment.spec().storageDocumentId()),
            infrastructure,
            location(deployment),
            InfraValues.of(
                infrastructure, schemaOf(infrastructure), deployment.spec().infraOverrides()),
            schedule == null ? null : ScheduleView.of(deployment, schedule, api),
            parameters(deployment),
            runsOf(deployment)));
  }

  private static JsonSchema schemaOf(@Nullable BlockDocumentRecord block) {
    return JsonSchema.of(block == null ? Map.of() : block.blockSchema().fields());
  }

  /** Where the code is; its blocks may be of types that aren't installed here. */
  private String location(DeploymentRecord deployment) {
    if (deployment.spec().storageDocumentId() == null) {
      return "";
    }
    try {
      return sheave.deployments().load(deployment.fullName()).location();
    } catch (SheaveException e) {
      if (e.code() == Code.UNAVAILABLE) {
        throw e;
      }
      return "";
    }
  }

  /** A deployment as a file. */
  record YamlView(String name, String path, String text) {}

  private PageReply yaml(PageCall call) {
    DeploymentRecord deployment = deployment(call);
    return views.page(
        call,
        "YAML of " + deployment.fullName(),
        SECTION,
        "yaml",
        new YamlView(
            deployment.fullName(),
            path(deployment),
            sheave.deployments().load(deployment.fullName()).toYaml()));
  }

  /** Pauses a schedule, or goes on with it. */
  private PageReply follow(PageCall call) {
    DeploymentRecord deployment = deployment(call);
    boolean isActive = call.form().text("active").equals("true");
    api.updateDeployment(deployment.id(), DeploymentUpdate.scheduleActive(isActive));
    return PageReply.redirect(call.url(path(deployment)))
        .withNotice(isActive ? "The schedule goes on." : "The schedule is paused.");
  }

  private @Nullable BlockDocumentRecord block(@Nullable UUID id) {
    return id == null ? null : sheave.api().blocks().readBlockDocument(id, false);
  }

  private static List<Parameter> parameters(DeploymentRecord deployment) {
    JsonSchema schema = JsonSchema.of(deployment.spec().parameterSchema());
    Map<String, @Nullable Object> values = deployment.spec().parameters();
    Set<String> names = new LinkedHashSet<>(schema.propertyNames());
    names.addAll(values.keySet());
    List<Parameter> parameters = new ArrayList<>();
    for (String name : names) {
      JsonSchema field = schema.property(name);
      boolean isSet = values.containsKey(name);
      parameters.add(
          new Parameter(
              name,
              field.types().isEmpty() ? "any" : String.join(" or ", field.types()),
              schema.required().contains(name),
              Show.value(isSet ? values.get(name) : field.get("default")),
              isSet ? "deployment" : field.has("default") ? "flow" : Show.DASH));
    }
    return parameters;
  }

  /**
   * The form for a run.
   *
   * @param deployment the deployment
   * @param fields the parameters
   * @param values the other fields
   * @param summary what is wrong; empty for nothing
   * @param dueErrors what is wrong with the time
   */
  record RunForm(
      DeploymentRecord deployment,
      List<SchemaForm.Field> fields,
      FormValues values,
      String summary,
      List<String> dueErrors) {
    String path() {
      return DeploymentPages.path(deployment);
    }
  }

  private SchemaForm form(DeploymentRecord deployment, FormValues values) {
    return new SchemaForm(
        JsonSchema.of(deployment.spec().parameterSchema()),
        values,
        types::candidates,
        reference -> reference);
  }

  private PageReply askRun(PageCall call) {
    DeploymentRecord deployment = deployment(call);
    Map<String, @Nullable Object> parameters = new LinkedHashMap<>(deployment.spec().parameters());
    String from = call.query().text("from");
    if (!from.isEmpty()) {
      parameters.putAll(sheave.api().flowRuns().readFlowRun(PageCall.id(from)).parameters());
    }
    SchemaForm form = form(deployment, new FormValues());
    form.fill(parameters, Map.of());
    FormValues values = new FormValues();
    values.add("once", UUID.randomUUID().toString());
    return runPage(
        call, 200, new RunForm(deployment, form.fields(List.of()), values, "", List.of()));
  }

  private PageReply runPage(PageCall call, int status, RunForm form) {
    return views.page(
        call, status, "Run " + form.deployment().fullName(), SECTION, "runform", form);
  }

  private PageReply run(PageCall call) {
    DeploymentRecord deployment = deployment(call);
    SchemaForm form = form(deployment, call.form());
    Map<String, @Nullable Object> parameters = form.read(Map.of());
    List<Problem> problems = new ArrayList<>(form.problems());
    List<String> dueErrors = new ArrayList<>();
    String summary = "";
    try {
      RunOptions options = options(call.form(), dueErrors).withParameters(parameters);
      if (problems.isEmpty() && dueErrors.isEmpty()) {
        FlowRunHandle run = sheave.deployments().run(deployment, options);
        return PageReply.redirect(call.url("/runs/" + run.id()))
            .withNotice("The run '" + run.created().name() + "' was created.");
      }
    } catch (SheaveException e) {
      summary = BlockPages.collect(e, problems);
    }
    return runPage(
        call,
        422,
        new RunForm(
            deployment,
            form.fields(problems),
            call.form(),
            BlockPages.refusal("started", summary, problems.size() + dueErrors.size()),
            dueErrors));
  }

  private static RunOptions options(FormValues values, List<String> dueErrors) {
    RunOptions options = RunOptions.DEFAULTS;
    if (!values.text("name").isEmpty()) {
      options = options.withName(values.text("name"));
    }
    if (!values.text("once").isEmpty()) {
      options = options.withIdempotencyKey(values.text("once"));
    }
    options = options.withTags(words(values.text("tags")));
    if (!values.text("due").isEmpty()) {
      try {
        String zone = values.text("zone");
        Instant due =
            LocalDateTime.parse(values.text("due"))
                .atZone(Schedule.zoneNamed(zone.isEmpty() ? "UTC" : zone))
                .toInstant();
        options = options.withScheduledTime(due);
      } catch (DateTimeException e) {
        dueErrors.add("Enter a time such as 2026-01-31T12:00.");
      }
    }
    Map<String, Object> overrides = new LinkedHashMap<>();
    values
        .text("overrides")
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              if (equals < 1) {
                throw new SheaveException(
                    Code.INVALID,
                    "The override '"
                        + line.strip()
                        + "' must be KEY=VALUE, such as env.MODE=fast.");
              }
              overrides.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
            });
    return overrides.isEmpty() ? options : options.withInfraOverrides(overrides);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[,\\s]+")).filter(word -> !word.isEmpty()).toList();
  }

  private PageReply askDelete(PageCall call) {
    DeploymentRecord deployment = deployment(call);
    return views.page(
        call,
        "Delete " + deployment.fullName(),
        SECTION,
        "delete",
        new Deletion(
            deployment.fullName(),
            "Its runs stay, without a deployment. Its code stays in its storage.",
            List.of(),
            path(deployment)));
  }

  private PageReply delete(PageCall call) {
    DeploymentRecord deployment = deployment(call);
    api.deleteDeployment(deployment.id());
    return PageReply.redirect(call.url(SECTION))
        .withNotice("The deployment '" + deployment.fullName() + "' was deleted.");
  }

  /** A flow, how many deployments it has, and its last run. */
  record FlowEntry(FlowRecord flow, int deployments, @Nullable FlowRunRecord last) {
    String path() {
      return flowPath(flow.name());
    }
  }

  /** A list of flows: {@code total} says how many match, {@code page} counts from 0. */
  record Flows(List<FlowEntry> entries, int total, FormValues filters, int page) {
    boolean hasNext() {
      return (page + 1) * ROWS < total;
    }
  }

  private PageReply flows(PageCall call) {
    String search = call.query().text("q");
    RecordFilter filter =
        search.isEmpty()
            ? RecordFilter.ALL
            : RecordFilter.builder()
                .flows(FlowFilter.builder().name(FieldMatch.like(search)).build())
                .build();
    int page = call.query().page(ROWS);
    List<FlowEntry> entries =
        api.listFlows(filter, FlowSort.NAME_ASC, new Page(ROWS, page * ROWS)).stream()
            .map(
                flow -> {
                  RecordFilter own = RecordFilter.ALL.withFlowNames(Set.of(flow.name()));
                  return new FlowEntry(
                      flow,
                      api.countDeployments(own),
                      lastRuns(own, 1).stream().findFirst().orElse(null));
                })
            .toList();
    return views.page(
        call,
        "Flows",
        FLOWS,
        "flows",
        new Flows(entries, api.countFlows(filter), call.query(), page));
  }

  /** The page of a flow. */
  record FlowDetails(FlowRecord flow, List<Entry> deployments, List<FlowRunRecord> runs) {
    String path() {
      return flowPath(flow.name());
    }
  }

  private FlowRecord flowOf(PageCall call) {
    return api.findFlow(call.text("name"))
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.NOT_FOUND, "The flow '" + call.text("name") + "' doesn't exist."));
  }

  private PageReply flow(PageCall call) {
    FlowRecord flow = flowOf(call);
    RecordFilter own = RecordFilter.ALL.withFlowNames(Set.of(flow.name()));
    return views.page(
        call,
        flow.name(),
        FLOWS,
        "flow",
        new FlowDetails(
            flow,
            api.listDeployments(own, DeploymentSort.NAME_ASC, Page.FIRST).stream()
                .map(deployment -> new Entry(deployment, List.of()))
                .toList(),
            lastRuns(own, LAST_RUNS)));
  }

  private PageReply askDeleteFlow(PageCall call) {
    FlowRecord flow = flowOf(call);
    List<BlockPages.User> deployments =
        api
            .listDeployments(
                RecordFilter.ALL.withFlowNames(Set.of(flow.name())),
                DeploymentSort.NAME_ASC,
                Page.FIRST)
            .stream()
            .map(each -> new BlockPages.User("deployment " + each.fullName(), path(each)))
            .toList();
    return views.page(
        call,
        "Delete " + flow.name(),
        FLOWS,
        "delete",
        new Deletion(
            flow.name(),
            "The flow is deleted with all its runs and deployments.",
            deployments,
            flowPath(flow.name())));
  }

  private PageReply deleteFlow(PageCall call) {
    FlowRecord flow = flowOf(call);
    api.deleteFlow(flow.id());
    return PageReply.redirect(call.url(FLOWS))
        .withNotice("The flow '" + flow.name() + "' was deleted.");
  }
}
