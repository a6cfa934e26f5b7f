package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.HostName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the process of a run that this program or another has started on this machine. */
final class ProcessSearch {
  private final ProcessInfrastructure block;
  private final RunRequest request;
  private final String name;

  ProcessSearch(ProcessInfrastructure block, RunRequest request, String name) {
    this.block = block;
    this.request = request;
    this.name = name;
  }

  /** See {@link Infrastructure#attach}. */
  FollowedProcess attach(@Nullable String pid, @Nullable String position) {
    String wanted =
        pid != null
            ? pid
            : RunFolder.of(request)
                .noted()
                .orElseThrow(
                    () ->
                        new SheaveException(
                            Code.NOT_FOUND,
                            "No process was started for attempt "
                                + request.attempt()
                                + " of flow run '"
                                + request.flowRunId()
                                + "'."))
                .pid();
    Optional<ProcessHandle> process = find(request.flowRunId(), wanted);
    Optional<RunFolder> folder = RunFolder.of(request, wanted);
    if (process.isEmpty() && folder.isEmpty()) {
      throw new SheaveException(Code.NOT_FOUND, "The process '" + wanted + "' no longer exists.");
    }
    FollowedProcess followed =
        new FollowedProcess(
            block,
            request,
            name,
            new FollowedProcess.Identity(wanted, process, Optional.empty()),
            folder,
            folder.flatMap(RunFolder::noted).map(RunFolder.Noted::launch).orElse(""));
    followed.follow(position == null ? 0 : bytes(position));
    return followed;
  }

  private static long bytes(String position) {
    try {
      return Long.parseUnsignedLong(position);
    } catch (NumberFormatException e) {
      throw new SheaveException(
          Code.INVALID, "'" + position + "' isn't a position in the output of a process.", e);
    }
  }

  /**
   * Finds a process by {@code host:pid}; empty if it no longer exists.
   *
   * @throws SheaveException {@code OUT_OF_REACH} if it is another host's, or can't be seen
   */
  static Optional<ProcessHandle> find(UUID flowRunId, String pid) {
    return ProcessHandle.of(numberOf(pid))
        .filter(ProcessHandle::isAlive)
        .filter(process -> worksFor(process, flowRunId, pid));
  }

  /** Reads {@code host:1234}. */
  static long numberOf(String pid) {
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
        Code.OUT_OF_REACH,
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
          Code.OUT_OF_REACH,
          "Whether the process '"
              + pid
              + "' is that of flow run '"
              + flowRunId
              + "' can't be seen: it belongs to another user.");
    }
    return commandLine.filter(line -> line.contains(flowRunId.toString())).isPresent();
  }
}
