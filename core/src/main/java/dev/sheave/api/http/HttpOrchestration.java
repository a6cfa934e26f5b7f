package dev.sheave.api.http;

import dev.sheave.api.AgentApi;
import dev.sheave.api.ArtifactApi;
import dev.sheave.api.BlockApi;
import dev.sheave.api.ConcurrencyLimitApi;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.NotificationPolicyApi;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.SavedSearchApi;
import dev.sheave.api.StoreAdministration;
import dev.sheave.api.TaskRunApi;
import dev.sheave.api.VariableApi;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkQueueApi;
import java.util.Optional;
import java.util.Set;

/** The records of a server. Safe for use by several threads. */
final class HttpOrchestration implements OrchestrationApi {
  private final ServerConnection server;
  private final ServerFeatures features;
  private final BlockApi blocks;
  private final DeploymentApi deployments;
  private final FlowRunApi flowRuns;
  private final TaskRunApi taskRuns;
  private final ConcurrencyLimitApi concurrencyLimits;
  private final WorkPoolApi workPools;
  private final WorkQueueApi workQueues;
  private final AgentApi agents;
  private final VariableApi variables;
  private final ArtifactApi artifacts;
  private final SavedSearchApi savedSearches;
  private final NotificationPolicyApi notificationPolicies;

  HttpOrchestration(ServerConnection server) {
    this.server = server;
    this.features = new ServerFeatures(server);
    RecordNames flows = RecordNames.ofFlows(server);
    RecordNames pools = RecordNames.ofWorkPools(server);
    this.deployments = new HttpDeploymentApi(server, features, flows);
    this.flowRuns = new HttpFlowRunApi(server, features, flows);
    this.notificationPolicies = new HttpNotificationPolicyApi(server, features);
    this.blocks = new HttpBlockApi(server, features, deployments, flowRuns, notificationPolicies);
    this.taskRuns = new HttpTaskRunApi(server, features);
    this.concurrencyLimits = new HttpConcurrencyLimitApi(server, features);
    this.workPools = new HttpWorkPoolApi(server, features, flows, pools, flowRuns);
    this.workQueues = new HttpWorkQueueApi(server, features, flows, pools);
    this.agents = new HttpAgentApi(server, features);
    this.variables = new HttpVariableApi(server, features);
    this.artifacts = new HttpArtifactApi(server, features);
    this.savedSearches = new HttpSavedSearchApi(server, features);
  }

  @Override
  public void checkHealth() {
    server.send(Call.get("/health", "The server"));
  }

  @Override
  public String url() {
    return server.url();
  }

  @Override
  public BlockApi blocks() {
    return blocks;
  }

  @Override
  public DeploymentApi deployments() {
    return deployments;
  }

  @Override
  public FlowRunApi flowRuns() {
    return flowRuns;
  }

  @Override
  public TaskRunApi taskRuns() {
    return taskRuns;
  }

  @Override
  public ConcurrencyLimitApi concurrencyLimits() {
    return concurrencyLimits;
  }

  @Override
  public WorkPoolApi workPools() {
    return workPools;
  }

  @Override
  public WorkQueueApi workQueues() {
    return workQueues;
  }

  @Override
  public AgentApi agents() {
    return agents;
  }

  @Override
  public VariableApi variables() {
    return variables;
  }

  @Override
  public ArtifactApi artifacts() {
    return artifacts;
  }

  @Override
  public SavedSearchApi savedSearches() {
    return savedSearches;
  }

  @Override
  public NotificationPolicyApi notificationPolicies() {
    return notificationPolicies;
  }

  @Override
  public boolean isServer() {
    return true;
  }

  @Override
  public Optional<StoreAdministration> administration() {
    return features.has(Feature.ADMINISTRATION)
        ? Optional.of(new HttpStoreAdministration(server, features))
        : Optional.empty();
  }

  @Override
  public Set<Feature> features() {
    return features.all();
  }

  @Override
  public void close() {
    server.close();
  }
}
