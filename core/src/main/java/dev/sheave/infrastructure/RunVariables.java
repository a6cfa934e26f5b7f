package dev.sheave.infrastructure;

import dev.sheave.internal.Settings;

/**
 * Environment variables of what executes a run, besides {@linkplain InfrastructureBlock#FLOW_RUN_ID
 * the one} with the run's id.
 */
public final class RunVariables {
  /** The address of the API, as the run reaches it. */
  public static final String API_URL = Settings.API_URL;

  /** The path of a file whose first line is the API key, see {@link ApiKeyFile}. */
  public static final String API_KEY_FILE = Settings.API_KEY_FILE;

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
