package dev.sheave.examples;

import dev.sheave.block.Block;
import dev.sheave.deployment.Deployment;
import java.util.Map;
import java.util.UUID;

/**
 * Deploys the log flow to the storage block {@code s3/log-test}, as the tutorial's last section
 * does.
 */
public final class DeployLogFlowMain {

  private DeployLogFlowMain() {}

  /** Applies the deployment and prints its id. */
  public static void main(String[] args) {
    Block storage = Block.load("s3/log-test");

    UUID id =
        Deployment.buildFromFlow(LogFlow::logFlow, "log-simple")
            .parameters(Map.of("name", "Marvin"))
            .infraOverrides(Map.of("env", Map.of("SHEAVE_LOGGING_LEVEL", "DEBUG")))
            .workQueueName("test")
            .storage(storage)
            .path("log-simple")
            .apply();

    System.out.println(
        "Deployment 'log-flow/log-simple' successfully created with id '" + id + "'.");
  }
}
