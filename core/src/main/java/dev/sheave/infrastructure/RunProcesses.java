package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A run's process and all that it has started, also what no longer is its child. What is in the
 * run's control group belongs to it. Where there is none it is what descends from the process, has
 * the run's variable in its environment, is in the process's session, or works in the run's folder.
 * What belongs to a later attempt at the run isn't touched: another agent may have begun it, while
 * this one ends its own.
 */
final class RunProcesses {
  /** How long the operating system gets to end what it was told to kill. */
  private static final Duration AFTER_FORCE = Duration.ofSeconds(10);

  /** How often it is looked whether there are more. */
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

  /** How long a process may take to execute a program, on a busy machine. */
  private static final Duration EXEC_TIME = Duration.ofMillis(200);

  private static final Path PROC = Path.of("/proc");

  private static final Pattern ATTEMPT =
      Pattern.compile("\0" + RunVariables.ATTEMPT + "=(\\d{1,9})\0");

  private final UUID run;
  private final int attempt;
  private final Pattern folder;
  private final long root;
  private final boolean isSessionOfRun;
  private final Optional<RunCgroup> cgroup;

  /** The process that awaits the run's own, to note its exit code; 0 if it isn't known. */
  private final long awaiting;

  private final Set<ProcessHandle> known = new LinkedHashSet<>();

  private RunProcesses(UUID run, int attempt, long root, boolean isSessionOfRun) {
    this.run = run;
    this.attempt = attempt;
    this.folder = Pattern.compile("/" + RunFolder.RUNS + "/" + run + "-(\\d{1,9})");
    this.root = root;
    this.isSessionOfRun = isSessionOfRun;
    this.cgroup = RunCgroup.of(run, attempt, root).or(() -> RunCgroup.existing(run, attempt));
    this.awaiting =
        ProcessHandle.of(root).flatMap(ProcessHandle::parent).map(ProcessHandle::pid).orElse(0L);
  }

  /** The processes of an attempt at a run whose own process is this one. */
  static RunProcesses of(UUID run, int attempt, ProcessHandle root) {
    RunProcesses processes = new RunProcesses(run, attempt, root.pid(), true);
    processes.known.add(root);
    return processes;
  }

  /**
   * The processes that are left of an attempt at a run whose own process has ended. Its id is that
   * of its session as well, which no other process gets while the session has members.
   */
  static RunProcesses leftBy(UUID run, int attempt, long root) {
    return new RunProcesses(run, attempt, root, ProcessHandle.of(root).isEmpty());
  }

  /** What may go on after a kill, as a sentence; empty if nothing can. */
  Optional<String> limits() {
    return cgroup.isPresent()
        ? Optional.empty()
        : Optional.of(
            "Programs that the run started may go on if they have left its session, environment and"
                + " directory: no control group could be made for it.");
  }

  /** Asks all of them to end, waits, and ends by force those that are left. */
  void kill(Duration grace) {
    boolean interrupted = false;
    try {
      awaitEnd(grace, false);
    } catch (InterruptedException e) {
      interrupted = true; // no time for grace
    }
    try {
      if (!awaitEnd(AFTER_FORCE, true)) {
        throw new SheaveException(
            Code.CONFLICT,
            "The processes "
                + running().stream().map(ProcessHandle::pid).toList()
                + " of flow run '"
                + run
                + "' didn't end when they were killed; the operating system holds them, or they"
                + " belong to another user.");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    cgroup.ifPresent(RunCgroup::removeIfEmpty);
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "Killing the process " + root + " was interrupted.");
    }
  }

  /** Ends what there is, and what comes meanwhile; returns whether nothing is left. */
  private boolean awaitEnd(Duration atMost, boolean force) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    Set<ProcessHandle> asked = new LinkedHashSet<>();
    while (true) {
      Set<ProcessHandle> running = running();
      if (running.isEmpty() && !cgroup.map(RunCgroup::isPopulated).orElse(false)) {
        return true;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      if (force) {
        cgroup.ifPresent(RunCgroup::killAll);
        running.forEach(ProcessHandle::destroyForcibly);
      } else {
        running.stream().filter(asked::add).forEach(ProcessHandle::destroy);
      }
      awaitEnd(running, Math.min(left, LOOK_INTERVAL.toNanos()));
    }
  }

