package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.StateType;
import dev.sheave.api.StoreLoad;
import dev.sheave.api.StoreLoad.QueueLoad;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Reads what is to be done, from indexes alone. Runs that are over aren't counted: there may be
 * millions of them.
 */
public final class LoadQueries {
  private LoadQueries() {}

  /** Reads it. */
  public static StoreLoad read(Database database) {
    return database.read(
        handle -> new StoreLoad(runs(handle), queues(handle), database.connections()));
  }

  private static Map<StateType, Integer> runs(Handle handle) {
    Map<StateType, Integer> runs =
        Arrays.stream(StateType.values())
            .filter(state -> !state.isTerminal())
            .collect(Collectors.toMap(state -> state, state -> 0, Integer::sum, TreeMap::new));
    handle
        .createQuery(
            "select state_type, count(*) as runs from flow_run where state_type in (<states>)"
                + " group by state_type")
        .bindList("states", runs.keySet().stream().map(Enum::name).toList())
        .map(
            (columns, context) -> {
              Row row = new Row(columns);
              return Map.entry(StateType.valueOf(row.text("state_type")), row.number("runs"));
            })
        .forEach(entry -> runs.put(entry.getKey(), entry.getValue()));
    return runs;
  }

  private static List<QueueLoad> queues(Handle handle) {
    Instant now = StoreClock.now(handle);
    return handle
        .createQuery(
            "select p.name as pool, q.name as queue, count(r.state_type) as runs,"
                + " min(r.next_scheduled_start_time) as oldest"
                + " from work_queue q join work_pool p on p.id = q.work_pool_id"
                + " left join flow_run r on r.work_queue_id = q.id and r.state_type = 'SCHEDULED'"
                + " and r.next_scheduled_start_time <= :now"
                + " group by q.id, p.name, q.name order by p.name, q.name")
        .bind("now", now)
        .map(
            (columns, context) -> {
              Row row = new Row(columns);
              Instant oldest = row.timeOrNull("oldest");
              return new QueueLoad(
                  row.text("pool"),
                  row.text("queue"),
                  row.number("runs"),
                  oldest == null ? Duration.ZERO : Duration.between(oldest, now));
            })
        .list();
  }
}
