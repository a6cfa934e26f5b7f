package dev.sheave.logging;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The lines that were logged, at every level: {@code DEBUG a.b.C: text}. */
public final class RecordedLog {
  private static final List<String> LINES = new CopyOnWriteArrayList<>();

  private RecordedLog() {}

  static void add(String line) {
    LINES.add(line);
  }

  /** Forgets the lines so far. */
  public static void clear() {
    LINES.clear();
  }

  /** The lines of a class's logger. */
  public static List<String> of(Class<?> type) {
    return LINES.stream().filter(line -> line.contains(" " + type.getName() + ": ")).toList();
  }
}
