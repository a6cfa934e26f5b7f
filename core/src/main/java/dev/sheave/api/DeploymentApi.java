package dev.sheave.api;

import dev.sheave.SheaveException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Flows and their deployments.
 *
 * <p>What is looked up by a natural key comes as an {@link Optional}; an id that names nothing is
 * {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface DeploymentApi {

  /** Makes a flow, or returns the one that has its name. */
  FlowRecord createFlow(String name);

  /** Reads a flow by id. */
  FlowRecord readFlow(UUID id);

  /** Finds a flow by name. */
  Optional<FlowRecord> findFlow(String name);

  /** Lists flows, newest first. */
  List<FlowRecord> listFlows(Page page);

  /**
   * Makes a deployment, or replaces what the one of its flow and name says. The work queue is made
   * if it is missing.
   *
   * @throws SheaveException {@code CONFLICT} if its blocks aren't in this store; {@code NOT_FOUND}
   *     if its flow or its work pool isn't
   */
  Applied applyDeployment(DeploymentSpec spec);

  /** Reads a deployment by id. */
  DeploymentRecord readDeployment(UUID id);

  /** Finds a deployment by its flow's name and its own. */
  Optional<DeploymentRecord> findDeployment(String flowName, String name);

  /** Lists deployments, newest first; of the named flows, or of all if none is named. */
  List<DeploymentRecord> listDeployments(Set<String> flowNames, Page page);

  /** Deletes a deployment; its runs stay. */
  void deleteDeployment(UUID id);

  /**
   * What applying did.
   *
   * @param deployment the deployment as it is now
   * @param created whether it is new
   */
  record Applied(DeploymentRecord deployment, boolean created) {}
}
