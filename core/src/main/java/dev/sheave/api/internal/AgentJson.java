package dev.sheave.api.internal;

import dev.sheave.api.AgentNews;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentRecord;
import dev.sheave.api.AgentSync;
import java.util.LinkedHashSet;

/** Agents. */
public final class AgentJson {
  /** Who agents are. */
  public static final RecordCodec<AgentProfile> PROFILE =
      new RecordCodec<>(
          "agent",
          (agent, json) ->
              json.value("id", agent.id())
                  .value("name", agent.name())
                  .value("host", agent.host())
                  .value("version", agent.version())
                  .value("work_pool_name", agent.pool())
                  .texts("work_queue_names", agent.queues())
                  .texts("work_queue_prefixes", agent.queuePrefixes()),
          json ->
              new AgentProfile(
                  json.text("id"),
                  json.text("name"),
                  json.text("host"),
                  json.text("version"),
                  json.text("work_pool_name"),
                  new LinkedHashSet<>(json.texts("work_queue_names")),
                  new LinkedHashSet<>(json.texts("work_queue_prefixes"))));

  /** What agents say. */
  public static final RecordCodec<AgentSync> SYNC =
      new RecordCodec<>(
          "call of an agent",
          (sync, json) ->
              json.record("agent", PROFILE, sync.agent())
                  .value("round", sync.round())
                  .value("room", sync.room())
                  .seconds("prefetch", sync.prefetch())
                  .seconds("lease", sync.lease())
                  .texts("known", sync.known())
                  .texts("seen", sync.seen())
                  .seconds("wait", sync.maxWait()),
          json ->
              new AgentSync(
                  json.record("agent", PROFILE),
                  json.number("round"),
                  json.number("room"),
                  json.seconds("prefetch"),
                  json.seconds("lease"),
                  new LinkedHashSet<>(json.ids("known")),
                  new LinkedHashSet<>(json.ids("seen")),
                  json.seconds("wait")));

  /** What agents are told. */
  public static final RecordCodec<AgentNews> NEWS =
      new RecordCodec<>(
          "answer to an agent",
          (news, json) ->
              json.records("runs", FlowRunJson.RUN, news.runs())
                  .texts("lost", news.lost())
                  .records("cancelling", FlowRunJson.RUN, news.cancelling())
                  .records("abandoned", FlowRunJson.RUN, news.abandoned())
                  .records("queues", WorkQueueJson.QUEUE, news.queues())
                  .value("is_pool_paused", news.isPoolPaused()),
          json ->
              new AgentNews(
                  json.records("runs", FlowRunJson.RUN),
                  new LinkedHashSet<>(json.ids("lost")),
                  json.records("cancelling", FlowRunJson.RUN),
                  json.records("abandoned", FlowRunJson.RUN),
                  json.records("queues", WorkQueueJson.QUEUE),
                  json.flag("is_pool_paused", false)));

  /** Agents that have called. */
  public static final RecordCodec<AgentRecord> AGENT =
      new RecordCodec<>(
          "agent",
          (agent, json) ->
              json.all(PROFILE.toJson(agent.profile()))
                  .value("room", agent.room())
                  .value("runs", agent.runs())
                  .time("started", agent.started())
                  .time("last_heard", agent.lastHeard())
                  .value("is_alive", agent.isAlive()),
          json ->
              new AgentRecord(
                  json.same(PROFILE),
                  json.number("room"),
                  json.number("runs"),
                  json.time("started"),
                  json.time("last_heard"),
                  json.flag("is_alive", false)));

  private AgentJson() {}
}
