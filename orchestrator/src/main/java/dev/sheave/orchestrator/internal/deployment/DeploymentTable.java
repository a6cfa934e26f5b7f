package dev.sheave.orchestrator.internal.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.SheaveException.Problem;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.DeploymentApi.DeploymentSort;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.Schedule;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.block.internal.Problems;
import dev.sheave.internal.Json;
import dev.sheave.internal.Names;
import dev.sheave.internal.OneLine;
import dev.sheave.orchestrator.internal.block.AnonymousDocuments;
import dev.sheave.orchestrator.internal.block.ParameterReferences;
import dev.sheave.orchestrator.internal.block.ParameterReferences.Owner;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.RecordConditions;
import dev.sheave.orchestrator.internal.query.Where;
import dev.sheave.orchestrator.internal.queue.WorkPoolTable;
import dev.sheave.orchestrator.internal.queue.WorkQueueTable;
import dev.sheave.orchestrator.internal.schedule.ScheduleTimes;
import dev.sheave.orchestrator.internal.schema.StoredSchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of deployments. */
public final class DeploymentTable {
  private static final String SELECT =
      "select d.*, f.name as flow_name, q.name as work_queue_name, p.name as work_pool_name"
          + " from deployment d join flow f on f.id = d.flow_id"
          + " left join work_queue q on q.id = d.work_queue_id"
          + " left join work_pool p on p.id = q.work_pool_id";

  private static final Pattern UNUSABLE_PLACE =
      Pattern.compile("\0|(?:^|[/\\\\])\\.\\.(?:[/\\\\:]|$)");

  private DeploymentTable() {}

  static Applied apply(Handle handle, DeploymentSpec spec) {
    Names.check(spec.name(), "Deployment");
    StoredSchema.check(spec.parameterSchema(), spec.parameters());
    FlowRecord flow = FlowTable.read(handle, spec.flowId());
    Schedule schedule = spec.schedule();
    DeploymentRecord known = find(handle, flow.name(), spec.name()).orElse(null);
    checkPlaces(spec, known == null ? null : known.spec());
    if (schedule != null && (known == null || !schedule.equals(known.spec().schedule()))) {
      checkSchedule(schedule);
    }
    checkBlock(handle, spec.storageDocumentId(), "storage");
    checkBlock(handle, spec.infrastructureDocumentId(), "infrastructure");
    UUID workQueueId = workQueueId(handle, spec);
    Optional<DeploymentRecord> existing = Optional.ofNullable(known);
    UUID id = existing.map(DeploymentRecord::id).orElseGet(UUID::randomUUID);
    Instant now =
        existing
            .map(each -> StoreClock.nowAfter(handle, each.updated()))
            .orElseGet(() -> StoreClock.now(handle));
    Boolean isActive = spec.isScheduleActive();
    if (isActive == null) {
      isActive = existing.map(each -> each.spec().isScheduleActive()).orElse(true);
    }
    handle
        .createUpdate(
            "insert into deployment (id, created, updated, name, flow_id, version, description,"
                + " tags, parameters, parameter_schema, work_queue_id, storage_document_id,"
                + " infrastructure_document_id, infra_overrides, path, entrypoint, schedule,"
                + " is_schedule_active) values (:id, :now, :now, :name, :flow, :version,"
                + " :description, :tags, :parameters, :parameter_schema, :work_queue, :storage,"
                + " :infrastructure, :infra_overrides, :path, :entrypoint, :schedule, :active)"
                + " on conflict (flow_id, name) do update set updated = excluded.updated,"
                + " version = excluded.version, description = excluded.description,"
                + " tags = excluded.tags, parameters = excluded.parameters,"
                + " parameter_schema = excluded.parameter_schema,"
                + " work_queue_id = excluded.work_queue_id,"
                + " storage_document_id = excluded.storage_document_id,"
                + " infrastructure_document_id = excluded.infrastructure_document_id,"
                + " infra_overrides = excluded.infra_overrides, path = excluded.path,"
                + " entrypoint = excluded.entrypoint, schedule = excluded.schedule,"
                + " is_schedule_active = excluded.is_schedule_active")
        .bind("id", id)
        .bind("now", now)
        .bind("name", spec.name())
        .bind("flow", flow.id())
        .bind("version", spec.version())
        .bind("description", spec.description())
        .bind("tags", Json.write(spec.tags()))
        .bind("parameters", Json.write(spec.parameters()))
        .bind("parameter_schema", Json.write(spec.parameterSchema()))
        .bind("work_queue", workQueueId)
        .bind("storage", spec.storageDocumentId())
        .bind("infrastructure", spec.infrastructureDocumentId())
        .bind("infra_overrides", Json.write(spec.infraOverrides()))
        .bind("path", spec.path())
        .bind("entrypoint", spec.entrypoint())
        .bind("schedule", schedule(spec))
        .bind("active", isActive)
        .execute();
    List<UUID> released =
        new ArrayList<>(
            ParameterReferences.record(handle, Owner.DEPLOYMENT, id, spec.parameters()));
    existing.ifPresent(before -> released.addAll(documentsOf(before.spec())));
    AnonymousDocuments.collect(handle, released);
    DeploymentRecord written = read(handle, id);
    ScheduleColumns.renew(handle, written, known == null ? null : known.spec(), now);
    return new Applied(written, existing.isEmpty());
  }

