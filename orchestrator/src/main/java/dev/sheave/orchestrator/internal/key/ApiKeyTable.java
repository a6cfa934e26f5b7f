package dev.sheave.orchestrator.internal.key;

import dev.sheave.api.ApiKeyRecord;
import dev.sheave.api.IssuedApiKey;
import dev.sheave.api.KeyScope;
import dev.sheave.api.StateType;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.RowWriter;
import dev.sheave.orchestrator.internal.database.StoreClock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of API keys. Every method is part of a transaction. */
public final class ApiKeyTable {
  /**
   * How long a run's key stays valid after the run, for what a program still has to say: its last
   * log lines, and a state whose answer was lost.
   */
  private static final Duration AFTER_RUN = Duration.ofMinutes(1);

  private static final String SELECT =
      "select k.id, k.created, k.name, k.start, k.hash, k.scope, k.expires, k.last_used,"
          + " k.flow_run_id, r.state_type from api_key k left join flow_run r"
          + " on r.id = k.flow_run_id where (k.expires is null or k.expires > :now)";

  private ApiKeyTable() {}

  /** Makes a key of a run, and removes those of runs that are over. */
  public static IssuedApiKey createOfRun(Handle handle, UUID flowRunId, String name) {
    Instant now = StoreClock.now(handle);
    handle
        .createUpdate("delete from api_key where flow_run_id is not null and expires < :now")
        .bind("now", now)
        .execute();
    return create(handle, now, name, KeyScope.RUN, null, flowRunId);
  }

  /**
   * Lets the keys of runs end that are over.
   *
   * @param end when the last of them ended
   */
  public static void endOfRuns(Handle handle, Set<UUID> runs, Instant end) {
    handle
        .createUpdate(
            "update api_key set expires = :end where expires is null and flow_run_id in "
                + RowWriter.fewOf(":runs"))
        .bind("end", end.plus(AFTER_RUN))
        .bind("runs", Json.write(runs.stream().map(UUID::toString).toList()))
        .execute();
  }

  /** Takes the end of a run's keys back. */
  public static void resumeRun(Handle handle, UUID flowRunId) {
    handle
        .createUpdate("update api_key set expires = null where flow_run_id = :run")
        .bind("run", flowRunId)
        .execute();
  }

  static IssuedApiKey create(
      Handle handle,
      Instant now,
      String name,
      KeyScope scope,
      @Nullable Duration validity,
      @Nullable UUID flowRunId) {
    Secret key = ApiKeyText.create();
    Instant expires = validity == null ? null : now.plus(validity);
    ApiKeyRecord record =
        new ApiKeyRecord(
            UUID.randomUUID(),
            now,
            name,
            ApiKeyText.start(key),
            scope,
            expires,
            null,
            flowRunId,
            false);
    handle
        .createUpdate(
            "insert into api_key (id, created, name, start, hash, scope, expires, flow_run_id)"
                + " values (:id, :created, :name, :start, :hash, :scope, :expires, :run)")
        .bind("id", record.id())
        .bind("created", record.created())
        .bind("name", name)
        .bind("start", record.start())
        .bind("hash", ApiKeyText.hash(key))
        .bind("scope", scope.name())
        .bind("expires", expires)
        .bind("run", flowRunId)
        .execute();
    return new IssuedApiKey(record, key);
  }

  /** Returns the valid keys that aren't a run's. */
  static List<ApiKeyRecord> list(Handle handle) {
    return handle
        .createQuery(SELECT + " and k.flow_run_id is null order by k.name, k.created")
        .bind("now", StoreClock.now(handle))
        .map((row, context) -> record(row))
        .list();
  }

  /** Removes the keys of a name, and returns how many there were. */
  static int delete(Handle handle, String name) {
    return handle
        .createUpdate("delete from api_key where flow_run_id is null and name = :name")
        .bind("name", name)
        .execute();
  }

  static void expire(Handle handle, UUID id, Instant end) {
    handle
        .createUpdate("update api_key set expires = :end where id = :id")
        .bind("end", end)
        .bind("id", id)
        .execute();
  }

  static boolean isEmpty(Handle handle) {
    return handle
        .createQuery("select 1 from api_key where flow_run_id is null limit 1")
        .map((row, context) -> true)
        .findFirst()
        .isEmpty();
  }

  /** Finds a valid key. How long that takes tells nothing of the part that is secret. */
  static Optional<ApiKeyRecord> find(Handle handle, Secret key) {
    byte[] hash = ApiKeyText.hash(key).getBytes(StandardCharsets.US_ASCII);
    return handle
        .createQuery(SELECT + " and k.start = :start")
        .bind("now", StoreClock.now(handle))
        .bind("start", ApiKeyText.start(key))
        .map(
            (row, context) ->
                MessageDigest.isEqual(
                        hash, new Row(row).text("hash").getBytes(StandardCharsets.US_ASCII))
                    ? Optional.of(record(row))
                    : Optional.<ApiKeyRecord>empty())
        .list()
        .stream()
        .flatMap(Optional::stream)
        .findFirst();
  }

  static void noteUse(Handle handle, UUID id, Instant now) {
    handle
        .createUpdate("update api_key set last_used = :now where id = :id")
        .bind("now", now)
        .bind("id", id)
        .execute();
  }

  private static ApiKeyRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    String state = row.textOrNull("state_type");
    return new ApiKeyRecord(
        row.id("id"),
        row.time("created"),
        row.text("name"),
        row.text("start"),
        KeyScope.valueOf(row.text("scope")),
        row.timeOrNull("expires"),
        row.timeOrNull("last_used"),
        row.idOrNull("flow_run_id"),
        state != null && StateType.valueOf(state).isTerminal());
  }
}
