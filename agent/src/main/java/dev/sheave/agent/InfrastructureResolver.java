package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.block.Block;
import dev.sheave.infrastructure.InfraOverrides;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.ProcessInfrastructure;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The infrastructure of runs: the deployment's block, with the overrides of deployment and run. */
final class InfrastructureResolver {
  private final Sheave sheave;

  InfrastructureResolver(Sheave sheave) {
    this.sheave = sheave;
  }

  /**
   * Returns where a run executes.
   *
   * @throws SheaveException {@code NOT_FOUND} if the block is gone, {@code INVALID} if it is no
   *     infrastructure, or an override doesn't fit it
   */
  Infrastructure of(FlowRunRecord run) {
    Block block;
    UUID deploymentId = run.deploymentId();
    if (deploymentId == null) {
      block = block(run.infrastructureDocumentId());
    } else {
      DeploymentRecord deployment = sheave.api().deployments().readDeployment(deploymentId);
      block =
          block(
              run.infrastructureDocumentId() == null
                  ? deployment.spec().infrastructureDocumentId()
                  : run.infrastructureDocumentId());
      block = InfraOverrides.apply(sheave.blocks(), block, deployment.spec().infraOverrides());
    }
    block = InfraOverrides.apply(sheave.blocks(), block, run.infraOverrides());
    if (block instanceof Infrastructure infrastructure) {
      return infrastructure;
    }
    throw new SheaveException(
        Code.INVALID, "The block '" + block.displayName() + "' isn't infrastructure.");
  }

  private Block block(@Nullable UUID documentId) {
    return documentId == null
        ? ProcessInfrastructure.builder().build()
        : sheave.blocks().load(documentId);
  }
}
