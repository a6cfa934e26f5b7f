package dev.sheave.api.http;

import static dev.sheave.api.http.Call.named;

import dev.sheave.api.AgentApi;
import dev.sheave.api.AgentNews;
import dev.sheave.api.AgentRecord;
import dev.sheave.api.AgentSync;
import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.internal.AgentJson;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.internal.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Agents of a server. */
final class HttpAgentApi implements AgentApi {
  private final ServerConnection server;
  private final ServerFeatures features;

  HttpAgentApi(ServerConnection server, ServerFeatures features) {
    this.server = server;
    this.features = features;
  }

  private void require() {
    features.require(Feature.AGENTS, "list of agents");
  }

  @Override
  public AgentNews sync(AgentSync sync) {
    require();
    // repeatable: what a lost answer gave to the agent is in the next one
    return server
        .send(
            Call.query("/sheave/sync", AgentJson.SYNC.toJson(sync))
                .about(named("work pool", sync.agent().pool())))
        .record(AgentJson.NEWS);
  }

  @Override
  public Optional<FlowRunRecord> adopt(UUID run, int epoch, String owner, Duration lease) {
    require();
    Object adopted =
        server
            .send(
                Call.create(
                        "/sheave/agents/adopt",
                        Json.object(
                            "flow_run_id",
                            run.toString(),
                            "epoch",
                            epoch,
                            "owner",
                            owner,
                            "lease",
                            lease.toNanos() / 1e9))
                    .about(named("flow run", run)))
            .object()
            .get("flow_run");
    return adopted == null
        ? Optional.empty()
        : Optional.of(new Answer(server.url(), 200, adopted).record(FlowRunJson.RUN));
  }

  @Override
  public void leave(String agent) {
    require();
    server.send(Call.query("/sheave/agents/leave", Json.object("id", agent)));
  }

  @Override
  public List<AgentRecord> listAgents(Page page) {
    require();
    return server
        .send(Call.query("/sheave/agents/filter", features.page(page)))
        .records(AgentJson.AGENT);
  }
}
