package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.ConcurrencyLimitApi;
import dev.sheave.api.ConcurrencyLimitRecord;
import dev.sheave.api.Created;
import dev.sheave.api.Page;
import dev.sheave.orchestrator.internal.database.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Concurrency limits over JDBC. Safe for use by several threads. */
public final class JdbcConcurrencyLimitApi implements ConcurrencyLimitApi {
  private final Database database;

  /** Keeps the records in a database. */
  public JdbcConcurrencyLimitApi(Database database) {
    this.database = database;
  }

  @Override
  public Created<ConcurrencyLimitRecord> setConcurrencyLimit(String tag, int limit) {
    return database.write(handle -> ConcurrencyLimitTable.set(handle, tag, limit));
  }

  @Override
  public ConcurrencyLimitRecord readConcurrencyLimit(UUID id) {
    return database.read(handle -> ConcurrencyLimitTable.read(handle, id));
  }

  @Override
  public Optional<ConcurrencyLimitRecord> findConcurrencyLimit(String tag) {
    return database.read(handle -> ConcurrencyLimitTable.find(handle, tag));
  }

  @Override
  public List<ConcurrencyLimitRecord> listConcurrencyLimits(Page page) {
    return database.read(handle -> ConcurrencyLimitTable.list(handle, page));
  }

  @Override
  public void deleteConcurrencyLimit(UUID id) {
    database.change(handle -> ConcurrencyLimitTable.delete(handle, id));
  }

  @Override
  public void resetConcurrencyLimit(UUID id, @Nullable List<UUID> slots) {
    database.change(
        handle -> ConcurrencyLimitTable.reset(handle, id, slots == null ? List.of() : slots));
  }
}
