package dev.sheave.agent;

import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the output of runs has been shown: noted in the home from time to time, so that the agent
 * that follows a run after this one's death goes on from there. Safe for use by several threads.
 */
final class OutputPositions {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final Path folder;
  private final Map<UUID, String> noted = new ConcurrentHashMap<>();

  OutputPositions(Path home) {
    this.folder = home.resolve("output-positions");
  }

  /** Notes a position, unless it is noted already. */
  void note(UUID run, String position) {
    if (position.equals(noted.put(run, position))) {
      return;
    }
    try {
      PrivateFiles.createFolderIfMissing(folder);
      Files.writeString(file(run), position + "\n");
    } catch (IOException e) { // lines would be shown twice
      LOG.debug("What was shown of flow run '{}' can't be noted: {}", run, IoReason.of(e));
    }
  }

  /** Returns what is noted; null if nothing is. */
  @Nullable String of(UUID run) {
    try {
      String position = Files.readString(file(run));
      return position.endsWith("\n") ? position.strip() : null;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      LOG.debug("What was shown of flow run '{}' can't be read: {}", run, IoReason.of(e));
      return null;
    }
  }

  /** Removes what is noted of a run that has ended. */
  void forget(UUID run) {
    if (noted.remove(run) == null && !Files.exists(file(run))) {
      return;
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
