package dev.sheave.orchestrator.internal.run;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.CreatedBy;
import dev.sheave.api.FlowRunRecord.RetryPolicy;
import dev.sheave.api.HistoryInterval;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.RunClaim;
import dev.sheave.api.RunFence;
import dev.sheave.api.RunLease;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.block.AnonymousDocuments;
import dev.sheave.orchestrator.internal.block.ParameterReferences;
import dev.sheave.orchestrator.internal.block.ParameterReferences.Owner;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.OvertakenException;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.RowWriter;
import dev.sheave.orchestrator.internal.database.RowWriter.Change;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.database.Times;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.RecordConditions;
import dev.sheave.orchestrator.internal.query.Where;
import dev.sheave.orchestrator.internal.run.StateTable.NewState;
import dev.sheave.orchestrator.internal.run.StateTable.Replaced;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterable;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The table of flow runs. */
final class FlowRunTable {
  private static final String COLUMNS =
      "select r.*, f.name as flow_name, q.name as work_queue_name,"
          + " p.id as work_pool_id, p.name as work_pool_name, "
          + StateTable.COLUMNS;

  private static final String TABLES =
      " from flow_run r join flow f on f.id = r.flow_id"
          + " join flow_run_state s on s.id = r.state_id"
          + " left join work_queue q on q.id = r.work_queue_id"
          + " left join work_pool p on p.id = q.work_pool_id";

  private static final String SELECT = COLUMNS + TABLES;

  /**
   * A list of few ids that is bound as a JSON text: the statement is the same one for any number.
   */
  private static final String IDS = RowWriter.fewOf(":ids");

  private static final String PROPOSALS = RowWriter.fewOf(":proposals");

  /** Counts active runs; a condition of their queues follows. */
  private static final String UNDER_WAY =
      "select count(*) from flow_run where state_type in ('PENDING', 'RUNNING', 'CANCELLING')"
          + " and work_queue_id";

  private static final String IN_POOL =
      " in (select m.id from work_queue m where m.work_pool_id = :pool)";

  private FlowRunTable() {}

  /** Writes new runs; their states are those they start in. */
  static void insert(Handle handle, List<FlowRunRecord> runs) {
    RowWriter.insert(handle, "flow_run", runs.stream().map(FlowRunTable::columns).toList());
    List<NewState> entered = new ArrayList<>();
    for (FlowRunRecord run : runs) {
      ParameterReferences.recordNew(handle, Owner.FLOW_RUN, run.id(), run.parameters());
      entered.add(new NewState(run.id(), run.state(), null));
    }
    StateTable.OF_FLOW_RUNS.insert(handle, entered);
  }

  private static Map<String, @Nullable Object> columns(FlowRunRecord run) {
    Map<String, @Nullable Object> row =
        RunProgress.NONE.after(null, run.state()).columns(run.state());
    row.put("id", run.id());
    row.put("created", run.created());
    row.put("updated", run.created());
    row.put("name", run.name());
    row.put("flow_id", run.flowId());
    row.put("deployment_id", run.deploymentId());
    row.put("work_queue_id", run.workQueueId());
    row.put("flow_version", run.flowVersion());
    row.put("parameters", Json.write(run.parameters()));
    row.put("context", Json.write(run.context()));
    row.put("tags", Json.write(run.tags()));
    row.put("idempotency_key", run.idempotencyKey());
    row.put("parent_task_run_id", run.parentTaskRunId());
    int attempt = run.state().type() == StateType.PENDING ? 1 : 0;
    row.put("attempt", attempt);
    row.put("lease_epoch", attempt);
    row.put("retries", run.retries().retries());
    row.put("retry_delay", Times.toMicros(run.retries().delay()));
    row.put("retry_policy", Json.write(run.retries().more()));
    row.put("infrastructure_document_id", run.infrastructureDocumentId());
    row.put("infra_overrides", Json.write(run.infraOverrides()));
    row.put("auto_scheduled", run.autoScheduled());
    row.put("created_by", createdBy(run));
    return row;
  }

