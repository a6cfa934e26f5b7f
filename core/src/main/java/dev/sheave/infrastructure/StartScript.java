package dev.sheave.infrastructure;

import dev.sheave.internal.HostName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a process does before it becomes that of a run: it joins the run's control group, before it
 * can start anything outside of it, and notes its id, so that it is found if the one who started it
 * dies right then.
 */
final class StartScript {
  private static final Path SHELL = Path.of("/bin/sh");

  /** Its arguments: the file for the id, the host, the group's file or nothing, the command. */
  private static final String SCRIPT =
      """
      { [ -z "$3" ] || echo $$ >"$3"; } 2>/dev/null
      { echo "$2:$$" >"$1"; } 2>/dev/null
      export SHEAVE__INFRASTRUCTURE_PID="$2:$$"
      shift 3
      exec "$@"
      """;

  /** Shells don't hand on variables of other names. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private StartScript() {}

  /** Returns what to put before a command; nothing where it can't be done like this. */
  static List<String> before(
      Map<String, String> environment, RunFolder folder, Optional<RunCgroup> cgroup) {
    if (!Files.isExecutable(SHELL)
        || !environment.keySet().stream().allMatch(name -> NAME.matcher(name).matches())) {
      return List.of();
    }
    return List.of(
        SHELL.toString(),
        "-c",
        SCRIPT,
        "sheave-start",
        folder.pidFile().toString(),
        HostName.get(),
        cgroup.map(group -> group.joinFile().toString()).orElse(""));
  }
}
