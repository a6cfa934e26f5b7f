package dev.sheave.api.http;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentApi.DeploymentSort;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.NotificationPolicyApi;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.AllPages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Finds what uses a document on a server that doesn't tell, and deletes users with what they use.
 */
final class DocumentUsers {
  private final BlockApi blocks;
  private final DeploymentApi deployments;
  private final FlowRunApi flowRuns;
  private final NotificationPolicyApi policies;

  DocumentUsers(
      BlockApi blocks,
      DeploymentApi deployments,
      FlowRunApi flowRuns,
      NotificationPolicyApi policies) {
    this.policies = policies;
    this.blocks = blocks;
    this.deployments = deployments;
    this.flowRuns = flowRuns;
  }

  List<String> of(BlockDocumentRecord document) {
    List<String> users = new ArrayList<>();
    UUID id = document.id();
    AllPages.read(
            page -> deployments.listDeployments(RecordFilter.ALL, DeploymentSort.NAME_ASC, page))
        .forEach(
            deployment -> {
              DeploymentSpec spec = deployment.spec();
              if (id.equals(spec.storageDocumentId())
                  || id.equals(spec.infrastructureDocumentId())) {
                users.add("deployment " + deployment.flowName() + "/" + spec.name());
              }
            });
    AllPages.read(
            page ->
                blocks.listBlockDocuments(
                    new BlockDocumentFilter(Set.of(), Set.of(), true), page, false))
        .forEach(
            other -> {
              if (other.references().values().stream().anyMatch(each -> each.id().equals(id))) {
                users.add("block " + other.reference());
              }
            });
    Set<StateType> open =
        Arrays.stream(StateType.values())
            .filter(type -> !type.isTerminal())
            .collect(Collectors.toSet());
    flowRuns.listAllFlowRuns(FlowRunFilter.ALL.withStateTypes(open)).stream()
        .filter(run -> id.equals(run.infrastructureDocumentId()))
        .forEach(run -> users.add("flow run " + run.name()));
    AllPages.read(page -> policies.listNotificationPolicies(null, page))
        .forEach(
            policy -> {
              if (id.equals(policy.policy().blockDocumentId())) {
                users.add("notification policy " + policy.id());
              }
            });
    return users;
  }

  /**
   * Keeps the server from deleting users.
   *
   * @throws SheaveException {@code CONFLICT} if there are any
   */
  void refuseIfUsed(BlockDocumentRecord document) {
    refuse("block '" + document.reference() + "'", of(document));
  }

  /** As for a document, for all those of a type. */
  void refuseIfUsed(BlockTypeRecord type) {
    List<String> users = new ArrayList<>();
    AllPages.read(
            page ->
                blocks.listBlockDocuments(
                    new BlockDocumentFilter(Set.of(type.slug()), Set.of(), true), page, false))
        .forEach(document -> users.addAll(of(document)));
    users.removeIf(user -> user.startsWith("block " + type.slug() + "/"));
    refuse("block type '" + type.slug() + "'", users);
  }

  private static void refuse(String what, List<String> users) {
    if (!users.isEmpty()) {
      throw new SheaveException(
          Code.CONFLICT,
          "The "
              + what
              + " is used by "
              + String.join(", ", users)
              + ", which this server would delete with it: change or delete them first.");
    }
  }
}
