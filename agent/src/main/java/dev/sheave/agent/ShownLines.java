package dev.sheave.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the lines of a run, and notes how far that is. A line that comes alone is shown at once;
 * those that follow in quick succession are gathered, so that showing and noting costs little for
 * each of many. Safe for use by several threads.
 */
final class ShownLines {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** How long a line is kept back at most. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** How much is shown at once, long lines apart: what fits into one call of the system. */
  private static final int MAX_CHARACTERS = 8000;

  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final PositionNote note;
  private final @Nullable ShownOutput file;
  private final Consumer<List<String>> shows;
  private List<String> lines = new ArrayList<>();
  private int characters;
  private String position = "";
  private boolean isPlaced;
  private boolean isDue;
  private long shownAt = System.nanoTime() - PAUSE.toNanos();

  /**
   * Shows nothing so far.
   *
   * @param file where lines are shown; null if it can't be read
   * @param shows takes lines, as many at once as are to be shown
   */
  ShownLines(PositionNote note, @Nullable ShownOutput file, Consumer<List<String>> shows) {
    this.note = note;
    this.file = file;
    this.shows = shows;
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, Workers::thread);
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Shows a line, now or soon. */
  synchronized void add(String line) {
    if (characters + line.length() > MAX_CHARACTERS) {
      show();
    }
    lines.add(line);
    characters += line.length() + 1;
    isPlaced = false;
    if (System.nanoTime() - shownAt >= PAUSE.toNanos()) {
      show();
    } else if (!isDue) {
      isDue = true;
      Future<?> unused = TIMER.schedule(this::showDue, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Notes the place after the last line, when that is shown. */
  synchronized void place(String next) {
    position = next;
    isPlaced = true;
    if (lines.isEmpty()) {
      note.write(next);
    }
  }

  private void showDue() {
    try {
      show();
    } catch (RuntimeException e) { // of whoever takes the lines
      LOG.warn("Output of a flow run can't be shown: {}", e.toString());
    }
  }

  /** Shows what is gathered. */
  synchronized void show() {
    isDue = false;
    if (lines.isEmpty()) {
      return;
    }
    List<String> gathered = lines;
    lines = new ArrayList<>();
    characters = 0;
    if (file != null) {
      note.writeShowing(file.end());
    }
    shows.accept(gathered);
    if (isPlaced) {
      note.write(position);
    }
    shownAt = System.nanoTime();
  }

  /** Shows what is gathered, and notes nothing more. */
  synchronized void close() {
    showDue();
    note.close();
  }
}
