package dev.sheave.infrastructure;

import dev.sheave.internal.HostName;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that this program started, and whose output it streams. */
final class StartedProcess implements RunningInfrastructure {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessInfrastructure.class);

  /** How long a line of output waits at most. */
  private static final long POLL_MILLISECONDS = 100;

  /** How long the last of what a process printed may be on its way to the file. */
  private static final Duration OUTPUT_TIMEOUT = Duration.ofSeconds(2);

  private final UUID run;
  private final Process process;
  private final @Nullable Process writer;
  private final String name;
  private final RunFolder folder;
  private final Optional<RunCgroup> cgroup;
  private final CompletableFuture<OptionalInt> exit = new CompletableFuture<>();

  /**
   * Names a process.
   *
   * @param writer writes what it prints to the folder's file; null if it does so itself
   * @param cgroup the control group it is in, if any
   */
  StartedProcess(
      UUID run,
      Process process,
      @Nullable Process writer,
      String name,
      RunFolder folder,
      Optional<RunCgroup> cgroup) {
    this.run = run;
    this.process = process;
    this.writer = writer;
    this.name = name;
    this.folder = folder;
    this.cgroup = cgroup;
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
      if (writer != null) { // it goes on if the run left something that may print
        writer.waitFor(OUTPUT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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
    cgroup.ifPresent(RunCgroup::removeIfEmpty);
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
    RunProcesses.of(run, process.toHandle()).kill(grace);
  }

  @Override
  public Optional<String> killLimits() {
    return RunProcesses.of(run, process.toHandle()).limits();
  }
}
