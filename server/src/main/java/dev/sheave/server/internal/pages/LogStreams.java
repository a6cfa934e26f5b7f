package dev.sheave.server.internal.pages;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.LogFilter;
import dev.sheave.api.LogLevel;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.internal.AllPages;
import dev.sheave.internal.Json;
import dev.sheave.server.internal.Lookout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Sends the logs of runs, line by line, to those who follow them: as server-sent events whose ids
 * are those of the lines, so that a reader whose connection broke goes on after the last one. When
 * the run is over and all lines are sent, an event ends the stream. One thread serves all readers,
 * and waits for none: a reader gets the next lines when it has taken the last ones. Safe for use by
 * several threads.
 */
final class LogStreams extends ContainerLifeCycle {
  private static final Duration BEAT = Duration.ofSeconds(15);

  /** How long a reader may take for what it was sent. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FlowRunApi runs;
  private final Duration patience;
  private final Lookout<Reader> readers = new Lookout<>("sheave-log-streams", this::look);
  private volatile boolean isEnded;

  LogStreams(FlowRunApi runs, Duration patience) {
    this.runs = runs;
    this.patience = patience;
    installBean(readers);
  }

  @Override
  protected void doStop() throws Exception {
    endAll();
    super.doStop();
  }

  /** Ends all streams, without the event that says that the run is over. */
  void endAll() {
    isEnded = true;
    readers.waiting().forEach(reader -> reader.end(""));
  }

  /** How many follow a log. */
  int readers() {
    return readers.waiting().size();
  }

  boolean isEnded() {
    return isEnded;
  }

  /** Begins to send a run's log, after the line that the header {@code Last-Event-ID} names. */
  void follow(UUID run, Request request, Response response, Callback callback) {
    try {
      runs.readFlowRun(run);
    } catch (SheaveException e) {
      response.setStatus(e.code() == Code.NOT_FOUND ? 404 : 503);
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

  /** Sends what is new to all; each part of a log is read once, however many follow it. */
  private void look(Set<Reader> all) {
    Map<UUID, List<Reader>> byRun = all.stream().collect(groupingBy(reader -> reader.run));
    try {
      // the states first: the lines of a run that is over are there by then
      FlowRunFilter followed = FlowRunFilter.ALL.withIds(byRun.keySet());
      Map<UUID, State> states =
          AllPages.read(page -> runs.listFlowRuns(followed, FlowRunSort.ID_DESC, page)).stream()
              .collect(toMap(FlowRunRecord::id, FlowRunRecord::state));
      byRun.forEach((run, some) -> look(some, states.get(run)));
    } catch (SheaveException e) {
      // the database is away: the browsers ask again, and get the reason
      all.forEach(reader -> reader.end(""));
    }
  }

  private void look(List<Reader> ofRun, @Nullable State state) {
    Map<Optional<UUID>, List<LogLine>> read = new HashMap<>();
    for (Reader reader : ofRun) {
      try {
        reader.look(
            state,
            last ->
                read.computeIfAbsent(Optional.ofNullable(last), after -> lines(reader.run, last)));
      } catch (SheaveException e) {
        reader.end("");
        if (e.code() == Code.UNAVAILABLE) {
          throw e;
        }
      } catch (RuntimeException e) {
        reader.failed(e);
      }
    }
  }

  private List<LogLine> lines(UUID run, @Nullable UUID after) {
    return runs.listLogs(
        LogFilter.ofFlowRun(run), LogSort.RECORDED_ASC, new Page(Page.MAX_LIMIT, 0, after));
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

    /**
     * Sends what is new.
     *
     * @param state the run's state; null if the run is gone
     * @param after reads the lines after one; all after null
     */
    synchronized void look(@Nullable State state, Function<@Nullable UUID, List<LogLine>> after) {
      if (isOver) {
        return;
      }
      if (isBusy) {
        if (sent.plus(patience).isBefore(Instant.now())) {
          failed(new IOException("the reader doesn't take what it is sent"));
        }
        return;
      }
      if (state == null) {
        end("");
        return;
      }
      List<LogLine> lines = after.apply(last);
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
        failed(new IOException("the server stops"));
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
