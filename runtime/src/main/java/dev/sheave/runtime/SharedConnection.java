package dev.sheave.runtime;

import dev.sheave.Sheave;
import dev.sheave.block.Secret;
import dev.sheave.infrastructure.RunRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that runs of this program share. One to a database stays open for a while when the
 * last of them has ended. Safe for use by several threads.
 */
final class SharedConnection implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final Map<Key, SharedConnection> OPEN = new HashMap<>();
  private static final ScheduledExecutorService CLOSER = closer();

  private final Key key;
  private final Duration idle;
  private @Nullable Sheave connection;
  private int users;
  private long lastUse;

  private record Key(Path home, String url, Optional<Secret> key, Optional<Secret> encryption) {}

  private SharedConnection(Key key, Duration idle) {
    this.key = key;
    this.idle = idle;
  }

  private static ScheduledExecutorService closer() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "sheave-run-connections");
              thread.setDaemon(true);
              return thread;
            });
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Opens the connection of a run, or shares one; to be closed by the run. */
  static SharedConnection open(RunRequest request) {
    Key key =
        new Key(
            request.home(),
            request.api().url(),
            request.api().key(),
            request.api().encryptionKey());
    Duration idle = request.api().opensStore() ? IDLE : Duration.ZERO;
    SharedConnection shared;
    synchronized (OPEN) {
      shared = OPEN.computeIfAbsent(key, each -> new SharedConnection(each, idle));
      shared.users++;
    }
    try {
      shared.connect();
      return shared;
    } catch (RuntimeException | Error e) {
      shared.close();
      throw e;
    }
  }

  private synchronized void connect() {
    if (connection == null) {
      Sheave.Builder builder = Sheave.builder().home(key.home).url(key.url);
      key.key.ifPresent(builder::key);
      key.encryption.ifPresent(builder::encryptionKey);
      connection = builder.connect();
    }
  }

  synchronized Sheave sheave() {
    if (connection == null) {
      throw new IllegalStateException("the connection is closed");
    }
    return connection;
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      users--;
      lastUse = System.nanoTime();
      if (users > 0) {
        return;
      }
    }
    if (idle.isZero()) {
      closeIfIdle();
    } else {
      var unused = CLOSER.schedule(this::closeIfIdle, idle.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void closeIfIdle() {
    synchronized (OPEN) {
      if (users > 0 || System.nanoTime() - lastUse < idle.toNanos()) {
        return;
      }
      OPEN.remove(key, this);
    }
    synchronized (this) {
      if (connection != null) {
        connection.close();
        connection = null;
      }
    }
  }
}
