package dev.sheave.server.internal.pages;

import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.LogFilter;
import dev.sheave.api.LogLevel;
import dev.sheave.api.Page;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The part of a run's log that a page shows, as its address says: the last lines, those before a
 * line, those around one; all lines, or those that contain a text and have a level.
 *
 * @param lines the lines, at most {@value #LINES} and one, in the order in which they were recorded
 * @param hasEarlier whether there are lines before these
 * @param isLast whether these are the last ones
 * @param find what lines must contain; empty for all lines
 * @param level the name of the lowest level; empty for all
 */
record RunLog(List<LogLine> lines, boolean hasEarlier, boolean isLast, String find, String level) {

  /** How many lines of a log a page has. */
  static final int LINES = 1000;

  /** The levels that can be picked, by name, the lowest first. */
  private static final Map<String, Integer> LEVELS = levels();

  private static Map<String, Integer> levels() {
    Map<String, Integer> levels = new LinkedHashMap<>();
    for (int level : new int[] {LogLevel.DEBUG, LogLevel.INFO, LogLevel.WARNING, LogLevel.ERROR}) {
      levels.put(LogLevel.nameOf(level), level);
    }
    return levels;
  }

  static RunLog of(FlowRunApi api, UUID run, FormValues query) {
    String find = query.text("find");
    String level = LEVELS.containsKey(query.text("level")) ? query.text("level") : "";
    LogFilter.Builder filter =
        LogFilter.ofFlowRun(run).toBuilder().minLevel(level.isEmpty() ? null : LEVELS.get(level));
    if (!find.isEmpty()) {
      filter.message(FieldMatch.like(find));
    }
    UUID around = lineIn(query, "line");
    UUID before = around == null ? lineIn(query, "before") : around;
    int count = around == null ? LINES : LINES / 2;
    List<LogLine> lines = read(api, filter.build(), LogSort.RECORDED_DESC, before, count + 1);
    boolean hasEarlier = lines.size() > count;
    List<LogLine> shown = new ArrayList<>(lines.subList(0, Math.min(count, lines.size())));
    Collections.reverse(shown);
    boolean isLast = before == null;
    if (around != null) {
      UUID previous = shown.isEmpty() ? null : shown.get(shown.size() - 1).id();
      List<LogLine> rest = read(api, filter.build(), LogSort.RECORDED_ASC, previous, LINES / 2 + 2);
      isLast = rest.size() <= LINES / 2 + 1;
      shown.addAll(isLast ? rest : rest.subList(0, LINES / 2 + 1));
    }
    return new RunLog(shown, hasEarlier, isLast, find, level);
  }

  private static @Nullable UUID lineIn(FormValues query, String name) {
    return query.text(name).isEmpty() ? null : PageCall.id(query.text(name));
  }

  private static List<LogLine> read(
      FlowRunApi api, LogFilter filter, LogSort sort, @Nullable UUID after, int count) {
    List<LogLine> lines = new ArrayList<>();
    UUID last = after;
    while (lines.size() < count) {
      int limit = Math.min(Page.MAX_LIMIT, count - lines.size());
      List<LogLine> some = api.listLogs(filter, sort, new Page(limit, 0, last));
      lines.addAll(some);
      if (some.size() < limit) {
        break;
      }
      last = some.get(some.size() - 1).id();
    }
    return lines;
  }

  /** Writes a whole log, line by line. */
  static void write(FlowRunApi api, UUID run, OutputStream out) throws IOException {
    Page page = Page.FIRST;
    List<LogLine> some;
    do {
      some = api.listLogs(LogFilter.ofFlowRun(run), LogSort.RECORDED_ASC, page);
      StringBuilder text = new StringBuilder();
      for (LogLine line : some) {
        text.append(Show.iso(line.line().timestamp()))
            .append(" | ")
            .append(String.format(Locale.ROOT, "%-8s", levelOf(line)))
            .append(" | ")
            .append(line.line().message())
            .append('\n');
        page = page.after(line.id());
      }
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    } while (some.size() == page.limit());
  }

  static List<String> levelNames() {
    return List.copyOf(LEVELS.keySet());
  }

  static String levelOf(LogLine line) {
    return LogLevel.nameOf(line.line().level());
  }

  /** Whether only some lines are wanted. */
  boolean isFiltered() {
    return !find.isEmpty() || !level.isEmpty();
  }

  /** Whether new lines belong below these. */
  boolean isFollowed() {
    return isLast && !isFiltered();
  }

  /** The address of the lines before these. */
  String earlier() {
    FormValues query = filters();
    return query.queryWith("before", lines.get(0).id().toString());
  }

  /** The address of the last lines. */
  String last() {
    return filters().queryWith("before", "");
  }

  private FormValues filters() {
    FormValues query = new FormValues();
    query.add("find", find);
    query.add("level", level);
    return query;
  }
}
