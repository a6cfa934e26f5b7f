package dev.sheave.agent;

import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
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
  private final Map<UUID, String> noted = new HashMap<>();

  /** What has ended; its position may be asked for a last time. */
  private final Set<RunningInfrastructure> over = Collections.newSetFromMap(new WeakHashMap<>());

  OutputPositions(Path home) {
    this.folder = home.resolve("output-positions");
  }

  /** Notes how far the output of a run has been shown, unless that is noted already. */
  synchronized void note(UUID run, RunningInfrastructure running) {
    String position = running.position();
    if (over.contains(running) || position.equals(noted.put(run, position))) {
      return;
    }
    try {
      PrivateFiles.createFolderIfMissing(folder);
      PrivateFiles.write(file(run), position);
    } catch (IOException e) { // lines would be shown twice
      LOG.debug("What was shown of flow run '{}' can't be noted: {}", run, IoReason.of(e));
    }
  }

  /** Returns what is noted; null if nothing is. */
  @Nullable String of(UUID run) {
    try {
      return Files.readString(file(run)).strip();
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      LOG.debug("What was shown of flow run '{}' can't be read: {}", run, IoReason.of(e));
      return null;
    }
  }

  /** Removes what is noted of a run that has ended on some infrastructure. */
  synchronized void forget(UUID run, RunningInfrastructure ended) {
    over.add(ended);
    forget(run);
  }

  /** Removes what is noted of a run. */
  synchronized void forget(UUID run) {
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
