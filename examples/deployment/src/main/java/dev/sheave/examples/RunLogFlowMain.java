package dev.sheave.examples;

import dev.sheave.deployment.Deployment;
import dev.sheave.deployment.FlowRunHandle;
import java.time.Duration;
import java.util.Map;

/** Runs the deployment of {@link DeployLogFlowMain}, waits for its end and prints its result. */
public final class RunLogFlowMain {

  private RunLogFlowMain() {}

  /** Makes the run, which an agent takes. */
  public static void main(String[] arguments) {
    FlowRunHandle run = Deployment.load("log-flow/log-simple").run(Map.of("name", "Marvin"));
    String greeting = run.await(Duration.ofMinutes(5)).result(String.class);

    System.out.println(greeting);
  }
}
