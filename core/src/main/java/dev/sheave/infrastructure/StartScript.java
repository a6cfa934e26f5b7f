package dev.sheave.infrastructure;

import dev.sheave.internal.HostName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The shell processes around a run's. One awaits it and notes its exit code, since who started it
 * may die; signals to end are the run's alone. The other becomes the run's process: it joins the
 * run's control group, before it can start anything outside of it, and notes its id, so that it is
 * found if the one who started it dies right then. Where another process is noted for the attempt
 * already, it ends; a link is made by one of several. It goes on if it can't note its id on a full
 * disk.
 */
final class StartScript {
  private static final Path SHELL = Path.of("/bin/sh");

  /**
   * Its arguments: the file for the exit code, the command. Its standard error goes nowhere: shells
   * say there that a command was killed.
   */
  private static final String AWAIT =
      """
      trap : TERM INT HUP
      exit=$1
      shift
      exec 2>/dev/null
      "$@"
      code=$?
      echo "$code" >"$exit"
      exit "$code"
      """;

  /**
   * Its arguments: the file for the id, the host, the group's file or nothing, the launch, the file
   * for a command that isn't found, the command.
   */
  private static final String BECOME =
      """
      exec 2>&1
      { [ -z "$3" ] || echo $$ >"$3"; } 2>/dev/null
      { echo "$2:$$
      $4" >"$1.$4"; } 2>/dev/null
      if [ -s "$1.$4" ] && ! ln "$1.$4" "$1" 2>/dev/null; then
        [ ! -e "$1" ] || exit 0
        mv "$1.$4" "$1" 2>/dev/null
      fi
      export SHEAVE__INFRASTRUCTURE_PID="$2:$$"
      never=$5
      shift 5
      if ! command -v "$1" >/dev/null 2>&1; then
        echo "$1: not found" >&2
        echo "$1" >"$never"
        exit 127
      fi
      exec "$@"
      """;

  /** Shells don't hand on variables of other names. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private StartScript() {}

  /** Returns whether commands can be started like this here, with that environment. */
  static boolean isPossible(Map<String, String> environment) {
    return Files.isExecutable(SHELL)
        && environment.keySet().stream().allMatch(name -> NAME.matcher(name).matches());
  }

  /** Returns the command that executes a run's command. */
  static List<String> around(
      List<String> command, RunFolder folder, String launch, Optional<RunCgroup> cgroup) {
    List<String> all = new ArrayList<>(SessionCommand.prefix());
    all.addAll(
        List.of(SHELL.toString(), "-c", AWAIT, "sheave-await", folder.exitFile(launch).toString()));
    all.addAll(SessionCommand.prefix());
    all.addAll(
        List.of(
            SHELL.toString(),
            "-c",
            BECOME,
            "sheave-start",
            folder.pidFile().toString(),
            HostName.get(),
            cgroup.map(group -> group.joinFile().toString()).orElse(""),
            launch,
            folder.neverFile(launch).toString()));
    all.addAll(command);
    return all;
  }
}
