package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.StateType;
import dev.sheave.api.StoreAdministration;
import dev.sheave.api.StoreLoad;
import dev.sheave.api.StoreLoad.ConnectionLoad;
import dev.sheave.api.StoreLoad.QueueLoad;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * What a server measures, by Micrometer, which is loaded with this class. Safe for use by several
 * threads.
 */
final class Meters implements AutoCloseable {
  /** Others are counted as one, since a client may send any. */
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  private static final Duration[] TIMES = {
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10)
  };

  /** How long the database is waited for: who asks for the metrics doesn't wait for long either. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final StoreAdministration store;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final MultiGauge runs;
  private final MultiGauge dueRuns;
  private final MultiGauge lags;
  private final MultiGauge connections;
  private final ExecutorService looks =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "sheave-metrics");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable CompletableFuture<StoreLoad> look;
  private volatile boolean isDatabaseUp;

  private Meters(StoreAdministration store, QueuedThreadPool threads) {
    this.store = store;
    Stream.<MeterBinder>of(
            new JvmMemoryMetrics(),
            collections,
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new UptimeMetrics(),
            new FileDescriptorMetrics())
        .forEach(binder -> binder.bindTo(registry));
    this.runs =
        MultiGauge.builder("sheave.flow.runs")
            .description("Flow runs in each state that isn't an end")
            .register(registry);
    this.dueRuns =
        MultiGauge.builder("sheave.work.queue.due.runs")
            .description("Flow runs that wait though they are due")
            .register(registry);
    this.lags =
        MultiGauge.builder("sheave.work.queue.lag")
            .description("How long ago the oldest run that waits was due")
            .baseUnit("seconds")
            .register(registry);
    this.connections =
        MultiGauge.builder("sheave.database.connections")
            .description(
                "Connections of this server, those it waits for, and their greatest number")
            .register(registry);
    Gauge.builder("sheave.database.up", this, meters -> meters.isDatabaseUp ? 1 : 0)
        .description("Whether the database responds: 1 if it does, 0 if not")
        .register(registry);
    thread("busy", threads, QueuedThreadPool::getBusyThreads);
    thread("idle", threads, QueuedThreadPool::getIdleThreads);
    thread("max", threads, QueuedThreadPool::getMaxThreads);
    Gauge.builder("sheave.http.queue", threads, QueuedThreadPool::getQueueSize)
        .description("Requests that wait for a thread")
        .register(registry);
  }

  /**
   * Starts to measure.
   *
   * @throws SheaveException {@code UNSUPPORTED} without Micrometer
   */
  static Meters of(StoreAdministration store, QueuedThreadPool threads) {
    try {
      return new Meters(store, threads);
    } catch (NoClassDefFoundError e) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "Metrics need io.micrometer:micrometer-registry-prometheus on the class path; add it, or"
              + " start the server without metrics.",
          e);
    }
  }

  private void thread(
      String state, QueuedThreadPool threads, ToDoubleFunction<QueuedThreadPool> number) {
    Gauge.builder("sheave.http.threads", threads, number)
        .description("Threads that answer requests")
        .tag("state", state)
        .register(registry);
  }

  /**
   * Counts a request.
   *
   * @param route as its table names it, so that there are few
   */
  void count(String method, String route, int status, Duration time) {
    Timer.builder("http.server.requests")
        .description("Requests that were answered")
        .tag("method", METHODS.contains(method) ? method : "OTHER")
        .tag("uri", route)
        .tag("status", String.valueOf(status))
        .serviceLevelObjectives(TIMES)
        .register(registry)
        .record(time);
  }

  /**
   * Returns all as text, in the format of Prometheus; without what the database knows if that
   * doesn't respond soon.
   */
  synchronized String text() {
    show(store.connectionLoad());
    StoreLoad load = load();
    isDatabaseUp = load != null;
    show(load == null ? Map.of() : load.runs(), load == null ? List.of() : load.queues());
    return registry.scrape();
  }

  /**
   * Returns what is in the database; null if it doesn't respond. One thread at a time waits for it.
   */
  private @Nullable StoreLoad load() {
    CompletableFuture<StoreLoad> current = look;
    if (current == null || current.isDone()) {
      current = CompletableFuture.supplyAsync(store::readLoad, looks);
      look = current;
    }
    try {
      return current.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SheaveException reason && reason.code() == Code.UNAVAILABLE) {
        return null;
      }
      throw new IllegalStateException("what is to be done can't be read", e);
    }
  }

  private void show(Map<StateType, Integer> states, List<QueueLoad> queues) {
    runs.register(states.entrySet().stream().<Row<?>>map(Meters::row).toList(), true);
    dueRuns.register(
        queues.stream()
            .<Row<?>>map(each -> Row.of(tags(each.pool(), each.queue()), each.dueRuns()))
            .toList(),
        true);
    lags.register(
        queues.stream()
            .<Row<?>>map(
                each -> Row.of(tags(each.pool(), each.queue()), each.lag().toMillis() / 1e3))
            .toList(),
        true);
  }

  private void show(ConnectionLoad open) {
    connections.register(
        Map.of(
                "active", open.active(),
                "idle", open.idle(),
                "waiting", open.waiting(),
                "max", open.max())
            .entrySet()
            .stream()
            .<Row<?>>map(each -> Row.of(Tags.of("state", each.getKey()), each.getValue()))
            .toList(),
        true);
  }

  private static Row<?> row(Entry<StateType, Integer> each) {
    return Row.of(Tags.of("state", each.getKey().name().toLowerCase(Locale.ROOT)), each.getValue());
  }

  private static Tags tags(String pool, String queue) {
    return Tags.of("pool", pool, "queue", queue);
  }

  @Override
  public void close() {
    looks.shutdownNow();
    collections.close();
    registry.close();
  }
}
