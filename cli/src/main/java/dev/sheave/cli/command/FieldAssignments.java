package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.IoReason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Assignments that set fields: {@code field=value}, {@code field=@env:VARIABLE}, {@code
 * field=@file:PATH}, {@code field=@-} for standard input; {@code @@} starts a value with one
 * {@code @}. {@code field=null} clears the field, and {@code field="null"} is the string.
 */
final class FieldAssignments {
  /** How values are written, for the help of commands. */
  static final String HELP =
      "Write a field as bucket_path, limits.timeout, command[0] or env.LEVEL, and its value as"
          + " text, or as JSON if it isn't a string; null clears the field. Read secrets from"
          + " where they are kept: field=@env:VARIABLE, field=@file:PATH or field=@- (standard"
          + " input). Write @@ for a value that starts with @.";

  private final Map<String, String> written;

  private FieldAssignments(Map<String, String> written) {
    this.written = written;
  }

  /**
   * Takes assignments apart; what they point to is read later.
   *
   * @param form how one is to be written, for the message
   * @throws UsageException for one without {@code =}, or with an unknown {@code @}
   */
  static FieldAssignments parse(String form, List<String> texts) {
    Map<String, String> written = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new UsageException("'" + text + "' isn't an assignment; write " + form + ".");
      }
      String field = text.substring(0, equals);
      String value = text.substring(equals + 1);
      if (written.put(field, value) != null) {
        throw new UsageException("'" + field + "' is set twice.");
      }
      boolean isKnown =
          !value.startsWith("@")
              || value.startsWith("@@")
              || value.equals("@-")
              || value.startsWith("@env:")
              || value.startsWith("@file:");
      if (!isKnown) {
        // not the value itself: it may be a secret
        throw new UsageException(
            "The value of '"
                + field
                + "' starts with '@'; write @env:VARIABLE, @file:PATH or @- to read it from"
                + " there, or @@ for a value that starts with '@'.");
      }
    }
    if (written.values().stream().filter("@-"::equals).count() > 1) {
      throw new UsageException("Only one value can be read from standard input.");
    }
    return new FieldAssignments(written);
  }

  /** Whether a value is to come from standard input. */
  boolean readInput() {
    return written.containsValue("@-");
  }

  /**
   * Reads the values by field: strings, or null.
   *
   * @throws SheaveException if a variable isn't set or a file can't be read
   */
  Map<String, @Nullable Object> values(Terminal terminal) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    texts(terminal)
        .forEach(
            (field, text) -> {
              boolean isPlain = plain().contains(field);
              values.put(
                  field, !isPlain ? text : text.equals("null") ? null : KeyValues.unquoted(text));
            });
    return values;
  }

  /**
   * Reads the values by field, as they are.
   *
   * @throws SheaveException if a variable isn't set or a file can't be read
   */
  Map<String, String> texts(Terminal terminal) {
    Map<String, String> texts = new LinkedHashMap<>();
    written.forEach((field, value) -> texts.put(field, resolve(field, value, terminal)));
    return texts;
  }

  /** The fields whose values are written in the command itself. */
  Set<String> plain() {
    Set<String> plain = new LinkedHashSet<>(written.keySet());
    plain.removeIf(field -> String.valueOf(written.get(field)).startsWith("@"));
    return plain;
  }

  private static String resolve(String field, String value, Terminal terminal) {
    if (!value.startsWith("@")) {
      return value;
    }
    if (value.equals("@-")) {
      return withoutLastLineEnd(readInput(terminal));
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
      Path file = terminal.resolve(value.substring("@file:".length()));
      return withoutLastLineEnd(readFile(file, " for the field '" + field + "'"));
    }
    return value.substring(1);
  }

  /** Reads standard input as text. */
  static String readInput(Terminal terminal) {
    try {
      return terminal.readAll();
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID, "Standard input can't be read: " + IoReason.of(e) + ".", e);
    }
  }

  /**
   * Reads a file as text.
   *
   * @param purpose what it is for, to follow its name in messages
   */
  static String readFile(Path file, String purpose) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new SheaveException(
          Code.NOT_FOUND, "The file '" + file + "'" + purpose + " doesn't exist.", e);
    } catch (CharacterCodingException e) {
      throw new SheaveException(
          Code.INVALID, "The file '" + file + "'" + purpose + " isn't UTF-8 text.", e);
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The file '" + file + "'" + purpose + " can't be read: " + IoReason.of(e, file) + ".",
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

  /**
   * Warns if a secret was written into the command, since it is now in the shell's history.
   *
   * @param secretPlaces where the type has secrets, as schemas say it
   */
  void warnOfSecrets(List<String> secretPlaces, Terminal terminal) {
    Set<String> secrets = new LinkedHashSet<>();
    written.forEach(
        (field, value) -> {
          boolean isPlain = !value.startsWith("@") && !value.equals("null");
          // a field with secrets may name a saved block instead
          boolean isObject = value.startsWith("{") || value.startsWith("[");
          if (isPlain
              && secretPlaces.stream()
                  .anyMatch(
                      place ->
                          covers(place, field) && (isObject || !place.startsWith(field + ".")))) {
            secrets.add(field);
          }
        });
    warnOfHistory(secrets, terminal);
  }

  /** Tells people that values which they wrote into their command are in their shell's history. */
  static void warnOfHistory(Collection<String> secrets, Terminal terminal) {
    if (!secrets.isEmpty()) {
      terminal.complain(
          terminal.in(
              Terminal.Colour.WARNING,
              "Warning: the value of "
                  + String.join(", ", secrets)
                  + " is now in your shell's history; "
                  + secrets.iterator().next()
                  + "=@env:VARIABLE, =@file:PATH or =@- keeps it out."));
    }
  }

  /** Whether a field is, holds, or lies in a place of secrets such as {@code settings.*}. */
  static boolean covers(String secret, String field) {
    String place = secret.endsWith(".*") ? secret.substring(0, secret.length() - 2) : secret;
    String at = field.replace('[', '.');
    return place.equals(at) || place.startsWith(at + ".") || at.startsWith(place + ".");
  }
}
