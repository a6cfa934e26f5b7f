package dev.sheave.orchestrator.internal.database;

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
