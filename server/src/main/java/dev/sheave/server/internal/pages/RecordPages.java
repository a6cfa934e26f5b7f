package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ArtifactApi.ArtifactSort;
import dev.sheave.api.ArtifactFilter;
import dev.sheave.api.ArtifactRecord;
import dev.sheave.api.ConcurrencyLimitRecord;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.VariableApi.VariableSort;
import dev.sheave.api.VariableApi.VariableUpdate;
import dev.sheave.api.VariableFilter;
import dev.sheave.api.VariableRecord;
import dev.sheave.api.internal.AllPages;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pages of variables, concurrency limits and artifacts. */
final class RecordPages {
  private static final String VARIABLES = "/variables";
  private static final String LIMITS = "/limits";
  private static final String ARTIFACTS = "/artifacts";
  private static final int ROWS = 50;

  private final Sheave sheave;
  private final Views views;

  private RecordPages(Sheave sheave, Views views) {
    this.sheave = sheave;
    this.views = views;
  }

  static void add(PageRoutes routes, Sheave sheave, Views views) {
    RecordPages pages = new RecordPages(sheave, views);
    routes
        .get("/variables", pages::variables)
        .post("/variables", pages::createVariable)
        .get("/variables/{id}", pages::variable)
        .post("/variables/{id}", pages::changeVariable)
        .post("/variables/{id}/delete", pages::deleteVariable)
        .get("/limits", pages::limits)
        .post("/limits", pages::setLimit)
        .post("/limits/{id}/reset", pages::resetLimit)
        .post("/limits/{id}/delete", pages::deleteLimit)
        .get("/artifacts", pages::artifacts)
        .get("/artifacts/{id}", pages::artifact)
        .post("/artifacts/{id}/delete", pages::deleteArtifact);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[,\\s]+")).filter(word -> !word.isEmpty()).toList();
  }

  /**
   * The list of variables, and the form for a new one.
   *
   * @param variables those that match
   * @param total how many match
   * @param filters the filters of the address
   * @param page the number of the page, from 0
   * @param typed what is in the form
   * @param error what is wrong with it; empty for nothing
   */
  record Variables(
      List<VariableRecord> variables,
      int total,
      FormValues filters,
      int page,
      FormValues typed,
      String error) {
    boolean hasNext() {
      return (page + 1) * ROWS < total;
    }
  }

  private PageReply variables(PageCall call) {
    return variables(call, 200, "");
  }

  private PageReply variables(PageCall call, int status, String error) {
    String search = call.query().text("q");
    VariableFilter filter =
        search.isEmpty()
            ? VariableFilter.ALL
            : VariableFilter.builder().name(FieldMatch.like(search)).build();
    int page = call.query().page(ROWS);
    return views.page(
        call,
        status,
        "Variables",
        VARIABLES,
        "variables",
        new Variables(
            sheave
                .api()
                .variables()
                .listVariables(filter, VariableSort.NAME_ASC, new Page(ROWS, page * ROWS)),
            sheave.api().variables().countVariables(filter),
            call.query(),
            page,
            call.form(),
            error));
  }

  private PageReply createVariable(PageCall call) {
    String name = call.form().text("name");
    String value = call.form().first("value");
    try {
      sheave
          .api()
          .variables()
          .createVariable(name, value == null ? "" : value, words(call.form().text("tags")));
    } catch (SheaveException e) {
      return ofTyped(e, () -> variables(call, 422, e.getMessage()));
    }
    return PageReply.redirect(call.url(VARIABLES))
        .withNotice("The variable '" + name + "' was created.");
  }

  /** Shows the form again if what was typed is wrong. */
  private static PageReply ofTyped(SheaveException error, Supplier<PageReply> again) {
    if (error.code() == Code.INVALID || error.code() == Code.ALREADY_EXISTS) {
      return again.get();
    }
    throw error;
  }

  /** The form of a variable. */
  record VariableForm(
      VariableRecord variable, String name, String value, String tags, String error) {}

  private PageReply variable(PageCall call) {
    VariableRecord variable = sheave.api().variables().readVariable(call.id());
    return variablePage(
        call,
        200,
        new VariableForm(
            variable, variable.name(), variable.value(), String.join(", ", variable.tags()), ""));
  }

  private PageReply variablePage(PageCall call, int status, VariableForm form) {
    return views.page(call, status, form.variable().name(), VARIABLES, "variable", form);
  }

  private PageReply changeVariable(PageCall call) {
    VariableRecord variable = sheave.api().variables().readVariable(call.id());
    FormValues form = call.form();
    String typed = form.first("value");
    String value = typed == null ? "" : typed;
    try {
      sheave
          .api()
          .variables()
          .updateVariable(
              variable.id(),
              VariableUpdate.NONE
                  .withName(form.text("name"))
                  .withValue(value)
                  .withTags(words(form.text("tags"))));
    } catch (SheaveException e) {
      return ofTyped(
          e,
          () ->
              variablePage(
                  call,
                  422,
                  new VariableForm(
                      variable, form.text("name"), value, form.text("tags"), e.getMessage())));
    }
    return PageReply.redirect(call.url(VARIABLES)).withNotice("The variable was saved.");
  }

