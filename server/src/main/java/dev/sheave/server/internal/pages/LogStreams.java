package dev.sheave.server.internal.pages;

import dev.sheave.SheaveException;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.LogLevel;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.internal.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Sends the logs of runs, line by line, to those who follow them: as server-sent events whose ids
 * are those of the lines, so that a reader whose connection broke goes on after the last one. When
 * the run is over and all lines are sent, an event ends the stream. One thread serves all readers,
 * and waits for none: a reader gets the next lines when it has taken the last ones. Safe for use by
 * several threads.
 */
final class LogStreams extends AbstractLifeCycle {
  private static final long LOOK_MILLIS = 250;
  private static final Duration BEAT = Duration.ofSeconds(15);

  /** How long a reader may take for what it was sent. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FlowRunApi runs;
  private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
  private @Nullable ScheduledExecutorService thread;
  private @Nullable Future<?> looking;
  private volatile boolean isEnded;

  LogStreams(FlowRunApi runs) {
    this.runs = runs;
  }

  @Override
  protected void doStart() {
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread made = new Thread(work, "sheave-log-streams");
              made.setDaemon(true);
              return made;
            });
    looking =
        started.scheduleWithFixedDelay(
            () -> readers.forEach(Reader::look), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    thread = started;
  }

  @Override
  protected void doStop() {
    endAll();
    Future<?> last = looking;
    if (last != null) {
      last.cancel(false);
    }
    ScheduledExecutorService started = thread;
    if (started != null) {
      started.shutdownNow();
    }
  }

  /** Ends all streams, without the event that says that the run is over. */
  void endAll() {
    isEnded = true;
    readers.forEach(reader -> reader.end(""));
  }

  boolean isEnded() {
    return isEnded;
  }

  /** Begins to send a run's log, after the line that the header {@code Last-Event-ID} names. */
  void follow(UUID run, Request request, Response response, Callback callback) {
    try {
      runs.readFlowRun(run);
    } catch (SheaveException e) {
      response.setStatus(e.code() == SheaveException.Code.NOT_FOUND ? 404 : 503);
      callback.succeeded();
      return;
    }
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Accel-Buffering", "no");
    String last = request.getHeaders().get("Last-Event-ID");
    if (last == null) {
      last = FormValues.parse(String.valueOf(request.getHttpURI().getQuery())).first("after");
    }
    Reader reader = new Reader(run, idOrNull(last), response, callback);
    reader.send(": the log of " + run + "\nretry: 1000\n\n");
    readers.add(reader);
    if (isEnded) {
      reader.end("");
    }
  }

  private static @Nullable UUID idOrNull(@Nullable String text) {
    try {
      return text == null ? null : UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A line as the page's script reads it. */
  static Object json(LogLine line) {
    return Json.object(
        "id", line.id().toString(),
        "time", Show.iso(line.line().timestamp()),
        "level", LogLevel.nameOf(line.line().level()),
        "logger", line.line().name(),
        "message", Show.plain(line.line().message()));
  }

  /** One who follows a log. */
  private final class Reader implements Callback {
    private final UUID run;
    private final Response response;
    private final Callback whole;
    private @Nullable UUID last;
    private @Nullable UUID shownState;
    private Instant sent = Instant.now();
    private boolean isBusy;
    private boolean isOver;
    private boolean isDrained;

    Reader(UUID run, @Nullable UUID last, Response response, Callback whole) {
      this.run = run;
      this.last = last;
      this.response = response;
      this.whole = whole;
    }

    /** Sends what is new. */
    synchronized void look() {
      if (isOver) {
        return;
      }
      if (isBusy) {
        if (sent.plus(PATIENCE).isBefore(Instant.now())) {
          failed(new java.io.IOException("the reader doesn't take what it is sent"));
        }
        return;
      }
      try {
        // the state first: the lines of a run that is over are there by then
        State state = runs.readFlowRun(run).state();
        List<LogLine> lines = runs.listLogs(run, last, Page.FIRST);
        StringBuilder events = new StringBuilder();
        for (LogLine line : lines) {
          events.append("id: ").append(line.id()).append('\n');
          events.append("data: ").append(Json.write(json(line))).append("\n\n");
          last = line.id();
        }
        if (!state.id().equals(shownState)) {
          shownState = state.id();
          events.append("event: state\ndata: ");
          events.append(Json.write(Json.object("name", state.name()))).append("\n\n");
        }
        if (state.isTerminal() && lines.isEmpty()) {
          // once more, for what its process sent last
          if (isDrained) {
            end(events + "event: end\ndata: {}\n\n");
            return;
          }
          isDrained = true;
        } else {
          isDrained = false;
        }
        if (events.isEmpty() && sent.plus(BEAT).isBefore(Instant.now())) {
          events.append(": beat\n\n");
        }
        if (!events.isEmpty()) {
          send(events.toString());
        }
      } catch (SheaveException e) {
        // deleted, or the database is away: the browser asks again, and gets the reason
        end("");
      } catch (RuntimeException e) {
        failed(e);
      }
    }

    synchronized void send(String events) {
      isBusy = true;
      sent = Instant.now();
      response.write(false, ByteBuffer.wrap(events.getBytes(StandardCharsets.UTF_8)), this);
    }

    synchronized void end(String events) {
      if (!isOver && !isBusy) {
        isOver = true;
        readers.remove(this);
        response.write(true, ByteBuffer.wrap(events.getBytes(StandardCharsets.UTF_8)), whole);
      } else if (!isOver && isEnded) {
        failed(new java.io.IOException("the server stops"));
      }
    }

    @Override
    public synchronized void succeeded() {
      isBusy = false;
    }

    @Override
    public synchronized void failed(Throwable error) {
      if (!isOver) {
        isOver = true;
        readers.remove(this);
        whole.failed(error);
      }
    }
  }
}
