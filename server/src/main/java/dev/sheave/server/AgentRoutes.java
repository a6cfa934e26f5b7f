package dev.sheave.server;

import dev.sheave.api.AgentNews;
import dev.sheave.api.AgentSync;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.internal.AgentJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Agents, which wait here for news. */
final class AgentRoutes {
  /** How many agents may wait at once: each has a thread. */
  private static final int MAX_WAITING = 32;

  /** How long a server that ends waits for a call that waits for news. */
  private static final Duration TURN = Duration.ofSeconds(1);

  private final OrchestrationApi api;
  private final BooleanSupplier isClosing;
  private final Semaphore waiting = new Semaphore(MAX_WAITING);

  private AgentRoutes(OrchestrationApi api, BooleanSupplier isClosing) {
    this.api = api;
    this.isClosing = isClosing;
  }

  static void add(Routes routes, OrchestrationApi api) {
    AgentRoutes agents = new AgentRoutes(api, routes::isClosing);
    routes
        .add("POST", "/sheave/sync", Scope.RUN, Reply.OK, agents::sync)
        .add("POST", "/sheave/agents/adopt", Scope.RUN, Reply.OK, agents::adopt)
        .add("POST", "/sheave/agents/leave", Scope.RUN, Reply.NO_CONTENT, agents::leave)
        .add(
            "POST",
            "/sheave/agents/filter",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(AgentJson.AGENT.toJson(call.page(api.agents()::listAgents))));
  }

  private Reply sync(Call call) {
    AgentSync sync = call.body(AgentJson.SYNC);
    AgentNews news;
    if (sync.maxWait().isZero() || !waiting.tryAcquire()) {
      news = api.agents().sync(sync.withMaxWait(Duration.ZERO));
    } else {
      try {
        news = await(sync);
      } finally {
        waiting.release();
      }
    }
    return Reply.ok(AgentJson.NEWS.toJson(news));
  }

  private AgentNews await(AgentSync sync) {
    long began = System.nanoTime();
    while (true) {
      Duration left = sync.maxWait().minusNanos(System.nanoTime() - began);
      if (isClosing.getAsBoolean()) {
        left = Duration.ZERO;
      }
      if (left.compareTo(TURN) <= 0) {
        return api.agents().sync(sync.withMaxWait(left.isNegative() ? Duration.ZERO : left));
      }
      long turn = System.nanoTime();
      AgentNews news = api.agents().sync(sync.withMaxWait(TURN));
      if (System.nanoTime() - turn < TURN.toNanos()) {
        return news; // there was some, or the agent has called again
      }
    }
  }

  private Reply adopt(Call call) {
    Values body = call.fields();
    Optional<FlowRunRecord> run =
        api.agents()
            .adopt(
                body.requiredId("flow_run_id"),
                body.number("epoch", 0),
                body.requiredText("owner"),
                body.seconds("lease"));
    Map<String, @Nullable Object> answer = new HashMap<>();
    answer.put("flow_run", run.map(Shapes::flowRun).orElse(null));
    return Reply.ok(answer);
  }

  private Reply leave(Call call) {
    api.agents().leave(call.fields().requiredText("id"));
    return Reply.NOTHING;
  }
}
