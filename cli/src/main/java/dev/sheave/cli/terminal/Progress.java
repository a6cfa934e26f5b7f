package dev.sheave.cli.terminal;

import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import java.time.Duration;
import java.util.Locale;

/**
 * Shows how far a transfer is in a line that is written over, on a terminal alone. Safe for use by
 * several threads.
 */
public final class Progress implements TransferListener, AutoCloseable {
  private static final long INTERVAL = Duration.ofMillis(100).toNanos();

  private final Terminal terminal;
  private final long start = System.nanoTime();
  private long shown = start;
  private int files;
  private long bytes;
  private int filesDone;
  private long bytesDone;
  private boolean isOpen;

  /** Shows progress on a terminal. */
  public Progress(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public synchronized void planned(int plannedFiles, long plannedBytes) {
    files += plannedFiles;
    bytes += plannedBytes;
  }

  @Override
  public synchronized void moved(RelativePath path, long moved) {
    bytesDone += moved;
    show();
  }

  @Override
  public synchronized void finished(RelativePath path) {
    filesDone++;
    show();
  }

  @Override
  public synchronized void remark(String message) {
    clear();
    terminal.complain(terminal.in(Colour.REMARK, "Remark: " + message));
  }

  private void show() {
    long now = System.nanoTime();
    if (!terminal.isTerminal() || now - shown < INTERVAL) {
      return;
    }
    shown = now;
    isOpen = true;
    terminal
        .out()
        .print(
            "\r\u001b[K"
                + filesDone
                + " of "
                + files
                + (files == 1 ? " file, " : " files, ")
                + size(bytesDone)
                + " of "
                + size(bytes));
    terminal.out().flush();
  }

  private void clear() {
    if (isOpen) {
      terminal.out().print("\r\u001b[K");
      terminal.out().flush();
      isOpen = false;
    }
  }

  /** Takes the line away. */
  @Override
  public synchronized void close() {
    clear();
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
