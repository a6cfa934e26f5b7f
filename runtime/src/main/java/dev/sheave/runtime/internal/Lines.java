package dev.sheave.runtime.internal;

import java.time.Instant;
import org.slf4j.event.Level;

/** Prints log lines. Safe for use by several threads. */
interface Lines {
  /** Prints a line. */
  void print(Instant time, Level level, String source, String message);
}
