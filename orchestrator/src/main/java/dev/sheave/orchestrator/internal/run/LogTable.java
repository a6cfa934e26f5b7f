package dev.sheave.orchestrator.internal.run;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.LogFilter;
import dev.sheave.api.Page;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.RowWriter;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The table of log lines. A line's place in it, a number that only grows, is the order in which
 * lines are listed: lines with one timestamp keep their order, and a reader that follows a run
 * misses none. The line's id is made of that number.
 */
final class LogTable {
  /**
   * The first half of a log line's id: a UUID of version 8, which is for those who make their own.
   */
  private static final long ID_PREFIX = 0x7368_6561_7665_8000L;

  /** The two bits that every UUID of the standard's variant has. */
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private LogTable() {}

  /** Adds lines. */
  static void insert(Handle handle, List<NewLogLine> lines) {
    FlowRunTable.lock(handle, runsOf(lines));
    insertLocked(handle, lines);
  }

  /**
   * Adds the lines of several callers, without a wait for a lock.
   *
   * @return whether each caller's were added; none of them is if somebody else is changing a run of
   *     theirs, or one doesn't exist
   */
  static List<Boolean> insertAll(Handle handle, List<List<NewLogLine>> all) {
    Set<UUID> free =
        FlowRunTable.lockFree(
            handle,
            all.stream().flatMap(each -> runsOf(each).stream()).collect(Collectors.toSet()));
    List<NewLogLine> added = new ArrayList<>();
    List<Boolean> isAdded = new ArrayList<>();
    for (List<NewLogLine> each : all) {
      boolean isFree = free.containsAll(runsOf(each));
      isAdded.add(isFree);
      if (isFree) {
        added.addAll(each);
      }
    }
    insertLocked(handle, added);
    return isAdded;
  }

  private static Set<UUID> runsOf(List<NewLogLine> lines) {
    return lines.stream().map(NewLogLine::flowRunId).collect(Collectors.toSet());
  }

  /**
   * Lines of a run become visible in the order of their numbers, since the runs are locked: none is
   * added before those of another transaction are committed.
   */
  private static void insertLocked(Handle handle, List<NewLogLine> lines) {
    RowWriter.insert(handle, "log", lines.stream().map(LogTable::columns).toList());
  }

  private static Map<String, @Nullable Object> columns(NewLogLine line) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("flow_run_id", line.flowRunId());
    row.put("task_run_id", line.taskRunId());
    row.put("name", line.name());
    row.put("level", line.level());
    row.put("message", line.message());
    row.put("timestamp", line.timestamp());
    return row;
  }

  static List<LogLine> list(Handle handle, LogFilter filter, LogSort sort, Page page) {
    if (sort == LogSort.RECORDED_ASC || sort == LogSort.RECORDED_DESC) {
      // who follows a log hears if the run is gone
      FlowRunTable.checkExists(handle, onlyRun(filter));
    }
    Where where = new Where();
    List<String> conditions = new ArrayList<>();
    if (filter.minLevel() != null) {
      conditions.add("l.level >= " + where.bind(filter.minLevel()));
    }
    if (filter.maxLevel() != null) {
      conditions.add("l.level <= " + where.bind(filter.maxLevel()));
    }
    conditions.add(where.time("l.timestamp", filter.timestamp()));
    conditions.add(where.field("l.flow_run_id", filter.flowRunId()));
    conditions.add(where.field("l.task_run_id", filter.taskRunId()));
    conditions.add(where.field("l.message", filter.message()));
    String condition = Where.join(filter.operator(), conditions);
    Long after = page.after() == null ? null : sequenceOf(page.after());
    String end =
        switch (sort) {
          case TIMESTAMP_ASC, TIMESTAMP_DESC ->
              new Listing("log l", "l.sequence", "l.timestamp", sort == LogSort.TIMESTAMP_DESC)
                  .end(handle, where, condition, page, after);
          case RECORDED_ASC -> inOrder(where, condition, page, after, " > ", "");
          case RECORDED_DESC -> inOrder(where, condition, page, after, " < ", " desc");
        };
    return where
        .bindTo(handle.createQuery("select l.* from log l" + end))
        .map((columns, context) -> line(columns))
        .list();
  }

  /** The one run that a filter names. */
  private static UUID onlyRun(LogFilter filter) {
    Set<UUID> runs = filter.flowRunId().anyOf();
    if (runs == null || runs.size() != 1) {
      throw new SheaveException(
          Code.INVALID,
          "The order in which lines were recorded is that of one run: name one flow_run_id.");
    }
    return runs.iterator().next();
  }

  /** The end of a query that walks along an index, however many lines there are. */
  private static String inOrder(
      Where where,
      String condition,
      Page page,
      @Nullable Long after,
      String comparison,
      String order) {
    String rest = after == null ? "" : "l.sequence" + comparison + where.bind(after);
    return Where.clause(Where.all(condition, rest))
        + " order by l.sequence"
        + order
        + " limit "
        + where.bind(page.limit())
        + " offset "
        + where.bind(page.offset());
  }

  private static LogLine line(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    return new LogLine(
        idOf(columns.getLong("sequence")),
        new NewLogLine(
            row.id("flow_run_id"),
            row.text("name"),
            row.number("level"),
            row.text("message"),
            row.time("timestamp"),
            row.idOrNull("task_run_id")));
  }

  private static UUID idOf(long sequence) {
    return new UUID(ID_PREFIX, VARIANT | sequence);
  }

  private static long sequenceOf(UUID id) {
    if (id.getMostSignificantBits() != ID_PREFIX) {
      throw MissingRecord.of("log line", id);
    }
    return id.getLeastSignificantBits() & ~VARIANT;
  }
}
