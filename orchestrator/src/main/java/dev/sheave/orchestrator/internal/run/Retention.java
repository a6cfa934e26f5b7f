package dev.sheave.orchestrator.internal.run;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Pruned;
import dev.sheave.api.StateType;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Removes what is old, in small transactions, so that others wait for none of them. */
public final class Retention {
  private static final int RUNS_AT_ONCE = 50;
  private static final int ENTRIES_AT_ONCE = 1000;

  private static final List<String> OVER =
      Arrays.stream(StateType.values()).filter(StateType::isTerminal).map(Enum::name).toList();

  private Retention() {}

  /** Removes the runs that ended, and the notes of changes that were made, so long ago. */
  public static Pruned prune(Database database, Duration olderThan) {
    if (olderThan.isNegative()) {
      throw new SheaveException(Code.INVALID, "What isn't old yet can't be removed as old.");
    }
    Instant before = database.read(StoreClock::now).minus(olderThan);
    int runs = 0;
    int some;
    do {
      some = database.write(handle -> deleteRuns(handle, before));
      runs += some;
    } while (some == RUNS_AT_ONCE);
    int entries = 0;
    do {
      some = database.write(handle -> deleteEntries(handle, before));
      entries += some;
    } while (some == ENTRIES_AT_ONCE);
    return new Pruned(runs, entries);
  }

  private static int deleteRuns(Handle handle, Instant before) {
    List<UUID> ids =
        handle
            .createQuery(
                "select id from flow_run where end_time < :before and state_type in (<over>)"
                    + " order by end_time limit :limit")
            .bind("before", before)
            .bindList("over", OVER)
            .bind("limit", RUNS_AT_ONCE)
            .map((row, context) -> new Row(row).id("id"))
            .list();
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