  /** Says which field is wrong, for those that wrote a request. */
  private static void checkSchedule(Schedule schedule) {
    try {
      ScheduleTimes.of(schedule);
    } catch (SheaveException e) {
      String field =
          schedule instanceof Schedule.Cron
              ? "cron"
              : schedule instanceof Schedule.RRule ? "rrule" : "interval";
      throw new SheaveException(
          e.code(), e.getMessage(), List.of(new Problem("schedule." + field, e.getMessage())), e);
    }
  }

  private static @Nullable String schedule(DeploymentSpec spec) {
    Schedule schedule = spec.schedule();
    return schedule == null ? null : Json.write(DeploymentJson.SCHEDULE.toJson(schedule));
  }

  /**
   * Checks what is new: it is looked for below a folder. A path may be absolute, since clients of
   * Python write one of their machine or image.
   */
  private static void checkPlaces(DeploymentSpec spec, @Nullable DeploymentSpec known) {
    Problems problems = new Problems();
    if (known == null || !Objects.equals(spec.path(), known.path())) {
      checkPlace("path", spec.path(), problems);
    }
    if (known == null || !Objects.equals(spec.entrypoint(), known.entrypoint())) {
      checkPlace("entrypoint", spec.entrypoint(), problems);
    }
    problems.throwIfAny();
  }

  private static void checkPlace(String field, @Nullable String place, Problems problems) {
    if (place != null && UNUSABLE_PLACE.matcher(place).find()) {
      problems.add(
          field,
          "The '"
              + field
              + "' of a deployment can't have '..' or a NUL character; not '"
              + OneLine.of(place)
              + "'.");
    }
  }

  /** Changes a deployment; its values are checked as when it is applied. */
  static Applied update(Handle handle, UUID id, DeploymentUpdate update) {
    return apply(handle, update.applyTo(read(handle, id).spec()));
  }

  /**
   * Checks that a block is in this store.
   *
   * @param what names its role
   * @throws SheaveException {@code CONFLICT} if it isn't
   */
  public static void checkBlock(Handle handle, @Nullable UUID id, String what) {
    if (id == null) {
      return;
    }
    boolean exists =
        handle
            .createQuery("select 1 from block_document where id = :id")
            .bind("id", id)
            .map((row, context) -> true)
            .findFirst()
            .isPresent();
    if (!exists) {
      throw new SheaveException(
          Code.CONFLICT,
          "The "
              + what
              + " block with the id "
              + id
              + " doesn't exist in this store; the deployment may have been built against another one. Build"
              + " it again here.");
    }
  }

  private static @Nullable UUID workQueueId(Handle handle, DeploymentSpec spec) {
    String pool = spec.workPoolName();
    String queue = spec.workQueueName();
    if (pool == null && queue == null) {
      return null;
    }
    return WorkQueueTable.idOrNew(
        handle,
        pool == null ? WorkQueueApi.DEFAULT_POOL : pool,
        queue == null ? WorkPoolTable.DEFAULT_QUEUE : queue);
  }

  /**
   * Reads a deployment.
   *
   * @throws SheaveException {@code NOT_FOUND} if there is none
   */
  public static DeploymentRecord read(Handle handle, UUID id) {
    return handle
        .createQuery(SELECT + " where d.id = :id")
        .bind("id", id)
        .map((row, context) -> record(row))
        .findFirst()
        .orElseThrow(() -> missing(id));
  }

