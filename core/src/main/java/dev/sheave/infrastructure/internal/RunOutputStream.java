package dev.sheave.infrastructure.internal;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The standard output of a run's process. Where an agent keeps what the process prints in a file,
 * Java code appends to that file itself: standard output is a pipe to a small process that bounds
 * the file, and to wake that for each line costs more than to write the line. Beyond the bound, or
 * if the file can't be written, all goes to the pipe. Safe for use by several threads.
 */
public final class RunOutputStream extends OutputStream {
  /** The system property that names the file. */
  public static final String FILE_PROPERTY = "sheave.flow-run.output";

  /** How much of what a process prints is kept, in bytes. */
  public static final int MAX_BYTES = 10 * 1024 * 1024;

  /**
   * How much is written before the file's length is read again: child processes write to it too.
   */
  private static final int CHECK_BYTES = 64 * 1024;

  private final @Nullable File file;
  private final OutputStream standardOutput;
  private @Nullable OutputStream direct;
  private long length;
  private long unchecked;

  RunOutputStream(@Nullable String file, OutputStream standardOutput) {
    this.file = file == null ? null : new File(file);
    this.standardOutput = standardOutput;
    try {
      if (this.file != null && this.file.exists()) {
        this.direct = new FileOutputStream(this.file, true);
        this.length = this.file.length();
      }
    } catch (IOException e) {
      this.direct = null; // the pipe is there
    }
  }

  /** Returns the standard output of this process. */
  public static RunOutputStream ofProcess() {
    return new RunOutputStream(
        System.getProperty(FILE_PROPERTY), new FileOutputStream(FileDescriptor.out));
  }

  /** Returns whether it goes to a file, as long as it can. */
  public boolean isFile() {
    return file != null;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int count) throws IOException {
    if (direct != null && hasRoom(count)) {
      try {
        direct.write(bytes, offset, count);
        return;
      } catch (IOException e) { // the disk may be full, which the pipe's reader notes in the file
        closeFile();
      }
    }
    standardOutput.write(bytes, offset, count);
  }

  private boolean hasRoom(int count) {
    length += count;
    unchecked += count;
    if (unchecked >= CHECK_BYTES) {
      length = Objects.requireNonNull(file).length() + count;
      unchecked = 0;
    }
    if (length > MAX_BYTES) {
      closeFile();
      return false;
    }
    return true;
  }

  private void closeFile() {
    try {
      Objects.requireNonNull(direct).close();
    } catch (IOException e) {
      // nothing is buffered in it
    }
    direct = null;
  }

  /** Does nothing: the process may print as long as it lives. */
  @Override
  public void close() {}
}
