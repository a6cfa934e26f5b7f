package dev.sheave.server;

import dev.sheave.api.ArtifactApi.ArtifactSort;
import dev.sheave.api.ArtifactFilter;
import dev.sheave.api.ArtifactRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.internal.ArtifactJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Artifacts. */
final class ArtifactRoutes {
  private final OrchestrationApi api;

  private ArtifactRoutes(OrchestrationApi api) {
    this.api = api;
  }

  static void add(Routes routes, OrchestrationApi api) {
    ArtifactRoutes artifacts = new ArtifactRoutes(api);
    routes
        .add("POST", "/artifacts/", Scope.RUN, Reply.CREATED, artifacts::create)
        .add(
            "GET",
            "/artifacts/{id}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.artifact(api.artifacts().readArtifact(call.id()))))
        .add("PATCH", "/artifacts/{id}", Scope.RUN, Reply.NO_CONTENT, artifacts::update)
        .add("DELETE", "/artifacts/{id}", Scope.RUN, Reply.NO_CONTENT, artifacts::delete)
        .add("GET", "/artifacts/{key}/latest", Scope.READ, Reply.OK, artifacts::latest)
        .add(
            "POST",
            "/artifacts/filter",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(artifacts.list(call, false).stream().map(Shapes::artifact).toList()))
        .add("POST", "/artifacts/count", Scope.READ, Reply.OK, call -> artifacts.count(call, false))
        .add(
            "POST",
            "/artifacts/latest/filter",
            Scope.READ,
            Reply.OK,
            call ->
                Reply.ok(
                    artifacts.list(call, true).stream().map(ArtifactRoutes::withLatestId).toList()))
        .add(
            "POST",
            "/artifacts/latest/count",
            Scope.READ,
            Reply.OK,
            call -> artifacts.count(call, true));
  }

  private Reply create(Call call) {
    return Reply.created(
        Shapes.artifact(api.artifacts().createArtifact(call.body(ArtifactJson.NEW_ARTIFACT))));
  }

  private Reply update(Call call) {
    api.artifacts().updateArtifact(call.id(), call.body(ArtifactJson.ARTIFACT_UPDATE));
    return Reply.NOTHING;
  }

  private Reply delete(Call call) {
    api.artifacts().deleteArtifact(call.id());
    return Reply.NOTHING;
  }

  private Reply latest(Call call) {
    return Reply.ok(
        Shapes.artifact(
            api.artifacts()
                .findLatestArtifact(call.text("key"))
                .orElseThrow(() -> new RequestException(404, "Artifact not found."))));
  }

  private static ArtifactFilter filter(Call call, boolean onlyLatest) {
    Map<String, @Nullable Object> filter = new LinkedHashMap<>(call.fields().object("artifacts"));
    if (onlyLatest && filter.containsKey("latest_id")) {
      // so the protocol calls the ids of the newest
      filter.put("id", filter.remove("latest_id"));
    }
    return new Values(Map.of("artifacts", filter))
        .record("artifacts", ArtifactJson.ARTIFACTS, ArtifactFilter.ALL);
  }

  private List<ArtifactRecord> list(Call call, boolean onlyLatest) {
    ArtifactSort sort = call.fields().constant("sort", ArtifactSort.ID_DESC);
    return call.page(
        page ->
            api.artifacts()
                .listArtifacts(filter(call, onlyLatest), call.filter(), onlyLatest, sort, page));
  }

  private Reply count(Call call, boolean onlyLatest) {
    return Reply.ok(
        api.artifacts().countArtifacts(filter(call, onlyLatest), call.filter(), onlyLatest));
  }

  /** A collection is the newest artifact of its key. */
  private static Map<String, @Nullable Object> withLatestId(ArtifactRecord artifact) {
    Map<String, @Nullable Object> json = Shapes.artifact(artifact);
    json.put("latest_id", artifact.id().toString());
    return json;
  }
}
