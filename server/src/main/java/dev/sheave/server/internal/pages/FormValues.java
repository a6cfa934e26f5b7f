package dev.sheave.server.internal.pages;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a form or of a query, each with its values. Used by one thread. */
final class FormValues {
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  static FormValues parse(String text) {
    FormValues all = new FormValues();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!name.isEmpty()) {
        all.add(
            PageCall.decoded(name), equals < 0 ? "" : PageCall.decoded(pair.substring(equals + 1)));
      }
    }
    return all;
  }

  void add(String name, String value) {
    values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The first value of a field; null if it isn't there. */
  @Nullable String first(String name) {
    List<String> all = values.get(name);
    return all == null ? null : all.get(0);
  }

  /** The first value of a field, without blanks around it; empty if it isn't there. */
  String text(String name) {
    String value = first(name);
    return value == null ? "" : value.strip();
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** The first value of a field as a number; another one if it isn't there or isn't a number. */
  int number(String name, int otherwise) {
    String text = text(name);
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
  }

  /** The page of a list that is asked for, counted from 0; all its rows have a number. */
  int page(int rows) {
    return Math.min(number("page", 0), Integer.MAX_VALUE / rows - 1);
  }

  /** These without some fields. */
  FormValues without(String... names) {
    FormValues rest = new FormValues();
    rest.values.putAll(values);
    rest.values.keySet().removeAll(List.of(names));
    return rest;
  }

  /** The first value of a field as a time; null if it isn't there or isn't a time. */
  @Nullable Instant time(String name) {
    try {
      return Instant.parse(text(name));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** These as a query, with one field replaced; empty texts are left out. */
  String queryWith(String name, String value) {
    List<String> pairs = new ArrayList<>();
    values.forEach(
        (key, all) -> {
          if (!key.equals(name)) {
            all.stream()
                .filter(each -> !each.isEmpty())
                .forEach(each -> pairs.add(PageCall.encoded(key) + "=" + PageCall.encoded(each)));
          }
        });
    if (!value.isEmpty()) {
      pairs.add(PageCall.encoded(name) + "=" + PageCall.encoded(value));
    }
    return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
  }
}
