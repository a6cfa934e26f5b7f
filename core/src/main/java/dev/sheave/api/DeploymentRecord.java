package dev.sheave.api;

import java.time.Instant;
import java.util.UUID;

/**
 * A deployment as the orchestrator has it.
 *
 * @param id its id
 * @param created when it was first applied
 * @param updated when it was last changed
 * @param flowName the name of its flow
 * @param spec what it says
 */
public record DeploymentRecord(
    UUID id, Instant created, Instant updated, String flowName, DeploymentSpec spec) {

  /** What people name it by: {@code flow/deployment}. */
  public String fullName() {
    return flowName + "/" + spec.name();
  }
}