  private PageReply deleteVariable(PageCall call) {
    VariableRecord variable = sheave.api().variables().readVariable(call.id());
    sheave.api().variables().deleteVariable(variable.id());
    return PageReply.redirect(call.url(VARIABLES))
        .withNotice("The variable '" + variable.name() + "' was deleted.");
  }

  /** The list of concurrency limits, and the form for one. */
  record Limits(List<ConcurrencyLimitRecord> limits, FormValues typed, String error) {}

  private PageReply limits(PageCall call) {
    return limits(call, 200, "");
  }

  private PageReply limits(PageCall call, int status, String error) {
    return views.page(
        call,
        status,
        "Concurrency limits",
        LIMITS,
        "limits",
        new Limits(
            AllPages.read(sheave.api().concurrencyLimits()::listConcurrencyLimits),
            call.form(),
            error));
  }

  private PageReply setLimit(PageCall call) {
    String tag = call.form().text("tag");
    int limit = call.form().number("limit", -1);
    if (tag.isEmpty() || limit < 0) {
      return limits(call, 422, "Enter a tag, and how many of its task runs may run at once.");
    }
    sheave.api().concurrencyLimits().setConcurrencyLimit(tag, limit);
    return PageReply.redirect(call.url(LIMITS)).withNotice("The limit of '" + tag + "' was set.");
  }

  private PageReply resetLimit(PageCall call) {
    sheave.api().concurrencyLimits().resetConcurrencyLimit(call.id(), null);
    return PageReply.redirect(call.url(LIMITS)).withNotice("Its slots are free again.");
  }

  private PageReply deleteLimit(PageCall call) {
    sheave.api().concurrencyLimits().deleteConcurrencyLimit(call.id());
    return PageReply.redirect(call.url(LIMITS)).withNotice("The limit was deleted.");
  }

  /** The list of artifacts: {@code page} counts from 0. */
  record Artifacts(List<ArtifactRecord> artifacts, int total, FormValues filters, int page) {
    boolean hasNext() {
      return (page + 1) * ROWS < total;
    }
  }

  private PageReply artifacts(PageCall call) {
    int page = call.query().page(ROWS);
    return views.page(
        call,
        "Artifacts",
        ARTIFACTS,
        "artifacts",
        new Artifacts(
            sheave
                .api()
                .artifacts()
                .listArtifacts(
                    ArtifactFilter.ALL,
                    RecordFilter.ALL,
                    false,
                    ArtifactSort.CREATED_DESC,
                    new Page(ROWS, page * ROWS)),
            sheave.api().artifacts().countArtifacts(ArtifactFilter.ALL, RecordFilter.ALL, false),
            call.query(),
            page));
  }

  /**
   * The page of an artifact.
   *
   * @param artifact the artifact
   * @param run the name of the run it is of; empty for none
   * @param columns the columns of a table; none for other artifacts
   * @param rows its rows
   * @param html what a text in Markdown is as HTML; empty for other artifacts
   * @param text what others are, as text
   */
  record Artifact(
      ArtifactRecord artifact,
      String run,
      List<String> columns,
      List<List<String>> rows,
      String html,
      String text) {
    String name() {
      return artifact.key() == null ? "Artifact" : artifact.key();
    }
  }

  private PageReply artifact(PageCall call) {
    ArtifactRecord artifact = sheave.api().artifacts().readArtifact(call.id());
    Object data = artifact.data();
    if ("table".equals(artifact.type()) && data instanceof String text) {
      data = parsed(text);
    }
    Set<String> columns = new LinkedHashSet<>();
    List<List<String>> rows = new ArrayList<>();
    if ("table".equals(artifact.type()) && data instanceof List<?> list) {
      list.forEach(
          row ->
              columns.addAll(
                  row instanceof Map<?, ?> map ? Json.asObject(map).keySet() : Set.of()));
      for (Object row : list) {
        Map<String, @Nullable Object> cells =
            row instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
        rows.add(columns.stream().map(column -> Show.value(cells.get(column))).toList());
      }
    }
    Artifact shown =
        new Artifact(
            artifact,
            run(artifact),
            List.copyOf(columns),
            rows,
            artifact.data() instanceof String text && "markdown".equals(artifact.type())
                ? Markdown.html(text)
                : "",
            columns.isEmpty() ? Show.value(artifact.data()) : "");
    return views.page(call, shown.name(), ARTIFACTS, "artifact", shown);
  }

  private String run(ArtifactRecord artifact) {
    if (artifact.flowRunId() == null) {
      return "";
    }
    FlowRunRecord run = sheave.api().flowRuns().readFlowRun(artifact.flowRunId());
    return Show.orDash(run.flowName()) + " / " + run.name();
  }

  private static @Nullable Object parsed(String text) {
    try {
      return Json.parse(text, "The table");
    } catch (SheaveException e) {
      return text;
    }
  }

  private PageReply deleteArtifact(PageCall call) {
    sheave.api().artifacts().deleteArtifact(call.id());
    return PageReply.redirect(call.url(ARTIFACTS)).withNotice("The artifact was deleted.");
  }
}
