package dev.sheave.api.http;

import static dev.sheave.api.http.Call.encoded;
import static dev.sheave.api.http.Call.named;

import dev.sheave.api.ArtifactApi;
import dev.sheave.api.ArtifactFilter;
import dev.sheave.api.ArtifactRecord;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.NewArtifact;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.internal.ArtifactJson;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Artifacts of a server. */
final class HttpArtifactApi implements ArtifactApi {
  private static final String PATH = "/artifacts/";

  private final ServerConnection server;
  private final ServerFeatures features;

  HttpArtifactApi(ServerConnection server, ServerFeatures features) {
    this.server = server;
    this.features = features;
  }

  private static String what(UUID id) {
    return named("artifact", id);
  }

  @Override
  public ArtifactRecord createArtifact(NewArtifact artifact) {
    return server
        .send(
            Call.create(PATH, ArtifactJson.NEW_ARTIFACT.toJson(artifact))
                .about("The run of the artifact"))
        .record(ArtifactJson.ARTIFACT);
  }

  @Override
  public ArtifactRecord readArtifact(UUID id) {
    return server.send(Call.get(PATH + id, what(id))).record(ArtifactJson.ARTIFACT);
  }

  @Override
  public Optional<ArtifactRecord> findLatestArtifact(String key) {
    if (!features.isSheave()) {
      ArtifactFilter ofKey =
          ArtifactFilter.ALL.toBuilder().key(FieldMatch.anyOf(Set.of(key))).build();
      return listArtifacts(ofKey, RecordFilter.ALL, true, ArtifactSort.ID_DESC, Page.first(1))
          .stream()
          .findFirst();
    }
    return server
        .find(Call.get(PATH + encoded(key) + "/latest", named("artifact", key)))
        .map(answer -> answer.record(ArtifactJson.ARTIFACT));
  }

  @Override
  public List<ArtifactRecord> listArtifacts(
      ArtifactFilter filter,
      RecordFilter records,
      boolean onlyLatest,
      ArtifactSort sort,
      Page page) {
    Map<String, @Nullable Object> body = features.page(sort, page);
    body.putAll(matching(filter, records));
    Answer answer = server.send(Call.query(PATH + (onlyLatest ? "latest/filter" : "filter"), body));
    return (onlyLatest ? withLatestIds(answer) : answer).records(ArtifactJson.ARTIFACT);
  }

  /** The reference gives its record of a key an id of its own. */
  private static Answer withLatestIds(Answer answer) {
    List<@Nullable Object> latest = new ArrayList<>();
    for (Object each : answer.list()) {
      if (each instanceof Map<?, ?> map && map.get("latest_id") instanceof String id) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(Json.asObject(map));
        json.put("id", id);
        latest.add(json);
      } else {
        latest.add(each);
      }
    }
    return new Answer(answer.server(), answer.status(), latest);
  }

  private Map<String, @Nullable Object> matching(ArtifactFilter filter, RecordFilter records) {
    Map<String, @Nullable Object> body = HttpFlowRunApi.filter(features, records);
    Map<String, @Nullable Object> artifacts = ArtifactJson.ARTIFACTS.toJson(filter);
    if (artifacts.get("key") instanceof Map<?, ?> key
        && key.get("is_null_") instanceof Boolean isNull) {
      // which has another name for keys of artifacts
      Map<String, @Nullable Object> renamed = new LinkedHashMap<>(Json.asObject(key));
      renamed.remove("is_null_");
      renamed.put("exists_", !isNull);
      artifacts.put("key", renamed);
    }
    body.put("artifacts", artifacts);
    return body;
  }

  @Override
  public int countArtifacts(ArtifactFilter filter, RecordFilter records, boolean onlyLatest) {
    return server
        .send(Call.query(PATH + (onlyLatest ? "latest/count" : "count"), matching(filter, records)))
        .number();
  }

  @Override
  public void updateArtifact(UUID id, ArtifactUpdate update) {
    server.send(Call.patch(PATH + id, ArtifactJson.ARTIFACT_UPDATE.toJson(update), what(id)));
  }

  @Override
  public void deleteArtifact(UUID id) {
    server.send(Call.delete(PATH + id, what(id)));
  }
}
