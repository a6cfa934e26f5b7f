package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.deployment.FieldChange;
import dev.sheave.internal.Json;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows what applying a deployment changes: a line for each value that is added, changed, gone. */
final class Differences {
  private static final int MAX_VALUE = 120;

  private final Terminal terminal;

  Differences(Terminal terminal) {
    this.terminal = terminal;
  }

  void show(List<FieldChange> changes) {
    for (FieldChange change : changes) {
      show(change.field(), change.before(), change.after());
    }
  }

  private void show(String field, @Nullable Object before, @Nullable Object after) {
    if (isNothing(before) && isNothing(after)) {
      return;
    }
    if (before instanceof Map<?, ?> old && after instanceof Map<?, ?> now && !old.isEmpty()) {
      Set<Object> keys = new LinkedHashSet<>(old.keySet());
      keys.addAll(now.keySet());
      for (Object key : keys) {
        Object was = old.get(key);
        Object is = now.get(key);
        if (!Objects.equals(was, is) || old.containsKey(key) != now.containsKey(key)) {
          show(field + "." + key, was, is);
        }
      }
    } else if (isNothing(before)) {
      line(Colour.GOOD, "+ " + field + ": " + text(after));
    } else if (isNothing(after)) {
      line(Colour.BAD, "- " + field + ": " + text(before));
    } else {
      line(Colour.WARNING, "~ " + field + ": " + text(before) + " -> " + text(after));
    }
  }

  private void line(Colour colour, String text) {
    terminal.say("  " + terminal.in(colour, text));
  }

  private static boolean isNothing(@Nullable Object value) {
    return value == null
        || (value instanceof Map<?, ?> map && map.isEmpty())
        || (value instanceof Collection<?> all && all.isEmpty());
  }

  private static String text(@Nullable Object value) {
    String json = Json.write(value);
    return json.length() <= MAX_VALUE ? json : json.substring(0, MAX_VALUE) + "…";
  }
}