  private Set<ProcessHandle> running() {
    cgroup.ifPresent(group -> known.addAll(group.processes()));
    known.addAll(found());
    for (ProcessHandle each : List.copyOf(known)) {
      each.descendants().forEach(known::add);
    }
    known.removeIf(process -> !process.isAlive() || isZombie(process.pid()));
    return Set.copyOf(known);
  }

  private static void awaitEnd(Set<ProcessHandle> processes, long nanoseconds)
      throws InterruptedException {
    try {
      CompletableFuture.allOf(
              processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
          .get(processes.isEmpty() ? 0 : nanoseconds, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // the caller looks which are left
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process's end never fails", e);
    }
  }

  /** Finds processes by what they have of the run; none on systems without {@code /proc}. */
  private Set<ProcessHandle> found() {
    Set<ProcessHandle> found = new LinkedHashSet<>();
    long self = ProcessHandle.current().pid();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path each : processes) {
        long pid = Long.parseLong(each.getFileName().toString());
        if (pid != self && pid != awaiting && isOfRun(pid)) {
          ProcessHandle.of(pid).ifPresent(found::add);
        }
      }
    } catch (IOException e) {
      return Set.of();
    }
    return found;
  }

  private boolean isOfRun(long pid) {
    return hasEnvironmentOfAttempt(pid) || isInSession(pid) || worksInFolder(pid);
  }

  private boolean hasEnvironmentOfAttempt(long pid) {
    String variables = environmentOf(pid);
    return names(run, variables) && !isLater(ATTEMPT, variables);
  }

  /** Whether a text tells a later attempt than this one. */
  private boolean isLater(Pattern number, String text) {
    Matcher told = number.matcher(text);
    return told.find() && Integer.parseInt(told.group(1)) > attempt;
  }

  /** Whether a process has a run's id in the environment it was started with. */
  static boolean hasEnvironmentOf(UUID run, long pid) {
    return names(run, environmentOf(pid));
  }

  private static boolean names(UUID run, String variables) {
    String id = run.toString();
    return variables.contains("\0" + InfrastructureBlock.FLOW_RUN_ID + "=" + id + "\0")
        || variables.contains("\0" + PythonProgram.FLOW_RUN_ID + "=" + id.replace("-", "") + "\0");
  }

  /** Returns the variables a process was started with, each between two characters 0. */
  private static String environmentOf(long pid) {
    String variables = environment(pid);
    long start = System.nanoTime();
    // it is empty while the process turns into its next program
    while (variables.isEmpty()
        && Files.exists(PROC.resolve(pid + "/exe"))
        && !isZombie(pid)
        && System.nanoTime() - start < EXEC_TIME.toNanos()) {
      Thread.onSpinWait();
      variables = environment(pid);
    }
    return variables;
  }

  /** Returns the variables, each between two characters 0; empty if there are none. */
  private static String environment(long pid) {
    ByteArrayOutputStream variables = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 * 1024]; // by one call as a rule, which sees one program's
    try (InputStream in = new FileInputStream(PROC.resolve(pid + "/environ").toFile())) {
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        variables.write(buffer, 0, count);
      }
    } catch (IOException e) {
      return ""; // it ended, or belongs to somebody else
    }
    return variables.size() == 0 ? "" : "\0" + variables.toString(StandardCharsets.ISO_8859_1);
  }

  private boolean isInSession(long pid) {
    String[] stat = isSessionOfRun ? stat(pid) : null;
    return stat != null && stat.length > 3 && stat[3].equals(Long.toString(root));
  }

  private boolean worksInFolder(long pid) {
    try {
      String place = Files.readSymbolicLink(PROC.resolve(pid + "/cwd")).toString();
      return folder.matcher(place).find() && !isLater(folder, place);
    } catch (IOException e) {
      return false; // it ended, or belongs to somebody else
    }
  }

  /** Whether a process has ended, and waits for its parent to see it. */
  static boolean isZombie(long pid) {
    String[] stat = stat(pid);
    return stat != null && stat[0].equals("Z");
  }

  /** The words of a process's {@code stat} after its name: its state, parent, group, session … */
  private static String @Nullable [] stat(long pid) {
    try {
      String text = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      return text.substring(text.lastIndexOf(')') + 2).split(" ");
    } catch (IOException e) {
      return null;
    }
  }
}
