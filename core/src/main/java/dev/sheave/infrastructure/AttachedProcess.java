package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.HostName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * A process of this machine that another program started, or this one before it lost sight of it.
 */
final class AttachedProcess implements RunningInfrastructure {
  private final UUID run;
  private final String pid;
  private final ProcessHandle process;

  private AttachedProcess(UUID run, String pid, ProcessHandle process) {
    this.run = run;
    this.pid = pid;
    this.process = process;
  }

  /** Finds a process by {@code host:pid}, see {@link Infrastructure#attach}. */
  static AttachedProcess find(UUID flowRunId, String pid) {
    long number = numberOf(pid);
    ProcessHandle process =
        ProcessHandle.of(number).filter(ProcessHandle::isAlive).orElseThrow(() -> gone(pid));
    if (!worksFor(process, flowRunId, pid)) {
      throw gone(pid);
    }
    return new AttachedProcess(flowRunId, pid, process);
  }

  /** Ends what is left of a run whose process is gone, see {@link Infrastructure#endLeftovers}. */
  static void endLeftovers(UUID flowRunId, String pid, Duration grace) {
    RunProcesses.leftBy(flowRunId, numberOf(pid)).kill(grace);
  }

  /** Reads {@code host:1234}. */
  private static long numberOf(String pid) {
    int colon = pid.lastIndexOf(':');
    String host = pid.substring(0, Math.max(colon, 0));
    String here = HostName.get();
    try {
      long number = Long.parseLong(pid.substring(colon + 1));
      if (host.equals(here)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new SheaveException(
          Code.INVALID,
          "'" + pid + "' isn't a process identifier; it must be like 'host:1234'.",
          e);
    }
    throw new SheaveException(
        Code.UNAVAILABLE,
        "The process '" + pid + "' runs on another host; this one is '" + here + "'.");
  }

  /**
   * Process ids are used again, so the process must know the run: by its environment, or its
   * command line.
   */
  private static boolean worksFor(ProcessHandle process, UUID flowRunId, String pid) {
    Path environment = Path.of("/proc", Long.toString(process.pid()), "environ");
    if (Files.isReadable(environment)) {
      return RunProcesses.hasEnvironmentOf(flowRunId, process.pid());
    }
    Optional<String> commandLine = process.info().commandLine();
    if (commandLine.isEmpty() && process.isAlive()) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "Whether the process '"
              + pid
              + "' is that of flow run '"
              + flowRunId
              + "' can't be seen: it belongs to another user.");
    }
    return commandLine.filter(line -> line.contains(flowRunId.toString())).isPresent();
  }

  private static SheaveException gone(String pid) {
    return new SheaveException(Code.NOT_FOUND, "The process '" + pid + "' no longer exists.");
  }

  @Override
  public String pid() {
    return pid;
  }

  @Override
  public CompletionStage<OptionalInt> exit() {
    return process.onExit().thenApply(ended -> OptionalInt.empty());
  }

  @Override
  public void kill(Duration grace) {
    RunProcesses.of(run, process).kill(grace);
  }

  @Override
  public Optional<String> killLimits() {
    return RunProcesses.of(run, process).limits();
  }
}
