package dev.sheave.orchestrator.internal.deployment;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.orchestrator.internal.block.AnonymousDocuments;
import dev.sheave.orchestrator.internal.database.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** What a deployment's record says of its schedule: how far runs were created, and when to look. */
public final class ScheduleColumns {
  /** A run that waits for its time, was created for a schedule, and was never started. */
  private static final String UNCLAIMED =
      " from flow_run where deployment_id = :id and auto_scheduled and state_type = 'SCHEDULED'"
          + " and state_name in ('Scheduled', 'Late') and run_count = 0";

  private ScheduleColumns() {}

  /** Returns the ids of deployments whose schedules are to be looked at, the first ones first. */
  public static List<UUID> due(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            "select id from deployment where schedule_due <= :now order by schedule_due, id"
                + " limit :limit")
        .bind("now", now)
        .bind("limit", limit)
        .map((row, context) -> new Row(row).id("id"))
        .list();
  }

  /**
   * How a deployment's schedule is followed.
   *
   * @param until up to when runs were created; null if none were
   * @param due when to look again; null for never
   * @param workQueueId the queue that the deployment's runs wait in
   */
  public record Followed(
      @Nullable Instant until, @Nullable Instant due, @Nullable UUID workQueueId) {}

  /** Reads how the schedules of deployments are followed. */
  public static Map<UUID, Followed> read(Handle handle, Collection<UUID> ids) {
    Map<UUID, Followed> all = new HashMap<>();
    if (!ids.isEmpty()) {
      handle
          .createQuery(
              "select id, scheduled_until, schedule_due, work_queue_id from deployment"
                  + " where id in (<ids>)")
          .bindList("ids", ids.stream().map(UUID::toString).toList())
          .map(
              (columns, context) -> {
                Row row = new Row(columns);
                return Map.entry(
                    row.id("id"),
                    new Followed(
                        row.timeOrNull("scheduled_until"),
                        row.timeOrNull("schedule_due"),
                        row.idOrNull("work_queue_id")));
              })
          .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    }
    return all;
  }

  /** Sets how the schedules of deployments are followed; their queues stay. */
  public static void set(Handle handle, Map<UUID, Followed> followed) {
    PreparedBatch batch =
        handle.prepareBatch(
            "update deployment set scheduled_until = :until, schedule_due = :due where id = :id");
    followed.forEach(
        (id, each) ->
            batch.bind("until", each.until()).bind("due", each.due()).bind("id", id).add());
    batch.execute();
  }

  /** Leaves a schedule until a time. */
  public static void putOff(Handle handle, UUID id, Instant due) {
    handle
        .createUpdate(
            "update deployment set schedule_due = :due where id = :id and schedule_due is not null")
        .bind("due", due)
        .bind("id", id)
        .execute();
  }

  /**
   * Prepares a deployment that was written: its future runs that nobody has claimed are taken away,
   * and its schedule is to be looked at. Late runs stay. Runs for the time before now are created
   * only if the schedule was followed then.
   */
  static void renew(
      Handle handle, DeploymentRecord written, @Nullable DeploymentSpec before, Instant now) {
    DeploymentSpec spec = written.spec();
    UUID id = written.id();
    deleteFutureRuns(handle, id, now);
    boolean isFollowed = isFollowed(spec);
    boolean wasFollowed =
        before != null && isFollowed(before) && Objects.equals(spec.schedule(), before.schedule());
    Instant until = now;
    if (isFollowed && wasFollowed) {
      Instant known = Objects.requireNonNull(read(handle, List.of(id)).get(id)).until();
      until = known != null && known.isBefore(now) ? known : now;
    }
    set(handle, Map.of(id, new Followed(until, isFollowed ? Instant.EPOCH : null, null)));
  }

  private static boolean isFollowed(DeploymentSpec spec) {
    return spec.schedule() != null && !Boolean.FALSE.equals(spec.isScheduleActive());
  }

  /** Deletes unclaimed runs whose time hasn't come. */
  static void deleteFutureRuns(Handle handle, UUID deploymentId, Instant now) {
    deleteRuns(handle, deploymentId, "next_scheduled_start_time > :from", now);
  }

  /** Deletes unclaimed runs that are due before a moment. */
  public static void deleteRunsBefore(Handle handle, UUID deploymentId, Instant moment) {
    deleteRuns(handle, deploymentId, "next_scheduled_start_time < :from", moment);
  }

  private static void deleteRuns(Handle handle, UUID id, String condition, Instant from) {
    String which = UNCLAIMED + " and " + condition;
    List<UUID> released =
        new ArrayList<>(
            handle
                .createQuery(
                    "select distinct infrastructure_document_id as document"
                        + which
                        + " and infrastructure_document_id is not null"
                        + " union select document_id from parameter_reference"
                        + " where flow_run_id in (select id"
                        + which
                        + ")")
                .bind("id", id)
                .bind("from", from)
                .map((row, context) -> new Row(row).id("document"))
                .list());
    if (handle.createUpdate("delete" + which).bind("id", id).bind("from", from).execute() > 0) {
      AnonymousDocuments.collect(handle, released);
    }
  }
}
