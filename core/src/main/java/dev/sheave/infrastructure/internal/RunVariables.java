package dev.sheave.infrastructure.internal;

/** Environment variables of a run's process, besides the one with the run's id. */
public final class RunVariables {
  /** The process's own name, as {@code infrastructure_pid} has it. */
  public static final String INFRASTRUCTURE_PID = "SHEAVE__INFRASTRUCTURE_PID";

  /** Which attempt at the run the process is for, if its agent has a lease of the run. */
  public static final String ATTEMPT = "SHEAVE__ATTEMPT";

  /** The directory of the code of a run that has no deployment. */
  public static final String CODE = "SHEAVE__CODE";

  /** The flow of a run that has no deployment. */
  public static final String ENTRYPOINT = "SHEAVE__ENTRYPOINT";

  /** Set if the infrastructure may start the process again when a signal has ended it. */
  public static final String RESTARTS = "SHEAVE__RESTARTS";

  private RunVariables() {}
}
