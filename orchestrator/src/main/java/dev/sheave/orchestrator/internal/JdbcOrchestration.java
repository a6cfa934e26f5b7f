package dev.sheave.orchestrator.internal;

import dev.sheave.api.AgentApi;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.ArtifactApi;
import dev.sheave.api.AuditApi;
import dev.sheave.api.BlockApi;
import dev.sheave.api.ConcurrencyLimitApi;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.KeyRotation;
import dev.sheave.api.NotificationPolicyApi;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.PruneRule;
import dev.sheave.api.Pruned;
import dev.sheave.api.SavedSearchApi;
import dev.sheave.api.StoreAdministration;
import dev.sheave.api.StoreLoad;
import dev.sheave.api.TaskRunApi;
import dev.sheave.api.VariableApi;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.orchestrator.internal.block.JdbcBlockApi;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.deployment.JdbcDeploymentApi;
import dev.sheave.orchestrator.internal.key.JdbcApiKeyApi;
import dev.sheave.orchestrator.internal.record.JdbcArtifactApi;
import dev.sheave.orchestrator.internal.record.JdbcAuditApi;
import dev.sheave.orchestrator.internal.record.JdbcNotificationPolicyApi;
import dev.sheave.orchestrator.internal.record.JdbcSavedSearchApi;
import dev.sheave.orchestrator.internal.record.JdbcVariableApi;
import dev.sheave.orchestrator.internal.run.JdbcAgentApi;
import dev.sheave.orchestrator.internal.run.JdbcConcurrencyLimitApi;
import dev.sheave.orchestrator.internal.run.JdbcFlowRunApi;
import dev.sheave.orchestrator.internal.run.JdbcTaskRunApi;
import dev.sheave.orchestrator.internal.run.JdbcWorkPoolApi;
import dev.sheave.orchestrator.internal.run.JdbcWorkQueueApi;
import dev.sheave.orchestrator.internal.run.LoadQueries;
import dev.sheave.orchestrator.internal.run.Retention;
import dev.sheave.orchestrator.internal.run.ScheduledRuns;
import dev.sheave.orchestrator.internal.secret.KeyRing;
import dev.sheave.orchestrator.internal.service.Services;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The orchestration contract over a database. Safe for use by several threads. */
public final class JdbcOrchestration implements OrchestrationApi {
  private final String url;
  private final Database database;
  private final JdbcBlockApi blocks;
  private final DeploymentApi deployments;
  private final FlowRunApi flowRuns;
  private final TaskRunApi taskRuns;
  private final ConcurrencyLimitApi concurrencyLimits;
  private final WorkPoolApi workPools;
  private final VariableApi variables;
  private final ArtifactApi artifacts;
  private final SavedSearchApi savedSearches;
  private final NotificationPolicyApi notificationPolicies;
  private final WorkQueueApi workQueues;
  private final AgentApi agents;
  private final StoreAdministration administration;

  /**
   * Keeps the records in a database.
   *
   * @param url names the database, without credentials
   * @param database is closed with this
   * @param keys the keys that documents are encrypted with
   */
  public JdbcOrchestration(String url, Database database, KeyRing keys) {
    this.url = url;
    this.database = database;
    this.blocks = new JdbcBlockApi(database, keys);
    this.deployments = new JdbcDeploymentApi(database, new ScheduledRuns());
    this.flowRuns = new JdbcFlowRunApi(database);
    this.taskRuns = new JdbcTaskRunApi(database);
    this.concurrencyLimits = new JdbcConcurrencyLimitApi(database);
    this.workPools = new JdbcWorkPoolApi(database);
    this.variables = new JdbcVariableApi(database);
    this.artifacts = new JdbcArtifactApi(database);
    this.savedSearches = new JdbcSavedSearchApi(database);
    this.notificationPolicies = new JdbcNotificationPolicyApi(database);
    this.workQueues = new JdbcWorkQueueApi(database);
    this.agents = new JdbcAgentApi(database, database.changes());
    this.administration =
        new Administration(
            database, blocks, new JdbcApiKeyApi(database), new JdbcAuditApi(database));
  }

  private record Administration(
      Database database, JdbcBlockApi blocks, ApiKeyApi apiKeys, AuditApi audit)
      implements StoreAdministration {
    @Override
    public KeyRotation rotateEncryptionKey(boolean keepsOldKey) {
      return blocks.keyRotation().run(keepsOldKey);
    }

    @Override
    public Pruned pruneSome(PruneRule rule) {
      return Retention.pruneSome(database, rule);
    }

    @Override
    public StoreLoad readLoad() {
      return LoadQueries.read(database);
    }

    @Override
    public StoreLoad.ConnectionLoad connectionLoad() {
      return database.connections();
    }

    @Override
    public void backUp(Path file) {
      database.backUp(file);
    }
  }

  @Override
  public String url() {
    return url;
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
  public WorkQueueApi workQueues() {
    return workQueues;
  }

  @Override
  public WorkPoolApi workPools() {
    return workPools;
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
  public Set<Feature> features() {
    return EnumSet.allOf(Feature.class);
  }

  @Override
  public Optional<StoreAdministration> administration() {
    return Optional.of(administration);
  }

  @Override
  public Hosting hostServices() {
    return Services.start(database, null);
  }

  @Override
  public Hosting hostServices(PruneRule rule) {
    return Services.start(database, rule);
  }

  @Override
  public void checkHealth() {
    database.check();
  }

  @Override
  public void close() {
    database.close();
  }
}
