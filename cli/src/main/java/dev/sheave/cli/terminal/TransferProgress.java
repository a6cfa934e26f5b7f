package dev.sheave.cli.terminal;

import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Shows how a transfer goes: on a terminal a bar that is written over and removed at the end,
 * elsewhere nothing; warnings in both cases. Safe for use by several threads.
 */
public final class TransferProgress implements TransferListener, AutoCloseable {
  private static final int WIDTH = 30;

  /** A terminal needn't be written to for each of a hundred thousand files. */
  private static final long PAUSE_NANOS = 100_000_000;

  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Terminal terminal;
  private final String verb;
  private int files;
  private long bytes;
  private int finished;
  private long moved;
  private long lastDrawn;
  private boolean isShown;

  /**
   * Shows a transfer.
   *
   * @param verb what it does, such as {@code Uploading}
   */
  public TransferProgress(Terminal terminal, String verb) {
    this.terminal = terminal;
    this.verb = verb;
  }

  @Override
  public synchronized void planned(int plannedFiles, long plannedBytes) {
    files += plannedFiles;
    bytes += plannedBytes;
    draw(true);
  }

  @Override
  public synchronized void moved(RelativePath path, long count) {
    moved += count;
    draw(false);
  }

  @Override
  public synchronized void finished(RelativePath path) {
    finished++;
    draw(finished == files);
  }

  @Override
  public synchronized void warning(String message) {
    close();
    terminal.complain(terminal.in(Colour.WARNING, "Warning: " + message));
  }

  /** Removes the bar. */
  @Override
  public synchronized void close() {
    if (isShown) {
      print(CLEAR_LINE);
      isShown = false;
    }
  }

  private void draw(boolean atOnce) {
    long now = System.nanoTime();
    if (!terminal.isTerminal() || files == 0 || (!atOnce && now - lastDrawn < PAUSE_NANOS)) {
      return;
    }
    lastDrawn = now;
    isShown = true;
    double share = bytes == 0 ? (double) finished / files : (double) moved / bytes;
    int full = (int) Math.round(Math.min(1, share) * WIDTH);
    print(
        CLEAR_LINE
            + verb
            + " ["
            + "#".repeat(full)
            + ".".repeat(WIDTH - full)
            + "] "
            + finished
            + "/"
            + files
            + " files, "
            + size(moved)
            + " of "
            + size(bytes));
  }

  private void print(String text) {
    PrintStream out = terminal.out();
    synchronized (out) {
      out.print(text);
      out.flush();
    }
  }

  /** Returns a number of bytes as people read it: {@code 3.4 MB}. */
  public static String size(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double number = bytes;
    String unit = "B";
    for (String next : new String[] {"kB", "MB", "GB", "TB"}) {
      if (number < 999.95) {
        break;
      }
      number /= 1000;
      unit = next;
    }
    return String.format(Locale.ROOT, "%.1f %s", number, unit);
  }
}
