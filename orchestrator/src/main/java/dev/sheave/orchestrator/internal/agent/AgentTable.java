package dev.sheave.orchestrator.internal.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentRecord;
import dev.sheave.api.Page;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of agents. */
public final class AgentTable {
  /** How long an agent is remembered that isn't heard. */
  private static final Duration REMEMBERED = Duration.ofDays(1);

  private static final String SELECT =
      "select a.*, (select count(*) from flow_run r where r.lease_owner = a.id) as runs"
          + " from agent a";

  private AgentTable() {}

  /**
   * Records that an agent lives.
   *
   * @throws SheaveException {@code CONFLICT} if another one of its name does
   */
  public static void keep(Handle handle, AgentProfile agent, int room) {
    Instant now = StoreClock.now(handle);
    Optional<AgentRecord> other =
        handle
            .createQuery(
                SELECT + " where a.name = :name and a.id <> :id and a.heard > :alive limit 1")
            .bind("name", agent.name())
            .bind("id", agent.id())
            .bind("alive", now.minus(AgentRecord.MAX_AGE))
            .map((row, context) -> record(row, now))
            .findFirst();
    if (other.isPresent()) {
      throw new SheaveException(
          Code.CONFLICT,
          "An agent named '"
              + agent.name()
              + "' works on the host "
              + other.get().profile().host()
              + " already; give this one another name, or wait for a minute if that one has ended.");
    }
    handle
        .createUpdate("delete from agent where heard < :forgotten")
        .bind("forgotten", now.minus(REMEMBERED))
        .execute();
    handle
        .createUpdate(
            "insert into agent (id, name, host, version, work_pool, queues, queue_prefixes, room,"
                + " started, heard) values (:id, :name, :host, :version, :pool, :queues,"
                + " :prefixes, :room, :now, :now) on conflict (id) do update set"
                + " room = excluded.room, heard = excluded.heard")
        .bind("id", agent.id())
        .bind("name", agent.name())
        .bind("host", agent.host())
        .bind("version", agent.version())
        .bind("pool", agent.pool())
        .bind("queues", Json.write(agent.queues().stream().sorted().toList()))
        .bind("prefixes", Json.write(agent.queuePrefixes().stream().sorted().toList()))
        .bind("room", room)
        .bind("now", now)
        .execute();
  }

  /**
   * When an agent was heard.
   *
   * @param hasRoom whether it had room for runs then
   */
  public record Heard(Instant at, boolean hasRoom) {}

  /** Returns when an agent was heard; empty if it isn't known. */
  public static Optional<Heard> heard(Handle handle, String id) {
    return handle
        .createQuery("select heard, room from agent where id = :id")
        .bind("id", id)
        .map(
            (columns, context) -> {
              Row row = new Row(columns);
              return new Heard(row.time("heard"), row.number("room") > 0);
            })
        .findFirst();
  }

  /** Forgets an agent. */
  public static void remove(Handle handle, String id) {
    handle.createUpdate("delete from agent where id = :id").bind("id", id).execute();
  }

  /** Lists the agents that live. */
  public static List<AgentRecord> alive(Handle handle) {
    Instant now = StoreClock.now(handle);
    return handle
        .createQuery(SELECT + " where a.heard > :alive order by a.name")
        .bind("alive", now.minus(AgentRecord.MAX_AGE))
        .map((row, context) -> record(row, now))
        .list();
  }

  /** Lists agents by name. */
  public static List<AgentRecord> list(Handle handle, Page page) {
    Instant now = StoreClock.now(handle);
    return handle
        .createQuery(SELECT + " order by a.name, a.id limit :limit offset :offset")
        .bind("limit", page.limit())
        .bind("offset", page.offset())
        .map((row, context) -> record(row, now))
        .list();
  }

  private static AgentRecord record(ResultSet columns, Instant now) throws SQLException {
    Row row = new Row(columns);
    Instant heard = row.time("heard");
    return new AgentRecord(
        new AgentProfile(
            row.text("id"),
            row.text("name"),
            row.text("host"),
            row.text("version"),
            row.text("work_pool"),
            new LinkedHashSet<>(row.texts("queues")),
            new LinkedHashSet<>(row.texts("queue_prefixes"))),
        row.number("room"),
        row.number("runs"),
        row.time("started"),
        heard,
        heard.isAfter(now.minus(AgentRecord.MAX_AGE)));
  }
}