  private static @Nullable String createdBy(FlowRunRecord run) {
    CreatedBy creator = run.createdBy();
    return creator == null ? null : Json.write(FlowRunJson.CREATED_BY.toJson(creator));
  }

  /**
   * A change of a run's state.
   *
   * @param run the run as it was seen
   * @param hasKey whether it had an API key
   * @param state the state that it has entered
   * @param replaced the proposed state in whose place it has entered this one; null for this one
   */
  record Entered(FlowRunRecord run, boolean hasKey, State state, @Nullable Replaced replaced) {}

  /**
   * Records that runs have entered states.
   *
   * @throws OvertakenException if one is in another state by now than it was seen in
   */
  static void enter(Handle handle, List<Entered> all) {
    enter(
        handle,
        all,
        each -> {
          FlowRunRecord run = each.run();
          State state = each.state();
          RunLease lease = endsLease(state) ? null : run.lease();
          return row(pidIn(state, run.infrastructurePid()), lease);
        });
  }

  /** Returns what executes a run in a state; a state that says nothing of it changes nothing. */
  private static @Nullable String pidIn(State state, @Nullable String before) {
    if (StateRules.isCrashRetry(state)) {
      return null;
    }
    return state.stateDetails().more().get(StateDetails.INFRASTRUCTURE_PID) instanceof String said
        ? said
        : before;
  }

