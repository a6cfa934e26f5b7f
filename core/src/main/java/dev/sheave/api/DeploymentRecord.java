package dev.sheave.api;

import dev.sheave.api.FlowRunRecord.CreatedBy;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registered deployment.
 *
 * @param id its id
 * @param created when it was first applied
 * @param updated when it was last changed
 * @param flowName the name of its flow
 * @param spec its values
 * @param createdBy who created it, if that is known
 * @param updatedBy who changed it last, if that is known
 */
public record DeploymentRecord(
    UUID id,
    Instant created,
    Instant updated,
    String flowName,
    DeploymentSpec spec,
    @Nullable CreatedBy createdBy,
    @Nullable CreatedBy updatedBy) {

  /** The full name: {@code flow/deployment}. */
  public String fullName() {
    return flowName + "/" + spec.name();
  }
}
