package dev.sheave.orchestrator.internal.file;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that all processes of a machine respect, in the form of a locked file. The empty file
 * stays, since another process may be waiting for its lock. The system frees the lock of a process
 * that dies.
 */
public final class ProcessLock {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(10);

  /** A process holds a file's lock as a whole, so its threads take turns here first. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private ProcessLock() {}

  /** The work to do under the lock. */
  @FunctionalInterface
  public interface Guarded {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Runs something while no other process does.
   *
   * @param guarded the file to protect; the lock file lies beside it
   * @throws SheaveException {@code UNAVAILABLE} if somebody else holds the lock for a minute
   */
  public static void hold(Path guarded, Guarded action) throws IOException {
    Path file = guarded.resolveSibling(guarded.getFileName() + ".lock");
    THREADS.lock();
    try {
      PrivateFiles.createFileIfMissing(file);
      // closing the file frees the lock
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        lock(channel, file);
        action.run();
      }
    } finally {
      THREADS.unlock();
    }
  }

  /**
   * A file lock can be tried, or waited for without a time limit; so this tries again and again.
   */
  private static void lock(FileChannel channel, Path file) throws IOException {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!attempt(channel)) {
      if (System.nanoTime() > deadline) {
        throw new SheaveException(
            Code.UNAVAILABLE,
            "The lock "
                + file
                + " was held by another process for more than "
                + TIMEOUT.toSeconds()
                + " s; end that process and try again.");
      }
      try {
        Thread.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SheaveException(
            Code.INTERRUPTED, "Interrupted while waiting for the lock " + file + ".", e);
      }
    }
  }

  private static boolean attempt(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // held in this process by a second copy of this class, in another class loader
      return false;
    }
  }
}
