package dev.sheave.orchestrator.internal.deployment;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.orchestrator.internal.block.AnonymousDocuments;
import dev.sheave.orchestrator.internal.database.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
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

  /** Returns up to when runs were created; empty if none were. */
  public static Optional<Instant> scheduledUntil(Handle handle, UUID id) {
    return handle
        .createQuery("select scheduled_until from deployment where id = :id")
        .bind("id", id)
        .map((row, context) -> Optional.ofNullable(new Row(row).timeOrNull("scheduled_until")))
        .findFirst()
        .orElse(Optional.empty());
  }

  /** Sets up to when runs were created, and when to look again; null for never. */
  public static void set(
      Handle handle, UUID id, @Nullable Instant scheduledUntil, @Nullable Instant due) {
    handle
        .createUpdate(
            "update deployment set scheduled_until = :until, schedule_due = :due where id = :id")
        .bind("until", scheduledUntil)
        .bind("due", due)
        .bind("id", id)
        .execute();
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
      until = scheduledUntil(handle, id).filter(each -> each.isBefore(now)).orElse(now);
    }
    set(handle, id, until, isFollowed ? Instant.EPOCH : null);
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
