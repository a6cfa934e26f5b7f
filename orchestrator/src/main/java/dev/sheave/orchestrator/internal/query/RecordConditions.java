package dev.sheave.orchestrator.internal.query;

import dev.sheave.api.DeploymentFilter;
import dev.sheave.api.FlowFilter;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.TaskRunFilter;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkQueueFilter;
import java.util.List;

/**
 * The conditions of a filter for the rows of each table. The tables have the aliases {@code f}
 * (flow), {@code r} (flow run), {@code t} (task run), {@code d} (deployment), {@code p} (work pool)
 * and {@code q} (work queue). Used by one thread.
 */
public final class RecordConditions {
  private final Where where;
  private final RecordFilter filter;

  /** Translates a filter; its values go to {@code where}. */
  public RecordConditions(Where where, RecordFilter filter) {
    this.where = where;
    this.filter = filter;
  }

  /** The condition for flows, table {@code f}. */
  public String ofFlows() {
    return Where.all(
        flow(filter.flows()),
        Where.among(
            "f.id",
            "select r.flow_id from flow_run r",
            Where.all(flowRun(filter.flowRuns()), taskRunsOfRun())),
        Where.among(
            "f.id",
            "select d.flow_id from deployment d",
            Where.all(deployment(filter.deployments()), queue("d.work_queue_id"))));
  }

  /** The condition for deployments, table {@code d}. */
  public String ofDeployments() {
    return Where.all(
        deployment(filter.deployments()),
        flows("d.flow_id"),
        Where.among(
            "d.id",
            "select r.deployment_id from flow_run r",
            Where.all(flowRun(filter.flowRuns()), taskRunsOfRun())),
        queue("d.work_queue_id"));
  }

  /** The condition for flow runs, table {@code r}. */
  public String ofFlowRuns() {
    return Where.all(flowRun(filter.flowRuns()), taskRunsOfRun(), whatRunsBelongTo());
  }

  /** The condition for task runs, table {@code t}. */
  public String ofTaskRuns() {
    return Where.all(taskRun(filter.taskRuns()), flowRunsOf("t.flow_run_id"));
  }

  /** The condition that a column names a flow run that matches, whatever its task runs. */
  public String flowRunsOf(String column) {
    return Where.among(
        column,
        "select r.id from flow_run r",
        Where.all(flowRun(filter.flowRuns()), whatRunsBelongTo()));
  }

  /** The condition that a column names a task run that matches. */
  public String taskRunsOf(String column) {
    return Where.among(column, "select t.id from task_run t", taskRun(filter.taskRuns()));
  }

  /** The condition for work queues, table {@code q}. */
  public String ofWorkQueues() {
    return Where.all(
        workQueue(filter.workQueues()),
        Where.among(
            "q.work_pool_id", "select p.id from work_pool p", workPool(filter.workPools())));
  }

  /** The condition for work pools, table {@code p}. */
  public String ofWorkPools() {
    return workPool(filter.workPools());
  }

  private String whatRunsBelongTo() {
    return Where.all(
        flows("r.flow_id"),
        Where.among(
            "r.deployment_id", "select d.id from deployment d", deployment(filter.deployments())),
        queue("r.work_queue_id"));
  }

  private String flows(String column) {
    return Where.among(column, "select f.id from flow f", flow(filter.flows()));
  }

  private String queue(String column) {
    return Where.among(column, "select q.id from work_queue q", ofWorkQueues());
  }

  private String taskRunsOfRun() {
    return Where.among("r.id", "select t.flow_run_id from task_run t", taskRun(filter.taskRuns()));
  }

  private String flow(FlowFilter flows) {
    return Where.join(
        flows.operator(),
        List.of(
            where.field("f.id", flows.id()),
            where.field("f.name", flows.name()),
            where.tags("f.tags", flows.tags())));
  }

  private String flowRun(FlowRunFilter runs) {
    return Where.join(
        runs.operator(),
        List.of(
            where.field("r.id", runs.id()),
            where.field("r.name", runs.name()),
            where.tags("r.tags", runs.tags()),
            where.field("r.deployment_id", runs.deploymentId()),
            where.named("r.work_queue_id", "work_queue", runs.workQueueName()),
            where.state("r", runs.state()),
            where.field("r.flow_version", runs.flowVersion()),
            where.time("r.start_time", runs.startTime()),
            where.time("r.expected_start_time", runs.expectedStartTime()),
            where.time("r.next_scheduled_start_time", runs.nextScheduledStartTime()),
            where.field("r.parent_task_run_id", runs.parentTaskRunId()),
            where.field("r.idempotency_key", runs.idempotencyKey()),
            where.field("r.lease_owner", runs.leaseOwner()),
            where.time("r.lease_end", runs.leaseEnd()),
            where.time("r.end_time", runs.endTime())));
  }

  private String taskRun(TaskRunFilter runs) {
    String child = "(select c.id from flow_run c where c.parent_task_run_id = t.id)";
    Boolean isSubflow = runs.isSubflow();
    return Where.join(
        runs.operator(),
        List.of(
            where.field("t.id", runs.id()),
            where.field("t.name", runs.name()),
            where.tags("t.tags", runs.tags()),
            where.state("t", runs.state()),
            where.time("t.start_time", runs.startTime()),
            isSubflow == null ? "" : (isSubflow ? "exists " : "not exists ") + child));
  }

  private String deployment(DeploymentFilter deployments) {
    return Where.join(
        deployments.operator(),
        List.of(
            where.field("d.id", deployments.id()),
            where.field("d.name", deployments.name()),
            where.flag("d.is_schedule_active", deployments.isScheduleActive()),
            where.tags("d.tags", deployments.tags()),
            where.named("d.work_queue_id", "work_queue", deployments.workQueueName())));
  }

  private String workPool(WorkPoolFilter pools) {
    return Where.join(
        pools.operator(),
        List.of(
            where.field("p.id", pools.id()),
            where.field("p.name", pools.name()),
            where.field("p.type", pools.type())));
  }

  private String workQueue(WorkQueueFilter queues) {
    return Where.join(
        queues.operator(),
        List.of(where.field("q.id", queues.id()), where.field("q.name", queues.name())));
  }
}
