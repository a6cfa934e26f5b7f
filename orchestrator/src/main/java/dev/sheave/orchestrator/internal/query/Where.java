package dev.sheave.orchestrator.internal.query;

import dev.sheave.api.FieldMatch;
import dev.sheave.api.Operator;
import dev.sheave.api.StateMatch;
import dev.sheave.api.TagMatch;
import dev.sheave.api.TimeMatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of filters as SQL, and the values that they are bound to. A condition is a text; an
 * empty one is always true. Used by one thread.
 */
public final class Where {
  /** No row. */
  private static final String NONE = "1 = 0";

  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Returns the name under which a value is bound. */
  public String bind(Object value) {
    String name = "w" + values.size();
    values.put(name, value);
    return ":" + name;
  }

  /** Binds the values of a statement that contains these conditions. */
  public <S extends SqlStatement<S>> S bindTo(S statement) {
    values.forEach(statement::bind);
    return statement;
  }

  /** Returns the conditions that aren't empty as one, in parentheses if it has several. */
  public static String join(Operator operator, Collection<String> conditions) {
    List<String> some = conditions.stream().filter(each -> !each.isEmpty()).toList();
    return some.size() < 2
        ? String.join("", some)
        : "(" + String.join(operator == Operator.OR ? " or " : " and ", some) + ")";
  }

  /** Returns the conditions that aren't empty as one. */
  public static String all(String... conditions) {
    return join(Operator.AND, List.of(conditions));
  }

  /** Returns a {@code where} clause, or nothing for a condition that is always true. */
  public static String clause(String condition) {
    return condition.isEmpty() ? "" : " where " + condition;
  }

  /**
   * Returns the condition that a column is among those that a query selects; nothing if that has no
   * condition.
   */
  static String among(String column, String select, String condition) {
    return condition.isEmpty() ? "" : column + " in (" + select + clause(condition) + ")";
  }

  /** Returns the condition that a column matches. */
  public String field(String column, FieldMatch<?> match) {
    List<String> conditions = new ArrayList<>();
    if (match.anyOf() != null) {
      conditions.add(match.anyOf().isEmpty() ? NONE : column + " in (" + list(match.anyOf()) + ")");
    }
    if (match.noneOf() != null && !match.noneOf().isEmpty()) {
      conditions.add(
          "(" + column + " is null or " + column + " not in (" + list(match.noneOf()) + "))");
    }
    if (match.like() != null) {
      conditions.add("lower(" + column + ") like " + pattern("%", match.like()));
    }
    if (match.startsWith() != null) {
      List<String> prefixes = new ArrayList<>();
      for (String prefix : match.startsWith()) {
        String name = bind(prefix);
        prefixes.add("substr(" + column + ", 1, length(" + name + ")) = " + name);
      }
      conditions.add(join(Operator.OR, prefixes));
    }
    conditions.add(nullness(column, match.isNull()));
    return join(match.operator(), conditions);
  }

  /**
   * Returns the condition that the row of a table that a column refers to has a name that matches.
   */
  String named(String column, String table, FieldMatch<String> match) {
    FieldMatch<String> ofName =
        new FieldMatch<>(
            match.operator(),
            match.anyOf(),
            match.noneOf(),
            match.like(),
            match.startsWith(),
            null);
    return join(
        match.operator(),
        List.of(
            among(column, "select n.id from " + table + " n", field("n.name", ofName)),
            nullness(column, match.isNull())));
  }

  private String list(Collection<?> elements) {
    return String.join(", ", elements.stream().map(each -> bind(each.toString())).toList());
  }

  private String pattern(String before, String part) {
    String escaped =
        part.toLowerCase(Locale.ROOT).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    return bind(before + escaped + "%") + " escape '\\'";
  }

  /** Returns the condition that a column with a time matches. */
  public String time(String column, TimeMatch match) {
    List<String> conditions = new ArrayList<>();
    if (match.before() != null) {
      conditions.add(column + " <= " + bind(match.before()));
    }
    if (match.after() != null) {
      conditions.add(column + " >= " + bind(match.after()));
    }
    conditions.add(nullness(column, match.isNull()));
    return join(Operator.AND, conditions);
  }

  private static String nullness(String column, @Nullable Boolean isNull) {
    return isNull == null ? "" : column + (isNull ? " is null" : " is not null");
  }

  /** Returns the condition that a column with a JSON list of tags matches. */
  public String tags(String column, TagMatch match) {
    List<String> conditions = new ArrayList<>();
    if (match.all() != null) {
      List<String> each = new ArrayList<>();
      for (String tag : match.all()) {
        each.add(
            "exists (select 1 from json_each(" + column + ") where value = " + bind(tag) + ")");
      }
      if (!each.isEmpty()) {
        conditions.add(join(Operator.AND, each));
      }
    }
    if (match.isNull() != null) {
      conditions.add(column + (match.isNull() ? " = '[]'" : " <> '[]'"));
    }
    return join(match.operator(), conditions);
  }

  /** Returns the condition that the state of a row matches. */
  String state(String alias, StateMatch match) {
    return join(
        match.operator(),
        List.of(
            field(alias + ".state_type", match.type()),
            field(alias + ".state_name", match.name())));
  }

  /** Returns the condition that a column with a boolean has a value; null for any. */
  public String flag(String column, @Nullable Boolean value) {
    return value == null ? "" : column + " = " + bind(value);
  }
}
