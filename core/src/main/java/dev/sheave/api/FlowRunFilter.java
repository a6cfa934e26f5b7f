package dev.sheave.api;

import java.util.Set;
import java.util.UUID;

/**
 * A filter of flow runs; an empty set matches all.
 *
 * @param ids these runs
 * @param flowNames of these flows
 * @param deploymentIds of these deployments
 * @param workQueueNames in these queues
 * @param stateTypes in states of these types
 * @param stateNames in states of these names
 */
public record FlowRunFilter(
    Set<UUID> ids,
    Set<String> flowNames,
    Set<UUID> deploymentIds,
    Set<String> workQueueNames,
    Set<StateType> stateTypes,
    Set<String> stateNames) {

  /** All runs. */
  public static final FlowRunFilter ALL =
      new FlowRunFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

  /** These runs that have the given ids. */
  public FlowRunFilter withIds(Set<UUID> wanted) {
    return new FlowRunFilter(
        wanted, flowNames, deploymentIds, workQueueNames, stateTypes, stateNames);
  }

  /** These runs that are in states of the given types. */
  public FlowRunFilter withStateTypes(Set<StateType> types) {
    return new FlowRunFilter(ids, flowNames, deploymentIds, workQueueNames, types, stateNames);
  }

  /** These runs that are in states of the given names. */
  public FlowRunFilter withStateNames(Set<String> names) {
    return new FlowRunFilter(ids, flowNames, deploymentIds, workQueueNames, stateTypes, names);
  }

  /** These runs that belong to the named flows. */
  public FlowRunFilter withFlowNames(Set<String> names) {
    return new FlowRunFilter(ids, names, deploymentIds, workQueueNames, stateTypes, stateNames);
  }

  /** These runs that wait, or waited, in the named queues. */
  public FlowRunFilter withWorkQueueNames(Set<String> names) {
    return new FlowRunFilter(ids, flowNames, deploymentIds, names, stateTypes, stateNames);
  }
}
