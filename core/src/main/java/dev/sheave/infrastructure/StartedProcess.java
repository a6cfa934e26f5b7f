package dev.sheave.infrastructure;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that this program started, and whose output it streams. */
final class StartedProcess implements RunningInfrastructure {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessInfrastructure.class);

  /** How long a line of output waits at most. */
  private static final long POLL_MILLISECONDS = 100;

  private final Process process;
  private final String name;
  private final RunFolder folder;
  private final CompletableFuture<OptionalInt> exit = new CompletableFuture<>();

  StartedProcess(Process process, String name, RunFolder folder) {
    this.process = process;
    this.name = name;
    this.folder = folder;
  }

  /** Starts to watch the process from a thread of its own. */
  void watch(Consumer<String> output) {
    Thread watcher = new Thread(() -> follow(output), "sheave-process-" + process.pid());
    watcher.setDaemon(true);
    watcher.start();
  }

  private void follow(Consumer<String> output) {
    try (OutputFollower follower = new OutputFollower(folder.output(), output)) {
      while (!process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        follower.handOn();
      }
      follower.finish();
    } catch (IOException | RuntimeException e) { // of the one who takes the lines
      LOG.warn("The output of process '{}' is no longer shown: {}", name, e.toString());
    } catch (InterruptedException e) {
      LOG.warn("The output of process '{}' is no longer shown: interrupted", name);
    }
    finish(process.onExit().join().exitValue());
  }

  private void finish(int code) {
    if (code == 0) {
      LOG.info("Process '{}' exited cleanly.", name);
    } else {
      LOG.error(
          "Process '{}' exited with status code: {}{}",
          name,
          code,
          ExitCodes.explain(code).map(text -> "; " + text).orElse(""));
    }
    folder.delete();
    exit.complete(OptionalInt.of(code));
  }

  @Override
  public String pid() {
    return HostName.get() + ":" + process.pid();
  }

  @Override
  public CompletionStage<OptionalInt> exit() {
    return exit.minimalCompletionStage();
  }

  @Override
  public void kill(Duration grace) {
    ProcessTree.kill(process.toHandle(), grace);
  }
}
