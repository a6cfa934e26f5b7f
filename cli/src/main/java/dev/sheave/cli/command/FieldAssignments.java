package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code --set} says: {@code field=value}, {@code field=@env:VARIABLE}, {@code
 * field=@file:PATH}, {@code field=@-} for standard input; {@code @@} starts a value with one
 * {@code @}.
 */
final class FieldAssignments {
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Set<String> plain = new LinkedHashSet<>();

  private FieldAssignments() {}

  /**
   * Reads the assignments, and what they point to.
   *
   * @throws UsageException for one without {@code =}, or with an unknown {@code @}
   * @throws SheaveException if a variable isn't set or a file can't be read
   */
  static FieldAssignments read(List<String> texts, Terminal terminal) {
    FieldAssignments assignments = new FieldAssignments();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new UsageException("'" + text + "' sets nothing; write --set FIELD=VALUE.");
      }
      String field = text.substring(0, equals);
      String value = text.substring(equals + 1);
      if (!value.startsWith("@")) {
        assignments.plain.add(field);
      }
      String earlier = assignments.values.put(field, resolve(field, value, terminal));
      if (earlier != null) {
        throw new UsageException("'" + field + "' is set twice.");
      }
    }
    return assignments;
  }

  private static String resolve(String field, String value, Terminal terminal) {
    if (!value.startsWith("@")) {
      return value;
    }
    if (value.startsWith("@@")) {
      return value.substring(1);
    }
    if (value.equals("@-")) {
      try {
        return withoutLastLineEnd(terminal.readAll());
      } catch (IOException e) {
        throw new SheaveException(
            Code.INVALID, "Standard input can't be read: " + e.getMessage() + ".", e);
      }
    }
    if (value.startsWith("@env:")) {
      String name = value.substring("@env:".length());
      String found = terminal.variable(name);
      if (found == null) {
        throw new SheaveException(
            Code.INVALID,
            "The environment variable '" + name + "' for the field '" + field + "' isn't set.");
      }
      return found;
    }
    if (value.startsWith("@file:")) {
      return readFile(field, value.substring("@file:".length()), terminal);
    }
    // not the value itself: it may be a secret
    throw new UsageException(
        "The value of '"
            + field
            + "' starts with '@'; write @env:VARIABLE, @file:PATH or @- for where it is, or @@ for"
            + " a value that starts so.");
  }

  private static String readFile(String field, String name, Terminal terminal) {
    Path file = terminal.resolve(name);
    String forField = " for the field '" + field + "'";
    try {
      return withoutLastLineEnd(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new SheaveException(
          Code.NOT_FOUND, "There is no file '" + file + "'" + forField + ".", e);
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The file '" + file + "'" + forField + " can't be read as text: " + e.getMessage() + ".",
          e);
    }
  }

  /** Editors and {@code echo} end files with a line end that no password has. */
  private static String withoutLastLineEnd(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  /** The values by field. */
  Map<String, String> values() {
    return values;
  }

  /** The fields whose values stand in the command itself. */
  Set<String> plain() {
    return plain;
  }
}
