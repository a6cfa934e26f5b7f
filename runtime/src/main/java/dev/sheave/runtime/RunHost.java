package dev.sheave.runtime;

import dev.sheave.Sheave;
import dev.sheave.flow.internal.CurrentFlowRun;
import dev.sheave.infrastructure.RunVariables;
import dev.sheave.internal.SheaveOnly;
import dev.sheave.runtime.internal.ProcessLogging;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The program that executes a run.
 *
 * @param isAlone whether it does nothing else: then all that is the process's is the run's, such as
 *     its connection and the lines of its loggers
 * @param restarts whether its infrastructure may start it again when a signal has ended it
 * @param pid how agents name what executes the run; null if there is no name
 * @param output where the lines of the run's log are printed
 * @param stop asks the run to end
 */
record RunHost(
    boolean isAlone, boolean restarts, @Nullable String pid, PrintStream output, StopRequest stop) {

  /** A process that was started for the run. */
  static RunHost ownProcess() {
    return new RunHost(
        true,
        System.getenv(RunVariables.RESTARTS) != null,
        System.getenv(RunVariables.INFRASTRUCTURE_PID),
        ProcessLogging.STANDARD_OUTPUT,
        new StopRequest());
  }

  /** A program that does other things, too. */
  static RunHost shared(String pid, PrintStream output, StopRequest stop) {
    return new RunHost(false, false, pid, output, stop);
  }

  /** Does something with the connection that the run's code finds. */
  <T> T callWith(Sheave connection, Supplier<T> task) {
    if (isAlone) {
      Sheave.use(connection);
      return task.get();
    }
    return Sheave.callWith(SheaveOnly.PASS, connection, task);
  }

  /** Does something on behalf of a run. */
  <T> T callFor(RunContext run, Callable<T> task) throws Exception {
    return isAlone ? CurrentFlowRun.callAlone(run, task) : CurrentFlowRun.call(run, task);
  }
}
