package dev.sheave.infrastructure;

import dev.sheave.infrastructure.internal.ExitCodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What executes a run of a Python flow: the engine of Prefect 2, told of the run as its own agent
 * does it.
 */
final class PythonProgram {
  /** The environment variable that tells the engine which run it is for. */
  static final String FLOW_RUN_ID = "PREFECT__FLOW_RUN_ID";

  /**
   * Its arguments: a command in place of the engine's. The key, which comes as to every run,
   * becomes the variable that the engine wants; only the engine's own environment has it.
   */
  private static final String SCRIPT =
      """
      if [ -n "${SHEAVE_API_KEY_FILE:-}" ]; then
        PREFECT_API_KEY=$(cat "$SHEAVE_API_KEY_FILE")
      else
        read -r PREFECT_API_KEY || :
      fi
      if [ -n "$PREFECT_API_KEY" ]; then export PREFECT_API_KEY; else unset PREFECT_API_KEY; fi
      if [ $# -eq 0 ]; then
        python=$(command -v python || command -v python3) || {
          echo "There is no 'python' on the PATH." >&2
          exit %1$d
        }
        "$python" -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("prefect") is None)' || {
          echo "The Python '$python' has no package 'prefect'." >&2
          exit %1$d
        }
        set -- "$python" -m prefect.engine
      fi
      exec "$@" </dev/null
      """
          .formatted(ExitCodes.NO_PREFECT);

  private PythonProgram() {}

  /**
   * Returns its command.
   *
   * @param wanted the block's, in place of the engine's; null for that
   */
  static List<String> command(@Nullable List<String> wanted) {
    List<String> all = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sheave-python"));
    all.addAll(Optional.ofNullable(wanted).orElse(List.of()));
    return List.copyOf(all);
  }

  /** Returns the variables that tell it of the run. */
  static Map<String, String> environment(RunRequest request) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(FLOW_RUN_ID, request.flowRunId().toString().replace("-", ""));
    all.put("PREFECT_API_URL", request.api().url());
    return all;
  }
}
