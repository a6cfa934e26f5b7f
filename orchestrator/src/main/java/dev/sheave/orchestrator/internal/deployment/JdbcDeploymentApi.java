package dev.sheave.orchestrator.internal.deployment;

import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.Page;
import dev.sheave.orchestrator.internal.database.Database;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Flows and deployments over JDBC. Safe for use by several threads. */
public final class JdbcDeploymentApi implements DeploymentApi {
  private final Database database;

  /** Keeps the records in a database. */
  public JdbcDeploymentApi(Database database) {
    this.database = database;
  }

  @Override
  public FlowRecord createFlow(String name) {
    return database.write(handle -> FlowTable.findOrCreate(handle, name));
  }

  @Override
  public FlowRecord readFlow(UUID id) {
    return database.read(handle -> FlowTable.read(handle, id));
  }

  @Override
  public Optional<FlowRecord> findFlow(String name) {
    return database.read(handle -> FlowTable.find(handle, name));
  }

  @Override
  public List<FlowRecord> listFlows(Page page) {
    return database.read(handle -> FlowTable.list(handle, page));
  }

  @Override
  public Applied applyDeployment(DeploymentSpec spec) {
    return database.write(handle -> DeploymentTable.apply(handle, spec));
  }

  @Override
  public DeploymentRecord readDeployment(UUID id) {
    return database.read(handle -> DeploymentTable.read(handle, id));
  }

  @Override
  public void updateDeployment(UUID id, DeploymentUpdate update) {
    database.change(handle -> DeploymentTable.update(handle, id, update));
  }

  @Override
  public Optional<DeploymentRecord> findDeployment(String flowName, String name) {
    return database.read(handle -> DeploymentTable.find(handle, flowName, name));
  }

  @Override
  public List<DeploymentRecord> listDeployments(Set<String> flowNames, Page page) {
    return database.read(handle -> DeploymentTable.list(handle, flowNames, page));
  }

  @Override
  public void deleteDeployment(UUID id) {
    database.change(handle -> DeploymentTable.delete(handle, id));
  }
}
