package dev.sheave.api.http;

import static dev.sheave.api.http.Call.encoded;
import static dev.sheave.api.http.Call.named;

import dev.sheave.api.ArtifactApi;
import dev.sheave.api.ArtifactFilter;
import dev.sheave.api.ArtifactRecord;
import dev.sheave.api.NewArtifact;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.internal.ArtifactJson;
import dev.sheave.internal.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return server
        .send(Call.query(PATH + (onlyLatest ? "latest/filter" : "filter"), body))
        .records(ArtifactJson.ARTIFACT);
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
