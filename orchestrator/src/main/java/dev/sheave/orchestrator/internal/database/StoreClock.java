package dev.sheave.orchestrator.internal.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.config.JdbiConfig;

/**
 * The clock that times of records are read from: that of the machine with the database, so that
 * programs on machines whose clocks differ agree on what was first and what is due. A database in a
 * file is on this machine.
 */
public final class StoreClock implements JdbiConfig<StoreClock> {
  /**
   * The attribute of statements that is the time as a value, or null: a {@code select} that has it
   * as {@code store_time} spares the one that reads the time.
   */
  public static final String TIME = "storeTime";

  private Function<Handle, Instant> source = handle -> Instant.now();

  /** Makes this machine's clock; Jdbi does. */
  public StoreClock() {}

  /** Sets how the time is read. */
  void setSource(Function<Handle, Instant> source) {
    this.source = source;
  }

  /** Returns the time, in whole microseconds. */
  public static Instant now(Handle handle) {
    return Times.exact(handle.getConfig(StoreClock.class).source.apply(handle));
  }

  /** Returns the time that stands in the column {@code store_time} of a row. */
  public static Instant now(Handle handle, ResultSet row) throws SQLException {
    Instant read = new Row(row).timeOrNull("store_time");
    return read == null ? now(handle) : read;
  }

  /** Returns the time, or the first moment after another one if that isn't over yet. */
  public static Instant nowAfter(Handle handle, Instant previous) {
    return Times.after(now(handle), previous);
  }

  @Override
  public StoreClock createCopy() {
    StoreClock copy = new StoreClock();
    copy.source = source;
    return copy;
  }
}