  /** Reads deployments; those that aren't there are left out. */
  public static List<DeploymentRecord> read(Handle handle, Collection<UUID> ids) {
    return ids.isEmpty()
        ? List.of()
        : handle
            .createQuery(SELECT + " where d.id in (<ids>)")
            .bindList("ids", ids.stream().map(UUID::toString).toList())
            .map((row, context) -> record(row))
            .list();
  }

  /** Returns the id of the queue that runs of a deployment wait in. */
  public static @Nullable UUID workQueueIdOf(Handle handle, UUID id) {
    return handle
        .createQuery("select work_queue_id from deployment where id = :id")
        .bind("id", id)
        .map((row, context) -> Optional.ofNullable(new Row(row).idOrNull("work_queue_id")))
        .findFirst()
        .orElseThrow(() -> missing(id))
        .orElse(null);
  }

  static Optional<DeploymentRecord> find(Handle handle, String flowName, String name) {
    return handle
        .createQuery(SELECT + " where f.name = :flow and d.name = :name")
        .bind("flow", flowName)
        .bind("name", name)
        .map((row, context) -> record(row))
        .findFirst();
  }

  static List<DeploymentRecord> list(
      Handle handle, RecordFilter filter, DeploymentSort sort, Page page) {
    Where where = new Where();
    String condition = new RecordConditions(where, filter).ofDeployments();
    Listing listing =
        switch (sort) {
          case CREATED_DESC -> Listing.descending("deployment d", "d", "created");
          case UPDATED_DESC -> Listing.descending("deployment d", "d", "updated");
          case NAME_ASC -> Listing.ascending("deployment d", "d", "name");
          case NAME_DESC -> Listing.descending("deployment d", "d", "name");
        };
    String ids = "select d.id from deployment d" + listing.end(handle, where, condition, page);
    return where
        .bindTo(handle.createQuery(SELECT + " where d.id in (" + ids + ")" + listing.order()))
        .map((row, context) -> record(row))
        .list();
  }

  static int count(Handle handle, RecordFilter filter) {
    Where where = new Where();
    String condition = new RecordConditions(where, filter).ofDeployments();
    return where
        .bindTo(handle.createQuery("select count(*) from deployment d" + Where.clause(condition)))
        .map((row, context) -> row.getInt(1))
        .one();
  }

  static void delete(Handle handle, UUID id) {
    List<UUID> released = new ArrayList<>(documentsOf(read(handle, id).spec()));
    ScheduleColumns.deleteFutureRuns(handle, id, StoreClock.now(handle));
    released.addAll(ParameterReferences.of(handle, Owner.DEPLOYMENT, id));
    handle.createUpdate("delete from deployment where id = :id").bind("id", id).execute();
    AnonymousDocuments.collect(handle, released);
  }

  private static List<UUID> documentsOf(DeploymentSpec spec) {
    return Stream.of(spec.storageDocumentId(), spec.infrastructureDocumentId())
        .flatMap(Stream::ofNullable)
        .toList();
  }

  private static SheaveException missing(UUID id) {
    return MissingRecord.of("deployment", id);
  }

  private static DeploymentRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    Map<String, @Nullable Object> schedule = row.objectOrNull("schedule");
    return new DeploymentRecord(
        row.id("id"),
        row.time("created"),
        row.time("updated"),
        row.text("flow_name"),
        DeploymentSpec.builder(row.text("name"), row.id("flow_id"))
            .version(row.textOrNull("version"))
            .description(row.textOrNull("description"))
            .tags(row.texts("tags"))
            .parameters(row.object("parameters"))
            .parameterSchema(row.object("parameter_schema"))
            .workQueueName(row.textOrNull("work_queue_name"))
            .workPoolName(row.textOrNull("work_pool_name"))
            .storageDocumentId(row.idOrNull("storage_document_id"))
            .infrastructureDocumentId(row.idOrNull("infrastructure_document_id"))
            .infraOverrides(row.object("infra_overrides"))
            .path(row.textOrNull("path"))
            .entrypoint(row.textOrNull("entrypoint"))
            .schedule(schedule == null ? null : DeploymentJson.SCHEDULE.fromJson(schedule))
            .isScheduleActive(row.flag("is_schedule_active"))
            .build(),
        null, // a store alone doesn't know its users
        null);
  }
}
