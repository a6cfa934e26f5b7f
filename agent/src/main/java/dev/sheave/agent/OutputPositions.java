package dev.sheave.agent;

import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the output of runs has been shown: noted in the home after the lines that are shown at
 * once, so that the agent that follows a run after this one's death goes on from there. Which lines
 * were shown of those that were being shown right then is told by the file that the agent's
 * standard output goes to; if that is no file, they are shown again. Safe for use by several
 * threads.
 */
final class OutputPositions {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final Path folder;
  private final @Nullable ShownOutput shown;
  private final Map<UUID, ShownLines> runs = new ConcurrentHashMap<>();

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

  /**
   * Returns what shows the output of a run, and notes how far that is.
   *
   * @param shows takes lines, as many at once as are to be shown
   */
  RunOutput of(UUID run, Consumer<List<String>> shows) {
    return new RunOutput(
        line -> lines(run, shows).add(line), position -> lines(run, shows).place(position));
  }

  /** Does so for a run that goes on after what is noted. */
  RunOutput goingOn(UUID run, Consumer<List<String>> shows) {
    RunOutput rest = of(run, shows);
    ShownOutput.Since shownBefore = new ShownOutput.Since(PositionNote.read(file(run)).end());
    return new RunOutput(
        line -> {
          if (!shownBefore.hasNext(line)) {
            rest.lines().accept(line);
          }
        },
        rest.positions());
  }

  private ShownLines lines(UUID run, Consumer<List<String>> shows) {
    return runs.computeIfAbsent(
        run, id -> new ShownLines(new PositionNote(file(id)), shown, shows));
  }

  /** Shows at once what is to be shown of a run's output soon. */
  void show(UUID run) {
    ShownLines lines = runs.get(run);
    if (lines != null) {
      lines.show();
    }
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
    String position = PositionNote.read(file(run)).position();
    return position.isEmpty() ? null : position;
  }

  /** Removes what is noted of a run that has ended. */
  void forget(UUID run) {
    ShownLines lines = runs.remove(run);
    if (lines != null) {
      lines.close();
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
}
