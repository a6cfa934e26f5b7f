package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.PruneRule;
import dev.sheave.api.Pruned;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Removes what is old, in small transactions, so that others wait for none of them. */
public final class Retention {
  private static final int RUNS_AT_ONCE = 50;
  private static final int BATCHES = 10;
  private static final int ENTRIES_AT_ONCE = 1000;

  private Retention() {}

  /** Removes some of what is old; nothing if nothing is. */
  public static Pruned pruneSome(Database database, PruneRule rule) {
    Instant before = database.read(StoreClock::now).minus(rule.olderThan());
    int runs = 0;
    int some = RUNS_AT_ONCE;
    for (int i = 0; i < BATCHES && some == RUNS_AT_ONCE; i++) {
      some = database.write(handle -> deleteRuns(handle, before, rule));
      runs += some;
    }
    int entries = database.write(handle -> deleteEntries(handle, before));
    return new Pruned(runs, entries);
  }

  private static int deleteRuns(Handle handle, Instant before, PruneRule rule) {
    String newer =
        rule.keep() == 0
            ? ""
            : " and exists (select 1 from flow_run newer where newer.flow_id = run.flow_id"
                + " and newer.end_time > run.end_time limit 1 offset :skipped)";
    Query query =
        handle
            .createQuery(
                "select run.id from flow_run run where run.end_time < :before"
                    + " and run.state_type in (<states>)"
                    + newer
                    + " order by run.end_time limit :limit")
            .bind("before", before)
            .bindList("states", rule.states().stream().map(Enum::name).toList())
            .bind("limit", RUNS_AT_ONCE);
    if (rule.keep() > 0) {
      query.bind("skipped", rule.keep() - 1);
    }
    List<UUID> ids = query.map((row, context) -> new Row(row).id("id")).list();
    ids.forEach(id -> FlowRunTable.delete(handle, id));
    return ids.size();
  }

  private static int deleteEntries(Handle handle, Instant before) {
    return handle
        .createUpdate(
            "delete from audit where sequence in (select sequence from audit"
                + " where created < :before order by created limit :limit)")
        .bind("before", before)
        .bind("limit", ENTRIES_AT_ONCE)
        .execute();
  }
}
