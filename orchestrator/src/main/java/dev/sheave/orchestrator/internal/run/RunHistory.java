package dev.sheave.orchestrator.internal.run;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.HistoryInterval;
import dev.sheave.api.HistoryInterval.StateCount;
import dev.sheave.api.StateType;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.database.Times;
import dev.sheave.orchestrator.internal.query.Where;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * The intervals of a history of runs.
 *
 * @param start the beginning of the first interval
 * @param end the end of the last one, or a time in it
 * @param interval the length of each
 */
record RunHistory(Instant start, Instant end, Duration interval) {

  RunHistory {
    if (!end.isAfter(start)) {
      throw new SheaveException(Code.INVALID, "The end of a history must be after its start.");
    }
    if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new SheaveException(
          Code.INVALID, "The intervals of a history must be 1 second or longer.");
    }
    if (Duration.between(start, end).dividedBy(interval) >= FlowRunApi.MAX_HISTORY_INTERVALS) {
      throw new SheaveException(
          Code.INVALID,
          "A history has at most "
              + FlowRunApi.MAX_HISTORY_INTERVALS
              + " intervals; ask for longer ones.");
    }
  }

  /**
   * Counts runs.
   *
   * @param from the runs with their states, which have the alias {@code s}
   * @param alias the alias of the runs
   */
  List<HistoryInterval> read(
      Handle handle, Where where, String from, String alias, String condition) {
    String now = where.bind(StoreClock.now(handle));
    String due = alias + ".expected_start_time";
    String inPeriod = due + " >= " + where.bind(start) + " and " + due + " < " + where.bind(end);
    String index =
        "(" + due + " - " + where.bind(start) + ") / " + where.bind(Times.toMicros(interval));
    String runTime =
        "%r.total_run_time + case when s.type = 'RUNNING' then "
            + now
            + " - s.timestamp else 0 end";
    String lateness =
        "case when %r.start_time > "
            + due
            + " then %r.start_time - "
            + due
            + " when %r.start_time is null and %r.end_time is null and "
            + due
            + " < "
            + now
            + " then "
            + now
            + " - "
            + due
            + " else 0 end";
    String query =
        "select "
            + index
            + " as i, s.type, s.name, count(*) as n, sum("
            + runTime.replace("%r", alias)
            + ") as run_time, sum("
            + lateness.replace("%r", alias)
            + ") as lateness from "
            + from
            + Where.clause(Where.all(inPeriod, condition))
            + " group by 1, s.type, s.name order by 1, s.type, s.name";
    Map<Integer, List<StateCount>> counts = new TreeMap<>();
    where
        .bindTo(handle.createQuery(query))
        .map(
            (columns, context) -> {
              Row row = new Row(columns);
              return Map.entry(
                  row.number("i"),
                  new StateCount(
                      StateType.valueOf(row.text("type")),
                      row.text("name"),
                      row.number("n"),
                      row.duration("run_time"),
                      row.duration("lateness")));
            })
        .forEach(
            entry ->
                counts
                    .computeIfAbsent(entry.getKey(), i -> new ArrayList<>())
                    .add(entry.getValue()));
    List<HistoryInterval> intervals = new ArrayList<>();
    Instant begin = start;
    for (int i = 0; begin.isBefore(end); i++) {
      Instant to = begin.plus(interval);
      intervals.add(new HistoryInterval(begin, to, counts.getOrDefault(i, List.of())));
      begin = to;
    }
    return intervals;
  }
}
