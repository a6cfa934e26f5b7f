package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * A process of this machine that another program started, or this one before it lost sight of it.
 */
final class AttachedProcess implements RunningInfrastructure {
  private final String pid;
  private final ProcessHandle process;

  private AttachedProcess(String pid, ProcessHandle process) {
    this.pid = pid;
    this.process = process;
  }

  /** Finds a process by {@code host:pid}, see {@link Infrastructure#attach}. */
  static AttachedProcess find(UUID flowRunId, String pid) {
    int colon = pid.lastIndexOf(':');
    long number;
    try {
      number = Long.parseLong(pid.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new SheaveException(
          Code.INVALID,
          "'" + pid + "' isn't a process identifier; it must be like 'host:1234'.",
          e);
    }
    String host = pid.substring(0, Math.max(colon, 0));
    String here = HostName.get();
    if (!host.equals(here)) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "The process '" + pid + "' runs on another host; this one is '" + here + "'.");
    }
    ProcessHandle process =
        ProcessHandle.of(number).filter(ProcessHandle::isAlive).orElseThrow(() -> gone(pid));
    if (!worksFor(process, flowRunId, pid)) {
      throw gone(pid);
    }
    return new AttachedProcess(pid, process);
  }

  /**
   * Process ids are used again, so the process must know the run: by its environment, or its
   * command line.
   */
  private static boolean worksFor(ProcessHandle process, UUID flowRunId, String pid) {
    Path environment = Path.of("/proc", Long.toString(process.pid()), "environ");
    String id = flowRunId.toString();
    if (Files.isReadable(environment)) {
      try {
        String[] variables =
            new String(Files.readAllBytes(environment), StandardCharsets.UTF_8).split("\0");
        return Arrays.stream(variables)
            .anyMatch(
                variable ->
                    variable.equals(ProcessInfrastructure.FLOW_RUN_ID + "=" + id)
                        || variable.equals("PREFECT__FLOW_RUN_ID=" + id.replace("-", "")));
      } catch (IOException e) {
        return false; // it ended meanwhile
      }
    }
    Optional<String> commandLine = process.info().commandLine();
    if (commandLine.isEmpty() && process.isAlive()) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "Whether the process '"
              + pid
              + "' is that of flow run '"
              + id
              + "' can't be seen: it belongs to another user.");
    }
    return commandLine.filter(line -> line.contains(id)).isPresent();
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
    ProcessTree.kill(process, grace);
  }
}
