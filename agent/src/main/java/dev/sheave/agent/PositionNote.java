package dev.sheave.agent;

import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that says how far the output of a run has been shown, by its first line. It is written
 * in place by one call: to replace it costs more than to show a line. Not safe for use by several
 * threads.
 */
final class PositionNote {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final Path path;
  private String position;
  private boolean isShowing;
  private @Nullable FileChannel file;
  private boolean isClosed;

  /** Goes on with what is noted. */
  PositionNote(Path path) {
    this.path = path;
    this.position = read(path).position();
  }

  /**
   * What is noted.
   *
   * @param position after the last line that was shown; empty at the beginning
   * @param end where what was shown ended before the lines that are being shown; empty if none are
   */
  record Place(String position, String end) {}

  /** Returns what is noted in a file, which may be missing. */
  static Place read(Path path) {
    try {
      String[] parts = Files.readString(path).split("\n", 2)[0].split("\t", 2);
      return new Place(parts[0], parts.length == 1 ? "" : parts[1]);
    } catch (NoSuchFileException e) {
      return new Place("", "");
    } catch (IOException e) {
      LOG.debug("What was shown can't be read in '{}': {}", path, IoReason.of(e));
      return new Place("", "");
    }
  }

  /** Notes the place after all lines that were shown. */
  void write(String next) {
    position = next;
    isShowing = false;
    writeLine(next);
  }

  /** Notes that lines are being shown, until their place is noted. */
  void writeShowing(String end) {
    if (!isShowing) {
      isShowing = true;
      writeLine(position + "\t" + end);
    }
  }

  private void writeLine(String line) {
    if (isClosed) {
      return;
    }
    try {
      FileChannel known = file; // an interrupt closes it
      FileChannel open = known != null && known.isOpen() ? known : open();
      open.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    } catch (IOException e) { // lines would be shown twice
      LOG.debug("What was shown can't be noted in '{}': {}", path, IoReason.of(e));
    }
  }

  private FileChannel open() throws IOException {
    PrivateFiles.createFolderIfMissing(path.resolveSibling("."));
    PrivateFiles.createFileIfMissing(path);
    FileChannel open = FileChannel.open(path, StandardOpenOption.WRITE);
    file = open;
    return open;
  }

  /** Notes nothing more. */
  void close() {
    isClosed = true;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.debug("'{}' can't be closed: {}", path, IoReason.of(e));
      }
    }
  }
}
