package dev.sheave.api.internal;

import dev.sheave.api.DeploymentApi.SchedulePeriod;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.Schedule;
import dev.sheave.api.Schedule.CatchUp;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Flows and deployments. */
public final class DeploymentJson {

  /** Flows. */
  public static final RecordCodec<FlowRecord> FLOW =
      new RecordCodec<>(
          "flow",
          (flow, json) ->
              json.id("id", flow.id())
                  .time("created", flow.created())
                  .time("updated", flow.updated())
                  .value("name", flow.name())
                  .value("tags", flow.tags()),
          json ->
              new FlowRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("name"),
                  json.texts("tags")));

  /** Schedules, told apart by their first field. */
  public static final RecordCodec<Schedule> SCHEDULE =
      new RecordCodec<>("schedule", DeploymentJson::writeSchedule, DeploymentJson::readSchedule);

  /** Schedules that are asked for: one whose field were ignored would be another one. */
  public static final RecordCodec<Schedule> ASKED_SCHEDULE = SCHEDULE.strict();

  /** Values of deployments. */
  public static final RecordCodec<DeploymentSpec> SPEC =
      new RecordCodec<>(
          "deployment",
          (spec, json) ->
              json.value("name", spec.name())
                  .value("version", spec.version())
                  .value("description", spec.description())
                  .id("flow_id", spec.flowId())
                  .record("schedule", SCHEDULE, spec.schedule())
                  .value("is_schedule_active", spec.isScheduleActive())
                  .value("infra_overrides", spec.infraOverrides())
                  .value("parameters", spec.parameters())
                  .value("tags", spec.tags())
                  .value("work_queue_name", spec.workQueueName())
                  .value("work_pool_name", spec.workPoolName())
                  .value("parameter_openapi_schema", spec.parameterSchema())
                  .value("path", spec.path())
                  .value("entrypoint", spec.entrypoint())
                  .id("storage_document_id", spec.storageDocumentId())
                  .id("infrastructure_document_id", spec.infrastructureDocumentId()),
          json -> readSpec(json, ASKED_SCHEDULE));

  /** Deployments. */
  public static final RecordCodec<DeploymentRecord> DEPLOYMENT =
      new RecordCodec<>(
          "deployment",
          (deployment, json) ->
              json.id("id", deployment.id())
                  .time("created", deployment.created())
                  .time("updated", deployment.updated())
                  .value("flow_name", deployment.flowName())
                  .all(SPEC.toJson(deployment.spec()))
                  .record("created_by", FlowRunJson.CREATED_BY, deployment.createdBy())
                  .record("updated_by", FlowRunJson.CREATED_BY, deployment.updatedBy()),
          json ->
              new DeploymentRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("flow_name", ""),
                  readSpec(json, SCHEDULE),
                  json.recordOrNull("created_by", FlowRunJson.CREATED_BY),
                  json.recordOrNull("updated_by", FlowRunJson.CREATED_BY)));

  /** Changes to deployments. */
  public static final RecordCodec<DeploymentUpdate> UPDATE =
      new RecordCodec<>(
          "change of a deployment",
          (update, json) ->
              json.change("version", update.version(), value -> value)
                  .change("description", update.description(), value -> value)
                  .change("tags", update.tags(), value -> value)
                  .change("parameters", update.parameters(), value -> value)
                  .change("work_queue_name", update.workQueueName(), value -> value)
                  .change("work_pool_name", update.workPoolName(), value -> value)
                  .change("storage_document_id", update.storageDocumentId(), Object::toString)
                  .change(
                      "infrastructure_document_id",
                      update.infrastructureDocumentId(),
                      Object::toString)
                  .change("infra_overrides", update.infraOverrides(), value -> value)
                  .change("path", update.path(), value -> value)
                  .change("entrypoint", update.entrypoint(), value -> value)
                  .change("schedule", update.schedule(), SCHEDULE::toJson)
                  .change("is_schedule_active", update.isScheduleActive(), value -> value),
          json ->
              DeploymentUpdate.builder()
                  .version(json.change("version", json::textOrNull))
                  .description(json.change("description", json::textOrNull))
                  .tags(json.change("tags", json::texts))
                  .parameters(json.change("parameters", json::objectOrNull))
                  .workQueueName(json.change("work_queue_name", json::textOrNull))
                  .workPoolName(json.change("work_pool_name", json::textOrNull))
                  .storageDocumentId(json.change("storage_document_id", json::idOrNull))
                  .infrastructureDocumentId(
                      json.change("infrastructure_document_id", json::idOrNull))
                  .infraOverrides(json.change("infra_overrides", json::objectOrNull))
                  .path(json.change("path", json::textOrNull))
                  .entrypoint(json.change("entrypoint", json::textOrNull))
                  .schedule(
                      json.change("schedule", name -> json.recordOrNull(name, ASKED_SCHEDULE)))
                  .isScheduleActive(json.change("is_schedule_active", json::flagOrNull))
                  .build());

  /** Periods of schedules. */
  public static final RecordCodec<SchedulePeriod> PERIOD =
      new RecordCodec<>(
          "period of a schedule",
          (period, json) ->
              json.some("start_time", FieldWriter.time(period.from()))
                  .some("end_time", FieldWriter.time(period.to()))
                  .some(
                      "min_time",
                      period.minTime() == null ? null : period.minTime().toNanos() / 1e9)
                  .some("min_runs", period.minRuns())
                  .some("max_runs", period.maxRuns()),
          json ->
              new SchedulePeriod(
                  json.timeOrNull("start_time"),
                  json.timeOrNull("end_time"),
                  json.secondsOrNull("min_time"),
                  json.numberOrNull("min_runs"),
                  json.numberOrNull("max_runs")));

  private DeploymentJson() {}

  private static DeploymentSpec readSpec(FieldReader json, RecordCodec<Schedule> schedule) {
    return DeploymentSpec.builder(json.text("name"), json.id("flow_id"))
        .version(json.textOrNull("version"))
        .description(json.textOrNull("description"))
        .schedule(json.recordOrNull("schedule", schedule))
        .isScheduleActive(json.flagOrNull("is_schedule_active"))
        .infraOverrides(json.object("infra_overrides"))
        .parameters(json.object("parameters"))
        .tags(json.texts("tags"))
        .workQueueName(json.textOrNull("work_queue_name"))
        .workPoolName(json.textOrNull("work_pool_name"))
        .parameterSchema(json.object("parameter_openapi_schema"))
        .path(json.textOrNull("path"))
        .entrypoint(json.textOrNull("entrypoint"))
        .storageDocumentId(json.idOrNull("storage_document_id"))
        .infrastructureDocumentId(json.idOrNull("infrastructure_document_id"))
        .build();
  }

  private static void writeSchedule(Schedule schedule, FieldWriter json) {
    if (schedule instanceof Schedule.Cron cron) {
      json.value("cron", cron.cron())
          .value("timezone", cron.timezone())
          .value("day_or", cron.dayOr());
    } else if (schedule instanceof Schedule.Interval interval) {
      json.seconds("interval", interval.interval())
          .time("anchor_date", interval.anchorDate())
          .value("timezone", interval.timezone());
    } else if (schedule instanceof Schedule.RRule rule) {
      json.value("rrule", rule.rrule()).value("timezone", rule.timezone());
    }
    if (schedule.catchUp() != CatchUp.ALL) {
      // another server doesn't know the field
      json.value("catch_up", schedule.catchUp().name().toLowerCase(Locale.ROOT));
    }
  }

  private static Schedule readSchedule(FieldReader json) {
    json.checkOnlyOne("cron", "interval", "rrule");
    json.checkOnlyWith("cron", "day_or");
    json.checkOnlyWith("interval", "anchor_date");
    String timezone = json.zoneOrNull("timezone");
    String cron = json.textOrNull("cron");
    boolean dayOr = json.flag("day_or", true);
    String rule = json.textOrNull("rrule");
    Duration interval = json.secondsOrNull("interval");
    Instant anchor = json.timeOrNull("anchor_date");
    String named = json.oneOf("catch_up", "all", "latest", "none");
    CatchUp catchUp = named == null ? CatchUp.ALL : CatchUp.valueOf(named.toUpperCase(Locale.ROOT));
    if (interval != null) {
      return new Schedule.Interval(interval, anchor, timezone, catchUp);
    }
    if (rule != null) {
      return new Schedule.RRule(rule, timezone, catchUp);
    }
    if (cron != null) {
      return new Schedule.Cron(cron, timezone, dayOr, catchUp);
    }
    throw new FieldReader.Unreadable(); // its problem is told
  }
}