  private static Map<String, @Nullable Object> row(@Nullable String pid, @Nullable RunLease lease) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("infrastructure_pid", pid);
    row.put("lease_owner", lease == null ? null : lease.owner());
    row.put("lease_end", lease == null ? null : lease.end());
    row.put("agent_heard", lease == null ? null : lease.ownerHeard());
    row.put("process_heard", lease == null ? null : lease.processHeard());
    return row;
  }

  private static boolean isClaim(FlowRunRecord run, State state) {
    return state.type() == StateType.PENDING && !SilentRuns.isSilent(run.state());
  }

  /** A run that its process tries again stays its agent's, and so does one that may be heard. */
  private static boolean endsLease(State state) {
    return state.type() == StateType.SCHEDULED
        ? !state.name().equals(StateRules.RETRY) || StateRules.isCrashRetry(state)
        : state.isTerminal() && !SilentRuns.isEndOfSilent(state);
  }

  /**
   * Records that runs have entered the states in which they are their owners'.
   *
   * @param claims who owns each
   * @return the runs as they are then
   * @throws OvertakenException if one is in another state by now than it was seen in
   */
  static List<FlowRunRecord> claim(
      Handle handle,
      List<Waiting> runs,
      Function<FlowRunRecord, State> states,
      Function<FlowRunRecord, RunClaim> claims,
      Instant now) {
    List<Entered> entered = new ArrayList<>();
    Map<UUID, RunLease> leases = new HashMap<>();
    List<FlowRunRecord> claimed = new ArrayList<>();
    for (Waiting each : runs) {
      FlowRunRecord run = each.run();
      State state = states.apply(run);
      RunClaim claim = claims.apply(run);
      RunLease lease =
          new RunLease(
              claim.owner(),
              each.epoch() + 1,
              each.attempt() + 1,
              Times.exact(now.plus(claim.lease())),
              now,
              null);
      leases.put(run.id(), lease);
      entered.add(new Entered(run, false, state, null));
      claimed.add(
          RunProgress.of(run)
              .after(run.state(), state)
              .setIn(run.toBuilder())
              .state(state)
              .updated(updatedBy(run, state))
              .lease(lease)
              .build());
    }
    enter(
        handle, entered, each -> row(each.run().infrastructurePid(), leases.get(each.run().id())));
    return claimed;
  }

  private static Instant updatedBy(FlowRunRecord run, State state) {
    return Times.after(state.timestamp(), run.updated());
  }

  /**
   * Records that runs have entered states.
   *
   * @param more what is set besides
   */
  private static void enter(
      Handle handle, List<Entered> all, Function<Entered, Map<String, @Nullable Object>> more) {
    List<Change> changes = new ArrayList<>();
    List<NewState> states = new ArrayList<>();
    for (Entered each : all) {
      FlowRunRecord run = each.run();
      State state = each.state();
      Map<String, @Nullable Object> row =
          RunProgress.of(run).after(run.state(), state).columns(state);
      row.put("updated", updatedBy(run, state));
      row.putAll(more.apply(each));
      int claims = isClaim(run, state) ? 1 : 0;
      Map<String, Integer> counts = new LinkedHashMap<>();
      counts.put("attempt", claims);
      counts.put("lease_epoch", claims);
      changes.add(new Change(run.id(), run.state().id(), row, counts));
      states.add(new NewState(run.id(), state, each.replaced()));
    }
    RowWriter.update(handle, "flow_run", changes);
    StateTable.OF_FLOW_RUNS.insert(handle, states);
  }

  /** Moves the end of all leases of an owner, and returns how many there are. */
  static int renewLeases(Handle handle, String owner, Duration lease) {
    Instant now = StoreClock.now(handle);
    SilentRuns.resumeOf(handle, owner);
    return handle
        .createUpdate(
            "update flow_run set lease_end = :end, agent_heard = :now where lease_owner = :owner")
        .bind("owner", owner)
        .bind("now", now)
        .bind("end", Times.exact(now.plus(lease)))
        .execute();
  }

  /** Ends all leases of an owner now: whoever reaches its runs may adopt them. */
  static void endLeases(Handle handle, String owner) {
    handle
        .createUpdate(
            "update flow_run set lease_end = :now where lease_owner = :owner and lease_end > :now")
        .bind("owner", owner)
        .bind("now", StoreClock.now(handle))
        .execute();
  }

  /** Notes that the process of an attempt lives; returns whether it is still the run's. */
  static boolean noteProcess(Handle handle, UUID id, int attempt) {
    checkExists(handle, id);
    boolean isCurrent =
        handle
                .createUpdate(
                    "update flow_run set process_heard = :now where id = :id"
                        + " and attempt = :attempt")
                .bind("now", StoreClock.now(handle))
                .bind("id", id)
                .bind("attempt", attempt)
                .execute()
            > 0;
    if (isCurrent) {
      SilentRuns.resume(handle, id);
    }
    return isCurrent;
  }

  /**
   * What a change of a run is judged by; nobody else can change it before the transaction ends.
   *
   * @param hasKey whether the run has an API key that is valid
   * @param isProposed whether a state that is proposed was proposed before, or is another run's
   */
  record Locked(
      FlowRunRecord run, int epoch, int attempt, boolean hasKey, boolean isProposed, Instant now) {

    /** Returns whether a writer still holds the run. */
    boolean lets(RunFence fence) {
      return fence.equals(RunFence.NONE) || fence.lets(epoch, attempt);
    }

    /** When it enters another state, if it does now. */
    Instant next() {
      return Times.after(now, run.state().timestamp());
    }
  }

  /**
   * Reads a run that nobody else can change before the transaction ends.
   *
   * @param proposalId a state that is proposed; null for none
   */
  static Locked readLocked(Handle handle, UUID id, @Nullable UUID proposalId) {
    Optional<Locked> found = findLocked(handle, id, proposalId);
    if (found.isEmpty()) {
      // it has entered another state while its lock was waited for, so its columns didn't match
      lock(handle, id);
      found = findLocked(handle, id, proposalId);
    }
    return found.orElseThrow(() -> missing(id));
  }

  private static Optional<Locked> findLocked(Handle handle, UUID id, @Nullable UUID proposalId) {
    return selectLocked(
            handle,
            " where r.id = :id<forUpdateOfRun>",
            proposalId == null ? List.of() : List.of(proposalId),
            query -> query.bind("id", id))
        .findFirst();
  }

  /**
   * Reads runs that nobody else can change before the transaction ends, without those that somebody
   * else is changing.
   *
   * @param proposals the state that is proposed to each, by the runs' ids
   */
  static Map<UUID, Locked> readFree(Handle handle, Map<UUID, UUID> proposals) {
    Map<UUID, Locked> free = new HashMap<>();
    selectLocked(
            handle,
            " where r.id in " + IDS + "<skipTaken>",
            proposals.values(),
            query -> query.bind("ids", texts(proposals.keySet())))
        .forEach(locked -> free.put(locked.run().id(), locked));
    return free;
  }

  private static String texts(Collection<UUID> ids) {
    return Json.write(ids.stream().map(UUID::toString).toList());
  }

  private static ResultIterable<Locked> selectLocked(
      Handle handle, String end, Collection<UUID> proposals, UnaryOperator<Query> values) {
    return values
        .apply(
            handle.createQuery(
                COLUMNS
                    + ", <storeTime> as store_time, exists (select 1 from api_key k"
                    + " where k.flow_run_id = r.id and k.expires is null) as has_key,"
                    + " exists (select 1 from flow_run_state o where o.id in "
                    + PROPOSALS
                    + ") or exists (select 1 from flow_run_state o where o.proposal_id in "
                    + PROPOSALS
                    + ") as is_proposed"
                    + TABLES
                    + end))
        .bind("proposals", texts(proposals))
        .map(
            (columns, context) -> {
              Row row = new Row(columns);
              return new Locked(
                  record(columns),
                  row.number("lease_epoch"),
                  row.number("attempt"),
                  row.flag("has_key"),
                  row.flag("is_proposed"),
                  StoreClock.now(handle, columns));
            });
  }

  /**
   * Reads runs.
   *
   * @param end what follows the tables; that of runs is {@code r}
   * @param values binds the values that it names
   */
  static List<FlowRunRecord> select(Handle handle, String end, UnaryOperator<Query> values) {
    return values.apply(handle.createQuery(SELECT + end)).map((row, context) -> record(row)).list();
  }

  static FlowRunRecord read(Handle handle, UUID id) {
    return handle
        .createQuery(SELECT + " where r.id = :id")
        .bind("id", id)
        .map((row, context) -> record(row))
        .findFirst()
        .orElseThrow(() -> missing(id));
  }

  /** Reads runs in the order of their ids. */
  static List<FlowRunRecord> read(Handle handle, Collection<UUID> ids) {
    Map<UUID, FlowRunRecord> found = new HashMap<>();
    select(handle, " where r.id in " + IDS, query -> query.bind("ids", texts(ids)))
        .forEach(run -> found.put(run.id(), run));
    return ids.stream().map(found::get).filter(Objects::nonNull).toList();
  }

  private static void lock(Handle handle, UUID id) {
    lock(handle, Set.of(id));
  }

  /**
   * Keeps others from changing runs, or adding to their logs, before the transaction ends. Runs are
   * locked in one order, so nobody waits in a circle.
   */
  static void lock(Handle handle, Set<UUID> ids) {
    Set<UUID> missing = new LinkedHashSet<>(ids);
    missing.removeAll(lock(handle, ids, " order by r.id<forUpdateOfRun>"));
    if (!missing.isEmpty()) {
      throw missing(missing.iterator().next());
    }
  }

  /** The same without those that somebody else is changing, or that don't exist; returns which. */
  static Set<UUID> lockFree(Handle handle, Set<UUID> ids) {
    return lock(handle, ids, "<skipTaken>");
  }

  private static Set<UUID> lock(Handle handle, Set<UUID> ids, String end) {
    return handle
        .createQuery("select r.id from flow_run r where r.id in " + IDS + end)
        .bind("ids", texts(ids))
        .map((columns, context) -> new Row(columns).id("id"))
        .collect(Collectors.toSet());
  }

  static void checkExists(Handle handle, UUID id) {
    if (handle
        .createQuery("select 1 from flow_run where id = :id")
        .bind("id", id)
        .map((row, context) -> true)
        .findFirst()
        .isEmpty()) {
      throw missing(id);
    }
  }

  static Optional<FlowRunRecord> find(Handle handle, UUID flowId, String idempotencyKey) {
    return handle
        .createQuery(SELECT + " where r.flow_id = :flow and r.idempotency_key = :key")
        .bind("flow", flowId)
        .bind("key", idempotencyKey)
        .map((row, context) -> record(row))
        .findFirst();
  }

  /**
   * Returns those idempotency keys of some runs that are taken.
   *
   * @param runs by whose flows they are
   */
  static Set<String> takenKeys(Handle handle, List<FlowRunRecord> runs) {
    if (runs.isEmpty()) {
      return Set.of();
    }
    List<String> keys =
        runs.stream().map(run -> run.flowId() + " " + run.idempotencyKey()).toList();
    return new HashSet<>(
        handle
            .createQuery(
                // each key is looked up in an index, even by a plan of when there were few runs
                "select substr(k.value, 38) as idempotency_key from json_each(:keys) k"
                    + " where (select 1 from flow_run r where r.flow_id = substr(k.value, 1, 36)"
                    + " and r.idempotency_key = substr(k.value, 38)) is not null")
            .bind("keys", Json.write(keys))
            .map((columns, context) -> new Row(columns).text("idempotency_key"))
            .list());
  }

  /** Returns the runs in queues that a run has started and that aren't over. */
  static List<UUID> startedBy(Handle handle, UUID id) {
    return handle
        .createQuery(
            "select id from flow_run where state_type in ('SCHEDULED', 'PENDING', 'RUNNING',"
                + " 'PAUSED') and work_queue_id is not null and (created_by like :creator"
                + " or parent_task_run_id in (select id from task_run where flow_run_id = :id))")
        .bind("creator", "{\"id\":\"" + id + "\",%")
        .bind("id", id)
        .map((row, context) -> new Row(row).id("id"))
        .list();
  }

  /** A run that waits, and the numbers that its next lease goes on from. */
  record Waiting(FlowRunRecord run, int epoch, int attempt) {}

  /**
   * Returns the runs of a queue that are due, in the order they are due.
   *
   * @param waiting which of them
   */
  static List<Waiting> due(
      Handle handle, UUID workQueueId, WaitingRuns waiting, int limit, Instant now) {
    Instant after = waiting.after();
    boolean isForClaim = waiting.use() != WaitingRuns.Use.VIEW;
    String end =
        " where r.work_queue_id = :queue and r.state_type = 'SCHEDULED'"
            + " and r.next_scheduled_start_time <= :before"
            + " and r.next_scheduled_start_time >= :after"
            // the process that failed is about to try those again itself
            + (isForClaim
                ? " and (r.state_name <> '"
                    + StateRules.RETRY
                    + "' or r.infrastructure_pid is null"
                    + " or r.next_scheduled_start_time < :retried)"
                : "")
            + " order by r.next_scheduled_start_time, r.created, r.id limit :limit"
            + (waiting.use() == WaitingRuns.Use.CLAIM ? "<skipTaken>" : "");
    Query query =
        handle
            .createQuery(SELECT + end)
            .bind("queue", workQueueId)
            .bind("after", after == null ? Instant.EPOCH : after)
            .bind("before", waiting.before())
            .bind("limit", limit);
    if (isForClaim) {
      query.bind("retried", now.minus(WaitingRuns.RETRY_IN_PROCESS));
    }
    return query
        .map(
            (columns, context) ->
                new Waiting(
                    record(columns), columns.getInt("lease_epoch"), columns.getInt("attempt")))
        .list();
  }

  /** Returns how many runs of a queue are late. */
  static int countLate(Handle handle, UUID workQueueId, Instant dueBefore) {
    return handle
        .createQuery(
            "select count(*) from flow_run where work_queue_id = :queue"
                + " and state_type = 'SCHEDULED' and next_scheduled_start_time < :before")
        .bind("queue", workQueueId)
        .bind("before", dueBefore)
        .map((row, context) -> row.getInt(1))
        .one();
  }

  /** Returns how many runs of a queue count against its limit. */
  static int countUnderWay(Handle handle, UUID workQueueId) {
    return handle
        .createQuery(UNDER_WAY + " = :queue")
        .bind("queue", workQueueId)
        .map((row, context) -> row.getInt(1))
        .one();
  }

  /** Returns how many runs of a pool count against its limit. */
  static int countUnderWayInPool(Handle handle, UUID workPoolId) {
    return handle
        .createQuery(UNDER_WAY + IN_POOL)
        .bind("pool", workPoolId)
        .map((row, context) -> row.getInt(1))
        .one();
  }

  /**
   * Returns what a run waits in and that is full: its queue or its pool, as named in a sentence; or
   * nothing.
   */
  static Optional<String> fullPlaceOf(Handle handle, UUID id) {
    return handle
        .createQuery(
            // without a limit nothing is counted: who counts conflicts with all that others start
            "select q.name as queue, p.name as pool, case when q.concurrency_limit is not null"
                + " then q.concurrency_limit <= ("
                + UNDER_WAY
                + " = q.id) end as is_queue_full, case when p.concurrency_limit is not null"
                + " then p.concurrency_limit <= ("
                + UNDER_WAY
                + IN_POOL.replace(":pool", "p.id")
                + ") end as is_pool_full from flow_run r join work_queue q on q.id = r.work_queue_id"
                + " join work_pool p on p.id = q.work_pool_id where r.id = :id")
        .bind("id", id)
        .map(
            (columns, context) -> {
              Row row = new Row(columns);
              if (row.flag("is_queue_full")) {
                return Optional.of("work queue '" + row.text("queue") + "'");
              }
              return row.flag("is_pool_full")
                  ? Optional.of("work pool '" + row.text("pool") + "'")
                  : Optional.<String>empty();
            })
        .findFirst()
        .orElse(Optional.empty());
  }

  static List<FlowRunRecord> list(Handle handle, RecordFilter filter, FlowRunSort sort, Page page) {
    Where where = new Where();
    Listing listing = listing(sort);
    String condition = new RecordConditions(where, filter).ofFlowRuns();
    // what is sorted are ids, not whole runs
    String ids = "select r.id from flow_run r" + listing.end(handle, where, condition, page);
    return where
        .bindTo(handle.createQuery(SELECT + " where r.id in (" + ids + ")" + listing.order()))
        .map((row, context) -> record(row))
        .list();
  }

  static int count(Handle handle, RecordFilter filter) {
    Where where = new Where();
    String condition = new RecordConditions(where, filter).ofFlowRuns();
    return where
        .bindTo(handle.createQuery("select count(*) from flow_run r" + Where.clause(condition)))
        .map((row, context) -> row.getInt(1))
        .one();
  }

  static List<HistoryInterval> history(Handle handle, RecordFilter filter, RunHistory period) {
    Where where = new Where();
    String condition = new RecordConditions(where, filter).ofFlowRuns();
    return period.read(
        handle, where, "flow_run r join flow_run_state s on s.id = r.state_id", "r", condition);
  }

  private static Listing listing(FlowRunSort sort) {
    String started = "coalesce(r.start_time, r.expected_start_time)";
    return switch (sort) {
      case CREATED_DESC -> Listing.descending("flow_run r", "r", "created");
      case ID_DESC -> Listing.descending("flow_run r", "r", "id");
      case START_TIME_ASC -> new Listing("flow_run r", "r.id", started, false);
      case START_TIME_DESC -> new Listing("flow_run r", "r.id", started, true);
      case EXPECTED_START_TIME_ASC -> Listing.ascending("flow_run r", "r", "expected_start_time");
      case EXPECTED_START_TIME_DESC -> Listing.descending("flow_run r", "r", "expected_start_time");
      case NAME_ASC -> Listing.ascending("flow_run r", "r", "name");
      case NAME_DESC -> Listing.descending("flow_run r", "r", "name");
      case NEXT_SCHEDULED_START_TIME_ASC ->
          Listing.byTime("flow_run r", "r", "next_scheduled_start_time", false);
      case END_TIME_DESC -> Listing.byTime("flow_run r", "r", "end_time", true);
    };
  }

  static void update(Handle handle, UUID id, FlowRunUpdate update) {
    Locked locked = readLocked(handle, id, null);
    FlowRunRecord run = locked.run();
    if (!locked.lets(update.fence())) {
      throw new SheaveException(Code.CONFLICT, FlowRunTransitions.OVERTAKEN.formatted(run.name()));
    }
    String name = update.name().applyTo(run.name());
    if (name == null || name.isBlank()) {
      throw new SheaveException(Code.INVALID, "The name of a flow run must not be empty.");
    }
    RetryPolicy retries = update.retries().applyTo(run.retries());
    if (retries == null) {
      retries = RetryPolicy.NONE;
    }
    Map<String, @Nullable Object> parameters = update.parameters().applyTo(run.parameters());
    List<String> tags = update.tags().applyTo(run.tags());
    handle
        .createUpdate(
            "update flow_run set updated = :now, name = :name, flow_version = :version,"
                + " infrastructure_pid = :pid, retries = :retries, retry_delay = :delay,"
                + " retry_policy = :policy, parameters = :parameters, tags = :tags"
                + " where id = :id")
        .bind("now", Times.after(locked.now(), run.updated()))
        .bind("name", name)
        .bind("version", update.flowVersion().applyTo(run.flowVersion()))
        .bind("pid", update.infrastructurePid().applyTo(run.infrastructurePid()))
        .bind("retries", retries.retries())
        .bind("delay", Times.toMicros(retries.delay()))
        .bind("policy", Json.write(retries.more()))
        .bind("tags", Json.write(tags == null ? List.of() : tags))
        .bind("parameters", Json.write(parameters == null ? Map.of() : parameters))
        .bind("id", id)
        .execute();
    if (parameters != null && !parameters.equals(run.parameters())) {
      AnonymousDocuments.collect(
          handle, ParameterReferences.record(handle, Owner.FLOW_RUN, id, parameters));
    }
  }

  static void delete(Handle handle, UUID id) {
    List<UUID> released = new ArrayList<>(ParameterReferences.of(handle, Owner.FLOW_RUN, id));
    UUID infrastructure = read(handle, id).infrastructureDocumentId();
    if (infrastructure != null) {
      released.add(infrastructure);
    }
    handle.createUpdate("delete from flow_run where id = :id").bind("id", id).execute();
    AnonymousDocuments.collect(handle, released);
  }

  static SheaveException missing(UUID id) {
    return MissingRecord.of("flow run", id);
  }

  private static FlowRunRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    Map<String, @Nullable Object> creator = row.objectOrNull("created_by");
    String owner = row.textOrNull("lease_owner");
    return FlowRunRecord.builder(
            row.id("id"), row.text("name"), row.id("flow_id"), StateTable.state(columns))
        .created(row.time("created"))
        .updated(row.time("updated"))
        .flowName(row.text("flow_name"))
        .deploymentId(row.idOrNull("deployment_id"))
        .workQueueId(row.idOrNull("work_queue_id"))
        .workQueueName(row.textOrNull("work_queue_name"))
        .workPoolId(row.idOrNull("work_pool_id"))
        .workPoolName(row.textOrNull("work_pool_name"))
        .flowVersion(row.textOrNull("flow_version"))
        .parameters(row.object("parameters"))
        .context(row.object("context"))
        .tags(row.texts("tags"))
        .idempotencyKey(row.textOrNull("idempotency_key"))
        .parentTaskRunId(row.idOrNull("parent_task_run_id"))
        .runCount(row.number("run_count"))
        .retries(
            new RetryPolicy(
                row.number("retries"), row.duration("retry_delay"), row.object("retry_policy")))
        .infrastructureDocumentId(row.idOrNull("infrastructure_document_id"))
        .infrastructurePid(row.textOrNull("infrastructure_pid"))
        .infraOverrides(row.object("infra_overrides"))
        .autoScheduled(row.flag("auto_scheduled"))
        .createdBy(creator == null ? null : FlowRunJson.CREATED_BY.fromJson(creator))
        .lease(
            owner == null
                ? null
                : new RunLease(
                    owner,
                    row.number("lease_epoch"),
                    row.number("attempt"),
                    row.time("lease_end"),
                    row.time("agent_heard"),
                    row.timeOrNull("process_heard")))
        .expectedStartTime(row.timeOrNull("expected_start_time"))
        .nextScheduledStartTime(row.timeOrNull("next_scheduled_start_time"))
        .startTime(row.timeOrNull("start_time"))
        .endTime(row.timeOrNull("end_time"))
        .totalRunTime(row.duration("total_run_time"))
        .build();
  }
}
