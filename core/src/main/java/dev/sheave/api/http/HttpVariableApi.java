package dev.sheave.api.http;

import static dev.sheave.api.http.Call.encoded;
import static dev.sheave.api.http.Call.named;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.Page;
import dev.sheave.api.VariableApi;
import dev.sheave.api.VariableFilter;
import dev.sheave.api.VariableRecord;
import dev.sheave.api.internal.VariableJson;
import dev.sheave.internal.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Variables of a server. */
final class HttpVariableApi implements VariableApi {
  private static final String PATH = "/variables/";

  private final ServerConnection server;
  private final ServerFeatures features;

  HttpVariableApi(ServerConnection server, ServerFeatures features) {
    this.server = server;
    this.features = features;
  }

  private static String what(UUID id) {
    return named("variable", id);
  }

  @Override
  public VariableRecord createVariable(String name, String value, List<String> tags) {
    return server
        .send(
            Call.create(PATH, Json.object("name", name, "value", value, "tags", tags))
                .integrity(Code.ALREADY_EXISTS))
        .record(VariableJson.VARIABLE);
  }

  @Override
  public VariableRecord readVariable(UUID id) {
    return server.send(Call.get(PATH + id, what(id))).record(VariableJson.VARIABLE);
  }

  @Override
  public Optional<VariableRecord> findVariable(String name) {
    return server
        .find(Call.get(PATH + "name/" + encoded(name), named("variable", name)))
        .map(answer -> answer.record(VariableJson.VARIABLE));
  }

  @Override
  public List<VariableRecord> listVariables(VariableFilter filter, VariableSort sort, Page page) {
    Map<String, @Nullable Object> body = features.page(sort, page);
    body.put("variables", VariableJson.VARIABLES.toJson(filter));
    return server.send(Call.query(PATH + "filter", body)).records(VariableJson.VARIABLE);
  }

  @Override
  public int countVariables(VariableFilter filter) {
    return server
        .send(
            Call.query(
                PATH + "count", Json.object("variables", VariableJson.VARIABLES.toJson(filter))))
        .number();
  }

  @Override
  public void updateVariable(UUID id, VariableUpdate update) {
    server.send(
        Call.patch(PATH + id, VariableJson.VARIABLE_UPDATE.toJson(update), what(id))
            .conflicting(Code.ALREADY_EXISTS));
  }

  @Override
  public void deleteVariable(UUID id) {
    server.send(Call.delete(PATH + id, what(id)));
  }
}
