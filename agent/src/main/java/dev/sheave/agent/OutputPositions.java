package dev.sheave.agent;

import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the output of runs has been shown: noted in the home after each line, so that the agent
 * that follows a run after this one's death goes on from there. Whether the line was shown that was
 * being shown right then is told by the file that the agent's standard output goes to; if that is
 * no file, the line is shown again. Safe for use by several threads.
 */
final class OutputPositions {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final Path folder;
  private final @Nullable ShownOutput shown;
  private final Map<UUID, Note> notes = new ConcurrentHashMap<>();

  OutputPositions(Path home) {
    this(home, ShownOutput.ofThisProgram());
  }

  /**
   * Notes in a home.
   *
   * @param shown where lines are shown; null if it can't be read
   */
  OutputPositions(Path home, @Nullable ShownOutput shown) {
    this.folder = home.resolve("output-positions");
    this.shown = shown;
  }

  /** Returns what shows the output of a run, and notes how far that is. */
  RunOutput of(UUID run, Consumer<String> lines) {
    ShownOutput file = shown;
    return new RunOutput(
        file == null
            ? lines
            : line -> {
              note(run).writeShowing(file.end());
              lines.accept(line);
            },
        position -> note(run).write(position));
  }

  /** Does so for a run that goes on after what is noted. */
  RunOutput goingOn(UUID run, Consumer<String> lines) {
    String end = read(run).end();
    AtomicBoolean isFirst = new AtomicBoolean(!end.isEmpty());
    return of(
        run,
        line -> {
          if (!isFirst.getAndSet(false) || !ShownOutput.hasSince(end, line)) {
            lines.accept(line);
          }
        });
  }

  private Note note(UUID run) {
    return notes.computeIfAbsent(run, id -> new Note(file(id), read(id).position()));
  }

  /** Notes that an agent sees to a run from now on. */
  void begin(UUID run) {
    try {
      PrivateFiles.createFolderIfMissing(folder);
      PrivateFiles.createFileIfMissing(file(run));
    } catch (IOException e) { // it isn't removed by the next agent
      LOG.debug("Flow run '{}' can't be noted: {}", run, IoReason.of(e));
    }
  }

  /** Returns the runs of which something is noted, but nothing new for a while. */
  List<UUID> untouchedFor(Duration time) {
    Instant before = Instant.now().minus(time); // by the clock that the files have
    List<UUID> runs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        if (Files.getLastModifiedTime(each).toInstant().isBefore(before)) {
          runs.add(UUID.fromString(each.getFileName().toString()));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("The runs that are noted in '{}' can't be listed: {}", folder, e.toString());
    }
    return runs;
  }

  /** Returns how far the output of a run has been shown; null if nothing is noted. */
  @Nullable String noted(UUID run) {
    String position = read(run).position();
    return position.isEmpty() ? null : position;
  }

  /**
   * What is noted of a run.
   *
   * @param position after the last line that was shown; empty at the beginning
   * @param end where what was shown ended before the line that is being shown; empty if none is
   */
  private record Place(String position, String end) {}

  private Place read(UUID run) {
    try {
      String[] parts = Files.readString(file(run)).split("\n", 2)[0].split("\t", 2);
      return new Place(parts[0], parts.length == 1 ? "" : parts[1]);
    } catch (NoSuchFileException e) {
      return new Place("", "");
    } catch (IOException e) {
      LOG.debug("What was shown of flow run '{}' can't be read: {}", run, IoReason.of(e));
      return new Place("", "");
    }
  }

  /** Removes what is noted of a run that has ended. */
  void forget(UUID run) {
    Note note = notes.remove(run);
    if (note != null) {
      note.close();
    }
    try {
      Files.deleteIfExists(file(run));
    } catch (IOException e) {
      LOG.debug("What was shown of flow run '{}' can't be removed: {}", run, IoReason.of(e));
    }
  }

  private Path file(UUID run) {
    return folder.resolve(run.toString());
  }

  /**
   * The file of one run, whose first line is the place. It is written in place by one call: to
   * replace it costs more than to show a line.
   */
  private static final class Note {
    private final Path path;
    private String position;
    private @Nullable RandomAccessFile file;
    private boolean isClosed;

    Note(Path path, String position) {
      this.path = path;
      this.position = position;
    }

    synchronized void write(String next) {
      position = next;
      writeLine(next);
    }

    synchronized void writeShowing(String end) {
      writeLine(position + "\t" + end);
    }

    private void writeLine(String line) {
      if (isClosed) {
        return;
      }
      try {
        RandomAccessFile open = file == null ? open() : file;
        open.seek(0);
        open.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) { // lines would be shown twice
        LOG.debug("What was shown can't be noted in '{}': {}", path, IoReason.of(e));
      }
    }

    private RandomAccessFile open() throws IOException {
      PrivateFiles.createFolderIfMissing(path.resolveSibling("."));
      PrivateFiles.createFileIfMissing(path);
      RandomAccessFile open = new RandomAccessFile(path.toFile(), "rw");
      file = open;
      return open;
    }

    synchronized void close() {
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
}
