package dev.sheave.orchestrator.internal.deployment;

import dev.sheave.api.Created;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.Schedule;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.schedule.ScheduleTimes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Flows and deployments over JDBC. Safe for use by several threads. */
public final class JdbcDeploymentApi implements DeploymentApi {
  private final Database database;
  private final ScheduleFollower follower;

  /** Creates the runs of deployments' schedules. */
  public interface ScheduleFollower {
    /** Creates those of a deployment that was written. */
    void follow(Handle handle, DeploymentRecord deployment);

    /** Creates those of a period. */
    void follow(Handle handle, DeploymentRecord deployment, SchedulePeriod period);
  }

  /** Keeps the records in a database. */
  public JdbcDeploymentApi(Database database, ScheduleFollower follower) {
    this.database = database;
    this.follower = follower;
  }

  @Override
  public Created<FlowRecord> findOrCreateFlow(String name, List<String> tags) {
    return database.write(handle -> FlowTable.findOrCreate(handle, name, tags));
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
  public void updateFlow(UUID id, List<String> tags) {
    database.change(handle -> FlowTable.update(handle, id, tags));
  }

  @Override
  public void deleteFlow(UUID id) {
    while (database.<Boolean>write(handle -> FlowTable.deleteSomeRuns(handle, id))) {
      // others work in between
    }
    database.change(handle -> FlowTable.delete(handle, id));
  }

  @Override
  public List<FlowRecord> listFlows(RecordFilter filter, FlowSort sort, Page page) {
    return database.read(handle -> FlowTable.list(handle, filter, sort, page));
  }

  @Override
  public int countFlows(RecordFilter filter) {
    return database.read(handle -> FlowTable.count(handle, filter));
  }

  @Override
  public Applied applyDeployment(DeploymentSpec spec) {
    return database.write(
        handle -> {
          Applied applied = DeploymentTable.apply(handle, spec);
          follower.follow(handle, applied.deployment());
          return applied;
        });
  }

  @Override
  public DeploymentRecord readDeployment(UUID id) {
    return database.readOnce(handle -> DeploymentTable.read(handle, id));
  }

  @Override
  public void updateDeployment(UUID id, DeploymentUpdate update) {
    database.change(
        handle -> follower.follow(handle, DeploymentTable.update(handle, id, update).deployment()));
  }

  @Override
  public Optional<DeploymentRecord> findDeployment(String flowName, String name) {
    return database.read(handle -> DeploymentTable.find(handle, flowName, name));
  }

  @Override
  public List<DeploymentRecord> listDeployments(
      RecordFilter filter, DeploymentSort sort, Page page) {
    return database.read(handle -> DeploymentTable.list(handle, filter, sort, page));
  }

  @Override
  public int countDeployments(RecordFilter filter) {
    return database.read(handle -> DeploymentTable.count(handle, filter));
  }

  @Override
  public void deleteDeployment(UUID id) {
    database.change(handle -> DeploymentTable.delete(handle, id));
  }

  @Override
  public void scheduleRuns(UUID id, SchedulePeriod period) {
    database.change(handle -> follower.follow(handle, DeploymentTable.read(handle, id), period));
  }

  @Override
  public List<Instant> previewSchedule(Schedule schedule, Instant after, int count) {
    return ScheduleTimes.of(schedule).after(after, count);
  }
}
