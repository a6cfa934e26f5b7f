package dev.sheave.runtime.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.LogFilter;
import dev.sheave.api.LogLevel;
import dev.sheave.api.Page;
import dev.sheave.api.TimeMatch;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.internal.OneLine;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The log of one flow run: writes its lines to standard output at once, and to the run's record in
 * batches later, from another thread. Writing never waits for the store. Safe for use by several
 * threads.
 *
 * <p>What a run may write is bounded: {@value #MAX_MESSAGE} characters a line, {@value #BURST}
 * lines or {@value #BURST_CHARACTERS} characters at once, and {@value #LINES_PER_SECOND} lines or
 * {@value #CHARACTERS_PER_SECOND} characters a second in the long run. While lines can't be
 * recorded, as on a full disk, {@value #MAX_WAITING_CHARACTERS} characters are kept for later. What
 * is left out is counted, and said in a line.
 */
public final class RunLog implements AutoCloseable {
  /** The name of the logger that flows get from their context. */
  public static final String LOGGER_NAME = FlowRunContext.LOGGER_NAME;

  /** How many characters of a message are kept. */
  public static final int MAX_MESSAGE = 65_536;

  /** How many lines a run may write at once. */
  public static final int BURST = 200_000;

  /** How many lines a second a run may write in the long run. */
  public static final int LINES_PER_SECOND = 2_000;

  /** How many characters a run may write at once. */
  public static final int BURST_CHARACTERS = 100_000_000;

  /** How many characters a second a run may write in the long run. */
  public static final int CHARACTERS_PER_SECOND = 1_000_000;

  /** How long lines wait for others to go with. */
  private static final Duration BATCH_DELAY = Duration.ofMillis(300);

  private static final int BATCH_LINES = 1_000;
  private static final int BATCH_CHARACTERS = 4_000_000;
  private static final long MAX_WAITING_CHARACTERS = 64_000_000;

  /** How long one who writes waits for a store that says nothing. */
  private static final Duration MAX_STALL = Duration.ofSeconds(2);

  private static final Duration RETRY_DELAY = Duration.ofMillis(500);

  private final UUID flowRunId;
  private final String title;
  private final FlowRunApi api;
  private final Console console;
  private final Level threshold;
  private final boolean recordsItself;
  private final RateLimit rate = new RateLimit(BURST, LINES_PER_SECOND);
  private final RateLimit volume = new RateLimit(BURST_CHARACTERS, CHARACTERS_PER_SECOND);

  private final Object lock = new Object();
  private final ArrayDeque<NewLogLine> waiting = new ArrayDeque<>();
  private Instant lastTime = Instant.EPOCH;
  private long waitingCharacters;
  private long leftOut;
  private long lost;
  private String failure = "";
  private long taken;
  private long settled;
  private long wanted;
  private boolean closed;
  private boolean isStalled;
  private boolean isRecording;
  private @Nullable Future<?> due;

  /** Who is recording lines; what it says itself is printed only. */
  private volatile @Nullable Thread recorder;

  /**
   * Starts the log of a run.
   *
   * @param api where the lines are recorded
   * @param threshold lines below it are left out
   * @param recordsItself whether {@link #flush} calls the store itself, which spares a thread: it
   *     then takes as long as a call does. Otherwise no store that hangs holds it up.
   * @param standardOutput where they are printed
   */
  public RunLog(
      UUID flowRunId,
      String flowRunName,
      FlowRunApi api,
      Level threshold,
      boolean recordsItself,
      PrintStream standardOutput) {
    this.flowRunId = flowRunId;
    this.title = "Flow run '" + OneLine.of(flowRunName) + "'";
    this.api = api;
    this.threshold = threshold;
    this.recordsItself = recordsItself;
    this.console = new Console(standardOutput);
  }

  /** The logger of the run itself. */
  public Logger logger() {
    return new RunLogger(LOGGER_NAME, threshold, this::write);
  }

  /** Writes a line, of the run's own logger or of another. */
  void write(String loggerName, Level level, String message) {
    boolean ofTheRun = loggerName.equals(LOGGER_NAME);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    String text = shortened(message);
    if (Thread.currentThread() == recorder || take(loggerName, level, text, now)) {
      console.print(now, level, ofTheRun ? title : loggerName, text);
    }
  }

  /**
   * Returns whether a line is within the run's limit. After the end it may, but is only printed.
   */
  private boolean take(String loggerName, Level level, String text, Instant now) {
    synchronized (lock) {
      if (!awaitRoom(text.length())) {
        lost++;
        return false;
      }
      if (!volume.has(text.length()) || !rate.tryTake(1)) {
        leftOut++;
        return false;
      }
      volume.tryTake(text.length());
      if (!closed) {
        append(loggerName, numberOf(level), text, now);
      }
      return true;
    }
  }

  /** Waits for the store, as long as it takes lines; who writes faster than it is held up. */
  private boolean awaitRoom(int characters) {
    long deadline = System.nanoTime() + MAX_STALL.toNanos();
    while (waitingCharacters + characters > MAX_WAITING_CHARACTERS) {
      long left = deadline - System.nanoTime();
      isStalled |= left <= 0;
      if (isStalled || closed || !failure.isEmpty()) {
        return false;
      }
      try {
        lock.wait(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  private void append(String loggerName, int level, String text, Instant now) {
    // each line has a time of its own, by which it is found again
    lastTime = now.isAfter(lastTime) ? now : lastTime.plus(1, ChronoUnit.MICROS);
    waiting.add(new NewLogLine(flowRunId, loggerName, level, text, lastTime));
    waitingCharacters += text.length();
    taken++;
    if (waiting.size() >= BATCH_LINES) {
      recordNow();
    } else {
      recordLater();
    }
  }

  private static String shortened(String message) {
    // the store can't keep the character 0
    String text = message.indexOf('\0') < 0 ? message : message.replace('\0', '\uFFFD');
    return text.length() <= MAX_MESSAGE
        ? text
        : text.substring(0, MAX_MESSAGE)
            + String.format("… (%,d more characters were left out)", text.length() - MAX_MESSAGE);
  }

  private static int numberOf(Level level) {
    return switch (level) {
      case TRACE -> LogLevel.TRACE;
      case DEBUG -> LogLevel.DEBUG;
      case INFO -> LogLevel.INFO;
      case WARN -> LogLevel.WARNING;
      case ERROR -> LogLevel.ERROR;
    };
  }

  /** Lets lines wait for others to go with. */
  private void recordLater() {
    if (!isRecording && due == null) {
      due = RunThreads.later(BATCH_DELAY, this::recordNow);
    }
  }

  private void recordNow() {
    if (begins()) {
      RunThreads.start("sheave-run-log", () -> record(nextBatch(true), false));
    }
  }

  /** Returns whether the caller is the one to record lines from now on. */
  private boolean begins() {
    synchronized (lock) {
      if (isRecording) {
        return false;
      }
      isRecording = true;
      if (due != null) {
        due.cancel(false);
        due = null;
      }
      return true;
    }
  }

  /**
   * Waits until all lines written before are recorded, or given up.
   *
   * @param atMost how long
   * @return whether they are
   */
  public boolean flush(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    long target;
    boolean begins = false;
    synchronized (lock) {
      sayWhatWasLeftOut(); // nothing may come after it that would say so
      target = taken;
      wanted = Math.max(wanted, target);
      if (settled < target && recordsItself) {
        begins = begins();
      } else if (settled < target) {
        recordNow();
      }
    }
    boolean interrupted = Thread.interrupted(); // the lines go first
    if (begins) {
      record(nextBatch(true), true);
      interrupted |= Thread.interrupted();
    }
    synchronized (lock) {
      while (settled < target) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          break;
        }
        try {
          lock.wait(left / 1_000_000, (int) (left % 1_000_000));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return settled >= target;
    }
  }

  /** Records the remaining lines, within 30 seconds, and ends. */
  @Override
  public void close() {
    flush(Duration.ofSeconds(30));
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
  }

  /**
   * Records a batch, and those that are to follow it at once.
   *
   * @param isFlush whether this is the thread of one who waits for it: another one waits for a
   *     store that is away
   */
  private void record(List<NewLogLine> first, boolean isFlush) {
    List<NewLogLine> batch = first;
    while (!batch.isEmpty()) {
      if (!isFlush) {
        send(batch, false);
      } else {
        SheaveException failure = attempt(batch, false);
        if (failure != null) {
          if (failure.code() == Code.INTERRUPTED) {
            Thread.currentThread().interrupt(); // it is for what comes after the lines
          }
          List<NewLogLine> unsent = batch;
          RunThreads.start("sheave-run-log", () -> recordAgain(unsent));
          return;
        }
      }
      batch = settle(batch);
    }
  }

  private void recordAgain(List<NewLogLine> unsent) {
    send(unsent, true);
    record(settle(unsent), false);
  }

  /** Counts a batch as done, and returns the next one. */
  private List<NewLogLine> settle(List<NewLogLine> batch) {
    synchronized (lock) {
      settled += batch.size();
      isStalled = false;
      lock.notifyAll();
      return nextBatch(false);
    }
  }

  /**
   * Returns the lines that are recorded next; none if that is for later, or the log is closed.
   *
   * @param isDue whether those that wait have done so for long enough
   */
  private List<NewLogLine> nextBatch(boolean isDue) {
    synchronized (lock) {
      sayWhatWasLeftOut();
      List<NewLogLine> batch = new ArrayList<>();
      if (isDue || closed || wanted > settled || waiting.size() >= BATCH_LINES) {
        int characters = 0;
        while (!waiting.isEmpty() && batch.size() < BATCH_LINES && characters < BATCH_CHARACTERS) {
          NewLogLine line = waiting.remove();
          characters += line.message().length();
          batch.add(line);
        }
        waitingCharacters -= characters;
      }
      isRecording = !batch.isEmpty();
      if (!waiting.isEmpty()) {
        recordLater();
      }
      return batch;
    }
  }

  private void sayWhatWasLeftOut() {
    if (closed) {
      return;
    }
    if (leftOut > 0) {
      warn(
          String.format(
              "%,d log lines were left out: after its first %,d lines or %,d characters, a run may"
                  + " write %,d lines or %,d characters a second.",
              leftOut, BURST, BURST_CHARACTERS, LINES_PER_SECOND, CHARACTERS_PER_SECOND));
      leftOut = 0;
    }
    if (lost > 0) {
      warn(
          String.format(
              "%,d log lines were lost: they could not be recorded, and no more than %,d characters"
                  + " are kept meanwhile. %s",
              lost, MAX_WAITING_CHARACTERS, failure));
      lost = 0;
    }
  }

  private void warn(String text) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    append(LOGGER_NAME, LogLevel.WARNING, text, now);
    console.print(now, Level.WARN, title, text);
  }

  /** Records a batch, whenever the store is there. */
  private void send(List<NewLogLine> batch, boolean wasTried) {
    boolean said = false;
    boolean isTriedAgain = wasTried;
    while (true) {
      SheaveException failure = attempt(batch, isTriedAgain);
      if (failure == null) {
        return;
      }
      if (failure.code() == Code.INTERRUPTED || isClosed()) {
        giveUp(batch, failure);
        return;
      }
      setFailure(failure.getMessage());
      if (!said) {
        complain("Log lines are waiting to be recorded: " + failure.getMessage());
        said = true;
      }
      isTriedAgain = true;
      try {
        Thread.sleep(RETRY_DELAY.toMillis());
      } catch (InterruptedException e) {
        return; // nobody but a flow that stops every thread it finds does this; standard output
        // still has the lines
      }
    }
  }

  /**
   * Tries to record a batch, or gives it up.
   *
   * @return why it isn't recorded if it may be later: the store is away, or this thread was
   *     interrupted; null otherwise
   */
  private @Nullable SheaveException attempt(List<NewLogLine> batch, boolean isTriedAgain) {
    recorder = Thread.currentThread();
    try {
      if (!isTriedAgain || !isRecorded(batch)) {
        api.createLogs(batch);
      }
      setFailure("");
    } catch (SheaveException e) {
      if (e.code() == Code.UNAVAILABLE || e.code() == Code.INTERRUPTED) {
        return e;
      }
      giveUp(batch, e);
    } catch (RuntimeException e) { // a defect must not end the log
      complain(batch.size() + " log lines could not be recorded: " + e);
    } finally {
      recorder = null;
    }
    return null;
  }

  private void giveUp(List<NewLogLine> batch, SheaveException e) {
    boolean isNew = !failure().equals(e.getMessage());
    setFailure(e.getMessage());
    if (isNew) { // who deleted the run doesn't hear it with each batch
      complain(batch.size() + " log lines could not be recorded: " + e.getMessage());
    }
  }

  /**
   * Returns whether a batch is recorded though no answer said so: it is as a whole or not at all.
   */
  private boolean isRecorded(List<NewLogLine> batch) {
    NewLogLine last = batch.get(batch.size() - 1);
    LogFilter filter =
        LogFilter.ofFlowRun(flowRunId).toBuilder()
            .timestamp(TimeMatch.between(last.timestamp(), last.timestamp()))
            .build();
    return api.listLogs(filter, LogSort.TIMESTAMP_ASC, Page.FIRST).stream()
        .anyMatch(line -> line.line().name().equals(last.name()));
  }

  /** Why lines can't be recorded now; empty if they can. */
  public String failure() {
    synchronized (lock) {
      return failure;
    }
  }

  private void setFailure(String text) {
    synchronized (lock) {
      failure = text;
    }
  }

  private boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  private void complain(String text) {
    console.print(Instant.now(), Level.WARN, title, text);
  }
}
