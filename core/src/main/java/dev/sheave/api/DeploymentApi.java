package dev.sheave.api;

import dev.sheave.SheaveException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Flows and their deployments.
 *
 * <p>A lookup by a natural key returns an {@link Optional}; an unknown id throws {@link
 * SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface DeploymentApi {

  /** Creates a flow, or returns the one that has its name. */
  FlowRecord createFlow(String name);

  /** Reads a flow by id. */
  FlowRecord readFlow(UUID id);

  /** Finds a flow by name. */
  Optional<FlowRecord> findFlow(String name);

  /** Lists flows, newest first. */
  List<FlowRecord> listFlows(Page page);

  /**
   * Creates a deployment, or replaces the values of the existing one of the same flow and name. The
   * work queue is created if it doesn't exist.
   *
   * @throws SheaveException {@code CONFLICT} if its blocks aren't in this store; {@code NOT_FOUND}
   *     if its flow or its work pool isn't
   */
  Applied applyDeployment(DeploymentSpec spec);

  /** Reads a deployment by id. */
  DeploymentRecord readDeployment(UUID id);

  /**
   * Changes a deployment. A work queue that doesn't exist is created.
   *
   * @throws SheaveException as {@link #applyDeployment}
   */
  void updateDeployment(UUID id, DeploymentUpdate update);

  /** Finds a deployment by its flow's name and its own. */
  Optional<DeploymentRecord> findDeployment(String flowName, String name);

  /** Lists deployments, newest first; of the named flows, or of all flows if the set is empty. */
  List<DeploymentRecord> listDeployments(Set<String> flowNames, Page page);

  /** Deletes a deployment; its runs stay. */
  void deleteDeployment(UUID id);

  /**
   * The result of applying a deployment.
   *
   * @param deployment the deployment as it is now
   * @param created whether it is new
   */
  record Applied(DeploymentRecord deployment, boolean created) {}
}
