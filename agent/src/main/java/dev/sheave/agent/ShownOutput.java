package dev.sheave.agent;

import dev.sheave.internal.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that lines are shown in, as the standard output of an agent in the background. */
final class ShownOutput {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** How far behind an end a line is looked for: other runs may have shown theirs before it. */
  private static final int LOOKED_AT = 256 * 1024;

  private final Path file;

  private ShownOutput(Path file) {
    this.file = file;
  }

  /**
   * Returns the standard output of this program; null if it is no file, or the system can't say.
   */
  static @Nullable ShownOutput ofThisProgram() {
    try {
      return of(Path.of("/proc/self/fd/1").toRealPath());
    } catch (IOException e) {
      return null;
    }
  }

  /** Returns what is shown in a file; null if it is no regular one. */
  static @Nullable ShownOutput of(Path file) {
    boolean isNoted = file.toString().indexOf('\n') < 0; // as a line
    return isNoted && Files.isRegularFile(file) ? new ShownOutput(file) : null;
  }

  /** Returns where the file ends now, for {@link Since}; empty if that isn't known. */
  String end() {
    try {
      return Files.size(file) + " " + file;
    } catch (IOException e) {
      LOG.debug("How long '{}' is can't be seen: {}", file, IoReason.of(e));
      return "";
    }
  }

  /** What was shown behind what was the end. Not safe for use by several threads. */
  static final class Since {
    private final String end;
    private @Nullable String rest;

    /**
     * Looks at nothing so far.
     *
     * @param end what {@link ShownOutput#end} has returned; empty if nothing was shown
     */
    Since(String end) {
      this.end = end;
    }

    /** Returns whether a line was shown, behind those that this was asked of before. */
    boolean hasNext(String line) {
      String text = rest == null ? read(end) : rest;
      int found = text.indexOf(line + "\n");
      rest = found < 0 ? "" : text.substring(found + line.length() + 1);
      return found >= 0;
    }

    private static String read(String end) {
      int space = end.indexOf(' ');
      if (space < 0) {
        return "";
      }
      try (FileChannel file = FileChannel.open(Path.of(end.substring(space + 1)))) {
        InputStream in =
            Channels.newInputStream(file.position(Long.parseLong(end.substring(0, space))));
        return new String(in.readNBytes(LOOKED_AT), StandardCharsets.UTF_8);
      } catch (IOException | IllegalArgumentException e) {
        LOG.debug("What was shown can't be seen in '{}': {}", end, e.toString());
        return "";
      }
    }
  }
}
