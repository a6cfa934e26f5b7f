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
  /** The height of the drawing in pixels; its width is the page's. */
  static final int HEIGHT = 120;

  private static final int MARGIN = 12;

  /**
   * A run in the drawing.
   *
   * @param x its place between both sides, in percent
   * @param y its place in pixels
   * @param path its shape, around that place
   * @param colour the name of its colour
   * @param title its name, state and duration
   */
  record Point(String x, String y, String path, String colour, String title) {}

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
                  double x = 100 * Duration.between(from, start(run)).toMillis() / width;
                  double y = HEIGHT - MARGIN - time.toMillis() / height * (HEIGHT - 2 * MARGIN);
                  StateType type = run.state().type();
                  return new Point(
                      decimal(x),
                      decimal(y),
                      shape(type),
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
  private static String shape(StateType type) {
    return switch (type) {
      case COMPLETED -> "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z";
      case FAILED -> "M-5 -5h9v9h-9z";
      case CRASHED -> "M0 -6l6 11h-12z";
      default -> "M0 -6l6 6l-6 6l-6 -6z";
    };
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
