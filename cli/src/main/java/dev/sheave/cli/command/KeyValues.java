package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options that hold {@code KEY=VALUE}. */
final class KeyValues {

  private KeyValues() {}

  /**
   * Splits strings at their first {@code =}.
   *
   * @param option the option they are from, for the message
   * @throws UsageException for a text without a key or a {@code =}
   */
  static Map<String, @Nullable Object> read(String option, List<String> texts) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new UsageException(
            "'" + option + " " + text + "' has no value; write " + option + " KEY=VALUE.");
      }
      values.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return values;
  }

  /** Reads parameters: those of {@code --param} over those of {@code --params}. */
  static Map<String, @Nullable Object> merged(
      List<String> each, @Nullable String all, Terminal terminal) {
    Map<String, @Nullable Object> values =
        all == null ? new LinkedHashMap<>() : ofJson(all, terminal);
    read("--param", each).forEach((name, value) -> values.put(name, unquoted(value)));
    return values;
  }

  private static Map<String, @Nullable Object> ofJson(String all, Terminal terminal) {
    String json = all;
    if (all.equals("-")) {
      json = FieldAssignments.readInput(terminal);
    }
    if (json.isBlank()) {
      throw new SheaveException(
          SheaveException.Code.INVALID,
          all.equals("-")
              ? "Standard input, which --params - reads, is empty."
              : "The value of --params is empty; write {} for none.");
    }
    return new LinkedHashMap<>(Json.parseObject(json, "The value of --params"));
  }

  /** A text may be written as JSON has it; other values are converted to what the flow expects. */
  static @Nullable Object unquoted(@Nullable Object value) {
    if (value instanceof String text && text.length() > 1 && text.startsWith("\"")) {
      try {
        return Json.parse(text, "a parameter") instanceof String inner ? inner : text;
      } catch (SheaveException e) {
        return text; // it just starts with a quotation mark
      }
    }
    return value;
  }
}
