package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.sheave.SheaveException;
import dev.sheave.infrastructure.GrowingPause;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.storage.backend.JsonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when containers of an engine may have ended: by one stream of events for all of them, and a
 * list from time to time that makes up for events that were lost. Nobody needs to be told twice,
 * but may be. Safe for use by several threads.
 */
final class ContainerWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DockerContainer.class);

  private static final Duration LIST_INTERVAL = Duration.ofSeconds(60);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int THREADS = 4;

  private static final Set<String> GOES_ON =
      Set.of("created", "running", "paused", "restarting", "removing");

  private final Engine engine;
  private final ScheduledThreadPoolExecutor executor;
  private final Map<String, Set<Runnable>> listeners = new HashMap<>();
  private final Duration listInterval;
  private @Nullable Response events;

  /** The lists from time to time; null unless this watch runs. */
  private @Nullable Future<?> lists;

  ContainerWatch(Engine engine) {
    this(engine, LIST_INTERVAL);
  }

  /** Watches with another time between two lists. */
  ContainerWatch(Engine engine, Duration listInterval) {
    this.engine = engine;
    this.listInterval = listInterval;
    this.executor =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "sheave-docker");
              thread.setDaemon(true);
              return thread;
            });
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setRemoveOnCancelPolicy(true);
  }

  /** Executes something soon, on a thread of this watch. */
  void execute(Runnable task) {
    executor.execute(task);
  }

  /** Executes something later, on a thread of this watch. */
  void later(Runnable task, Duration delay) {
    Future<?> unused = executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Tells a listener when the container ends from now on. It is called on threads that it must not
   * hold up.
   */
  synchronized void add(String container, Runnable listener) {
    listeners.computeIfAbsent(container, missing -> new HashSet<>()).add(listener);
    if (lists == null) {
      long interval = listInterval.toMillis();
      lists =
          executor.scheduleWithFixedDelay(this::tick, interval, interval, TimeUnit.MILLISECONDS);
      Thread thread = new Thread(this::listen, "sheave-docker-events");
      thread.setDaemon(true);
      thread.start();
    }
  }

  synchronized void remove(String container, Runnable listener) {
    Set<Runnable> all = listeners.get(container);
    if (all != null && all.remove(listener) && all.isEmpty()) {
      listeners.remove(container);
    }
  }

  private void tell(String container) {
    List<Runnable> all;
    synchronized (this) {
      all = List.copyOf(listeners.getOrDefault(container, Set.of()));
    }
    all.forEach(Runnable::run);
  }

  /** Nothing runs while there is nobody to tell. */
  private synchronized boolean isOver() {
    if (lists != null && listeners.isEmpty()) {
      lists.cancel(false);
      lists = null;
    }
    return lists == null;
  }

  private void listen() {
    GrowingPause pause = new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE);
    while (!isOver()) {
      try {
        readEvents();
        pause.reset();
      } catch (IOException | SheaveException e) {
        LOG.debug("The events of Docker at '{}' broke off: {}", engine.host(), e.getMessage());
      }
      if (!pause.sleep()) {
        return;
      }
    }
  }

  private void readEvents() throws IOException {
    String filters =
        JsonText.write(
            Map.of(
                "type", List.of("container"),
                "event", List.of("die", "destroy"),
                "label", List.of(RunRequest.FLOW_RUN_ID_LABEL)));
    Response answer =
        engine.open(
            Request.Method.GET,
            "/events?filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8),
            Map.of(),
            null,
            "tell of events");
    synchronized (this) {
      events = answer;
    }
    try (answer;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(answer.getBody(), StandardCharsets.UTF_8))) {
      execute(this::list); // what ended before this stream began
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          Map<String, @Nullable Object> event = JsonText.parseObject(line, "an event of Docker");
          Object actor = event.get("Actor");
          Object id = actor instanceof Map<?, ?> map ? map.get("ID") : event.get("id");
          tell(String.valueOf(id));
        }
      }
    } finally {
      synchronized (this) {
        events = null;
      }
    }
  }

  /** Goes on until the thread has seen that it is over: meanwhile there may be a listener anew. */
  private void tick() {
    synchronized (this) {
      if (listeners.isEmpty()) {
        if (events != null) {
          events.close(); // so that the thread sees it
        }
        return;
      }
    }
    execute(this::list);
  }

  /** Tells of those that aren't there, or don't go on. */
  private void list() {
    Set<String> ended;
    synchronized (this) {
      ended = new HashSet<>(listeners.keySet());
    }
    try {
      for (Container each : engine.containers(RunRequest.FLOW_RUN_ID_LABEL)) {
        if (GOES_ON.contains(Objects.requireNonNullElse(each.getState(), ""))) {
          ended.remove(each.getId());
        }
      }
    } catch (SheaveException e) {
      LOG.debug(
          "The containers of Docker at '{}' can't be listed: {}", engine.host(), e.getMessage());
      return;
    }
    ended.forEach(this::tell);
  }
}
