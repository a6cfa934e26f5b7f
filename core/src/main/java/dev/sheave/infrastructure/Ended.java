package dev.sheave.infrastructure;

import dev.sheave.infrastructure.internal.ExitCodes;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How the infrastructure of a flow run ended.
 *
 * @param kind the kind of end
 * @param exitCode the exit code; empty if there is none, or it isn't known
 * @param reason the infrastructure's own reason, as one or more sentences; null if there is nothing
 *     to say
 */
public record Ended(Kind kind, OptionalInt exitCode, @Nullable String reason) {
  private static final int SIGNALLED = 128;
  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  /** The kinds of end. */
  public enum Kind {
    /** It ran, and exited with an exit code. */
    EXITED,
    /** What was to execute the run never ran, such as a command that doesn't exist. */
    NEVER_STARTED,
    /** It was ended from outside, by {@link RunningInfrastructure#kill} or by others. */
    KILLED,
    /** It no longer exists, and how it ended isn't known. */
    GONE
  }

  /** An end with an exit code as processes have it: of a signal, it means that it was killed. */
  public static Ended withCode(int code) {
    boolean isKilled =
        code == SIGNALLED + SIGKILL
            || code == SIGNALLED + SIGTERM
            || code == -SIGKILL
            || code == -SIGTERM;
    return new Ended(
        isKilled ? Kind.KILLED : Kind.EXITED,
        OptionalInt.of(code),
        ExitCodes.explain(code).orElse(null));
  }

  /** An end of which nothing is known. */
  public static Ended gone(String reason) {
    return new Ended(Kind.GONE, OptionalInt.empty(), reason);
  }
}
