package dev.sheave.api;

import java.time.Instant;
import java.util.UUID;

/**
 * A registered deployment.
 *
 * @param id its id
 * @param created when it was first applied
 * @param updated when it was last changed
 * @param flowName the name of its flow
 * @param spec its values
 */
public record DeploymentRecord(
    UUID id, Instant created, Instant updated, String flowName, DeploymentSpec spec) {

  /** The full name: {@code flow/deployment}. */
  public String fullName() {
    return flowName + "/" + spec.name();
  }
}
