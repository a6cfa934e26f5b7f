package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an engine says of a container.
 *
 * @param status one of the engine's words
 * @param hasRun whether its command was ever executed
 * @param exitCode 0 while it runs
 * @param isOutOfMemory whether it, or a process in it, was killed for want of memory
 * @param memoryLimit in bytes; 0 for none
 * @param error the engine's own reason; may be empty
 */
record ContainerState(
    String status,
    boolean hasRun,
    int exitCode,
    boolean isOutOfMemory,
    long memoryLimit,
    String error) {
  private static final Set<String> OVER = Set.of("exited", "stopped", "dead");
  private static final Set<String> NOT_STARTED = Set.of("created", "initialized", "configured");
  private static final String NEVER = "0001-01-01";
  private static final int SIGKILLED = 137;

  static ContainerState of(InspectContainerResponse container) {
    InspectContainerResponse.ContainerState state = container.getState();
    Long code = state.getExitCodeLong();
    Long memory = container.getHostConfig().getMemory();
    return new ContainerState(
        Objects.requireNonNullElse(state.getStatus(), ""),
        !Objects.requireNonNullElse(state.getStartedAt(), NEVER).startsWith(NEVER),
        code == null ? 0 : code.intValue(),
        Boolean.TRUE.equals(state.getOOMKilled()),
        memory == null ? 0 : memory,
        Objects.requireNonNullElse(state.getError(), ""));
  }

  /** Whether it was made, and nothing has tried to start it so far. */
  boolean isUnstarted() {
    return NOT_STARTED.contains(status) && error.isBlank() && exitCode == 0;
  }

  /** How it ended; empty if it hasn't. */
  Optional<Ended> end() {
    boolean failed = NOT_STARTED.contains(status) && !isUnstarted();
    if (!OVER.contains(status) && !failed) {
      return Optional.empty();
    }
    if (!hasRun) {
      return Optional.of(
          new Ended(
              Kind.NEVER_STARTED,
              OptionalInt.of(exitCode),
              error.isBlank() ? "The engine says no reason." : sentence(error)));
    }
    Ended byCode = Ended.withCode(exitCode);
    String reason =
        Stream.of(
                isOutOfMemory ? memoryReason() : Objects.requireNonNullElse(byCode.reason(), ""),
                error.isBlank() ? "" : sentence(error))
            .filter(each -> !each.isEmpty())
            .collect(Collectors.joining(" "));
    return Optional.of(
        new Ended(byCode.kind(), byCode.exitCode(), reason.isEmpty() ? null : reason));
  }

  private String memoryReason() {
    String what =
        exitCode == SIGKILLED
            ? "The container was killed"
            : "A process in the container was killed";
    return what
        + " because it needed more memory than "
        + (memoryLimit == 0 ? "the engine's machine has" : "its limit of " + memoryLimit + " bytes")
        + " (OOMKilled).";
  }

  private static String sentence(String text) {
    return EngineErrors.line(text) + ".";
  }
}
