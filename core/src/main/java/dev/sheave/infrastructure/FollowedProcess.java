package dev.sheave.infrastructure;

import dev.sheave.internal.IoReason;
import dev.sheave.internal.OneLine;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's process, started by this program or another: what it prints is handed on, and how it ends
 * is looked up where that is noted.
 */
final class FollowedProcess implements RunningInfrastructure {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessInfrastructure.class);

  /** How long a line of output, or an end, waits at most. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  /** How often it is looked for the last of the output. */
  private static final Duration SETTLE_INTERVAL = Duration.ofMillis(5);

  /** How long the exit code, and the last of the output, may be on their way after the end. */
  private static final Duration SETTLE_TIME = Duration.ofSeconds(2);

  /**
   * How long the exit code may be on its way while the one who notes it is there: a busy machine.
   */
  private static final Duration NOTE_TIME = Duration.ofSeconds(30);

  /** Whether a dead process still waits for its parent costs a file to look. */
  private static final int LOOKS_PER_ZOMBIE_CHECK = 10;

  private static final AtomicInteger THREADS = new AtomicInteger();
  private static final ScheduledExecutorService POLLS = polls();

  private final ProcessInfrastructure block;
  private final RunRequest request;
  private final String name;
  private final String pid;
  private final Optional<ProcessHandle> process;
  private final Optional<ProcessHandle> parent;
  private final Optional<Process> child;
  private final Optional<RunFolder> folder;
  private final String launch;
  private final CompletableFuture<Ended> ended = new CompletableFuture<>();
  private @Nullable OutputFollower output;
  private @Nullable Ended end;
  private long deadSince;
  private long endSince;
  private int looks;
  private boolean isChildLost;
  private boolean isClosed;

  /**
   * Which process it is.
   *
   * @param pid as other programs name it
   * @param process the run's own; empty if it no longer exists
   * @param child of this program: it awaits the run's process, or is that; empty if another program
   *     started the run
   */
  record Identity(String pid, Optional<ProcessHandle> process, Optional<Process> child) {}

  /**
   * Names a process.
   *
   * @param name what people call it
   * @param folder of its files; empty if it is gone
   * @param launch names the files of its end in the folder
   */
  FollowedProcess(
      ProcessInfrastructure block,
      RunRequest request,
      String name,
      Identity identity,
      Optional<RunFolder> folder,
      String launch) {
    this.block = block;
    this.request = request;
    this.name = OneLine.of(name);
    this.pid = identity.pid();
    this.process = identity.process();
    this.parent = process.flatMap(ProcessHandle::parent);
    this.child = identity.child();
    this.folder = folder;
    this.launch = launch;
  }

  private static ScheduledExecutorService polls() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            4,
            task -> {
              Thread thread = new Thread(task, "sheave-process-" + THREADS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /**
   * Starts to follow it. Returns when the end is known, if it has ended already.
   *
   * @param from where the output begins, in bytes
   */
  void follow(long from) {
    synchronized (this) {
      if (folder.isPresent() && Files.exists(folder.get().output())) {
        try {
          output =
              block.streamOutput()
                  ? new OutputFollower(
                      folder.get().output(), from, request.output(), request.positions())
                  : new OutputFollower(folder.get().output(), from, line -> {}, place -> {});
        } catch (IOException e) {
          LOG.warn("The output of process '{}' can't be shown: {}", name, IoReason.of(e));
        }
      }
    }
    long start = System.nanoTime();
    do {
      poll();
    } while (process.isEmpty()
        && !ended.isDone()
        && System.nanoTime() - start < 2 * SETTLE_TIME.toNanos()
        && pause());
    schedule();
    if (child.isPresent()) {
      Future<?> unused = child.get().onExit().thenRun(this::pollAndSchedule);
    }
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(SETTLE_INTERVAL.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void pollAndSchedule() {
    poll();
    schedule();
  }

  private synchronized void schedule() {
    if (!ended.isDone() && !isClosed) {
      Duration pause = end == null ? POLL_INTERVAL : SETTLE_INTERVAL;
      Future<?> unused =
          POLLS.schedule(this::pollAndSchedule, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void poll() {
    if (isClosed || ended.isDone()) {
      return;
    }
    try {
      if (end == null) {
        end = look().orElse(null);
        endSince = deadSince == 0 ? System.nanoTime() : deadSince;
      }
      if (end == null) {
        handOn(false);
      } else if (isOutputWhole() || isOver(endSince, SETTLE_TIME)) {
        handOn(true);
        finish(end);
      }
    } catch (RuntimeException e) { // a disk may be full, and the next look better
      LOG.warn("How process '{}' goes on can't be seen now: {}", name, e.getMessage());
    }
  }

  private void handOn(boolean isLast) {
    OutputFollower lines = output;
    if (lines == null) {
      return;
    }
    try {
      if (isLast) {
        lines.finish();
        lines.close();
      } else {
        lines.handOn();
      }
    } catch (IOException | RuntimeException e) { // of the one who takes the lines
      LOG.warn("The output of process '{}' is no longer shown: {}", name, e.toString());
      output = null;
    }
  }

  private boolean isOutputWhole() {
    return folder
        .map(files -> !Files.exists(files.output()) || Files.exists(files.outputEnd(launch)))
        .orElse(true);
  }

  /** Only what is known of the process itself ends it. */
  private Optional<Ended> look() {
    Optional<Ended> noted = folder.flatMap(files -> files.end(launch));
    if (noted.isPresent()) {
      return noted;
    }
    boolean isAlive = process.filter(this::isAlive).isPresent();
    boolean hasChildEnded = child.isPresent() && !child.get().isAlive();
    if (isAlive) {
      isChildLost |= hasChildEnded; // killed by somebody, without the run's process
      return Optional.empty();
    }
    if (hasChildEnded && !isChildLost) {
      int code = child.get().exitValue();
      return Optional.of(
          folder.map(files -> files.end(launch, code)).orElseGet(() -> Ended.withCode(code)));
    }
    if (deadSince == 0) {
      deadSince = System.nanoTime();
    }
    boolean mayBeNoted = parent.filter(ProcessHandle::isAlive).isPresent();
    return isOver(deadSince, mayBeNoted ? NOTE_TIME : SETTLE_TIME)
        ? Optional.of(Ended.gone("The process '" + pid + "' no longer exists."))
        : Optional.empty();
  }

  private boolean isAlive(ProcessHandle handle) {
    return handle.isAlive()
        && (looks++ % LOOKS_PER_ZOMBIE_CHECK != 0 || !RunProcesses.isZombie(handle.pid()));
  }

  private static boolean isOver(long since, Duration time) {
    return System.nanoTime() - since >= time.toNanos();
  }

  private void finish(Ended how) {
    if (how.exitCode().orElse(1) == 0) {
      LOG.info("Process '{}' exited cleanly.", name);
    } else if (how.exitCode().isEmpty()) {
      LOG.error("Process '{}' ended: {}", name, how.reason());
    } else {
      LOG.error(
          "Process '{}' exited with status code: {}{}",
          name,
          how.exitCode().getAsInt(),
          how.reason() == null ? "" : "; " + how.reason());
    }
    RunCgroup.existing(request.flowRunId(), request.attempt()).ifPresent(RunCgroup::removeIfEmpty);
    folder.ifPresent(RunFolder::shrink);
    ended.complete(how);
  }

  @Override
  public String pid() {
    return pid;
  }

  @Override
  public CompletionStage<Ended> ended() {
    return ended.minimalCompletionStage();
  }

  @Override
  public synchronized String position() {
    return Long.toUnsignedString(output == null ? 0 : output.position());
  }

  @Override
  public void kill(Duration grace) {
    processes().kill(grace);
  }

  @Override
  public Duration stopGrace() {
    return Objects.requireNonNullElse(block.stopGrace(), DEFAULT_STOP_GRACE);
  }

  @Override
  public Optional<String> killLimits() {
    return processes().limits();
  }

  private RunProcesses processes() {
    UUID run = request.flowRunId();
    return process
        .map(handle -> RunProcesses.of(run, request.attempt(), handle))
        .orElseGet(() -> RunProcesses.leftBy(run, request.attempt(), ProcessSearch.numberOf(pid)));
  }

  @Override
  public synchronized void remove() {
    close();
    folder.ifPresent(RunFolder::delete);
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    OutputFollower lines = output;
    if (lines != null) {
      try {
        lines.close();
      } catch (IOException e) {
        LOG.debug("The output of process '{}' could not be closed.", name, e);
      }
    }
  }
}
