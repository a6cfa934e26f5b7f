package dev.sheave.orchestrator.internal.service;

import dev.sheave.orchestrator.internal.database.StoreClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What lets one program at a time do the work of a service: a row with an owner and an end, by the
 * store's clock. If the owner dies, another program takes it at its end.
 *
 * @param name the service's
 * @param owner the id of this program's part in it
 */
record ServiceLock(String name, String owner) {
  /** How long it is held unless it is taken again. */
  static final Duration HELD_FOR = Duration.ofSeconds(30);

  /**
   * Takes the lock, or holds it longer. One that ends later than it could be taken for is from
   * before the clock was set back.
   *
   * @return the time by the store's clock; empty if another program has the lock
   */
  Optional<Instant> take(Handle handle) {
    Instant now = StoreClock.now(handle);
    int taken =
        handle
            .createUpdate(
                "insert into service_lock (name, owner, until) values (:name, :owner, :until)"
                    + " on conflict (name) do update set owner = excluded.owner,"
                    + " until = excluded.until where service_lock.owner = excluded.owner"
                    + " or service_lock.until < :now or service_lock.until > :until")
            .bind("name", name)
            .bind("owner", owner)
            .bind("until", now.plus(HELD_FOR))
            .bind("now", now)
            .execute();
    return taken > 0 ? Optional.of(now) : Optional.empty();
  }

  /** Lets another program take it. */
  void release(Handle handle) {
    handle
        .createUpdate("delete from service_lock where name = :name and owner = :owner")
        .bind("name", name)
        .bind("owner", owner)
        .execute();
  }
}
