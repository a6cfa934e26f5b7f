package dev.sheave.api.http;

import static dev.sheave.api.http.Call.encoded;
import static dev.sheave.api.http.Call.named;

import dev.sheave.api.ConcurrencyLimitApi;
import dev.sheave.api.ConcurrencyLimitRecord;
import dev.sheave.api.Created;
import dev.sheave.api.Page;
import dev.sheave.api.internal.TaskRunJson;
import dev.sheave.internal.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Concurrency limits of a server. */
final class HttpConcurrencyLimitApi implements ConcurrencyLimitApi {
  private static final String PATH = "/concurrency_limits/";

  private final ServerConnection server;
  private final ServerFeatures features;

  HttpConcurrencyLimitApi(ServerConnection server, ServerFeatures features) {
    this.server = server;
    this.features = features;
  }

  private static String what(UUID id) {
    return named("concurrency limit", id);
  }

  @Override
  public Created<ConcurrencyLimitRecord> setConcurrencyLimit(String tag, int limit) {
    Answer answer =
        server.send(
            Call.create(PATH, Json.object("tag", tag, "concurrency_limit", limit))
                .repeatable(true));
    return new Created<>(answer.record(TaskRunJson.CONCURRENCY_LIMIT), answer.isNew());
  }

  @Override
  public ConcurrencyLimitRecord readConcurrencyLimit(UUID id) {
    return server.send(Call.get(PATH + id, what(id))).record(TaskRunJson.CONCURRENCY_LIMIT);
  }

  @Override
  public Optional<ConcurrencyLimitRecord> findConcurrencyLimit(String tag) {
    return server
        .find(Call.get(PATH + "tag/" + encoded(tag), named("concurrency limit", tag)))
        .map(answer -> answer.record(TaskRunJson.CONCURRENCY_LIMIT));
  }

  @Override
  public List<ConcurrencyLimitRecord> listConcurrencyLimits(Page page) {
    return server
        .send(Call.query(PATH + "filter", features.page(page)))
        .records(TaskRunJson.CONCURRENCY_LIMIT);
  }

  @Override
  public void deleteConcurrencyLimit(UUID id) {
    server.send(Call.delete(PATH + id, what(id)));
  }

  @Override
  public void resetConcurrencyLimit(UUID id, @Nullable List<UUID> slots) {
    String tag = readConcurrencyLimit(id).tag();
    Map<String, Object> body =
        slots == null
            ? Json.object()
            : Json.object("slot_override", slots.stream().map(UUID::toString).toList());
    server.send(
        Call.query(PATH + "tag/" + encoded(tag) + "/reset", body)
            .about("A task run that is to hold a slot of '" + tag + "'"));
  }
}
