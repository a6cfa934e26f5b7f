package dev.sheave.server.internal.pages;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.StateType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A drawing of when runs started and how long they took, each with the shape and the colour of its
 * state.
 *
 * @param points the runs
 * @param from the time at its left side
 * @param to the time at its right side
 * @param longest the duration at its top
 */
record RunPlot(List<Point> points, Instant from, Instant to, Duration longest) {
  static final int WIDTH = 1000;
  static final int HEIGHT = 120;
  private static final int MARGIN = 12;
  private static final int SIZE = 5;

  /**
   * A run in the drawing.
   *
   * @param path the path of its shape
   * @param colour the name of its colour
   * @param title its name, state and duration
   */
  record Point(String path, String colour, String title) {}

  /** Draws the runs that have started; null if there are fewer than two. */
  static @Nullable RunPlot of(List<FlowRunRecord> runs, Instant now) {
    List<FlowRunRecord> started = runs.stream().filter(run -> run.startTime() != null).toList();
    if (started.size() < 2) {
      return null;
    }
    Instant from = started.stream().map(RunPlot::start).min(Instant::compareTo).orElse(now);
    Instant to = started.stream().map(RunPlot::start).max(Instant::compareTo).orElse(now);
    Duration longest =
        started.stream()
            .map(run -> run.estimatedRunTime(now))
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    double width = Math.max(1, Duration.between(from, to).toMillis());
    double height = Math.max(1, longest.toMillis());
    List<Point> points =
        started.stream()
            .map(
                run -> {
                  Duration time = run.estimatedRunTime(now);
                  double x =
                      MARGIN
                          + Duration.between(from, start(run)).toMillis()
                              / width
                              * (WIDTH - 2 * MARGIN);
                  double y = HEIGHT - MARGIN - time.toMillis() / height * (HEIGHT - 2 * MARGIN);
                  StateType type = run.state().type();
                  return new Point(
                      shape(type, x, y),
                      Show.colour(type),
                      run.name() + ": " + run.state().name() + ", " + Show.duration(time));
                })
            .toList();
    return new RunPlot(points, from, to, longest);
  }

  private static Instant start(FlowRunRecord run) {
    return Objects.requireNonNull(run.startTime());
  }

  /** A circle for a run that completed, a square for one that failed, a triangle, a diamond. */
  private static String shape(StateType type, double x, double y) {
    return switch (type) {
      case COMPLETED -> path("M%.1f %.1fa5 5 0 1 0 10 0a5 5 0 1 0 -10 0z", x - SIZE, y);
      case FAILED -> path("M%.1f %.1fh9v9h-9z", x - SIZE, y - SIZE);
      case CRASHED -> path("M%.1f %.1fl6 11h-12z", x, y - SIZE - 1);
      default -> path("M%.1f %.1fl6 6l-6 6l-6 -6z", x, y - SIZE - 1);
    };
  }

  private static String path(String format, double x, double y) {
    return String.format(Locale.ROOT, format, x, y);
  }
}
