package dev.sheave.api.http;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Feature;
import dev.sheave.api.Page;
import dev.sheave.api.internal.FieldWriter;
import dev.sheave.internal.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server can do beyond the protocol of the reference. Sheave's says so at {@code GET
 * /sheave/features}, with {@code {"features": [names of Feature]}}; the reference's has no such
 * path. It is asked once, when something depends on it. Safe for use by several threads.
 */
final class ServerFeatures {
  private static final String PATH = "/sheave/features";

  private final ServerConnection server;
  private volatile @Nullable Known known;

  ServerFeatures(ServerConnection server) {
    this.server = server;
  }

  private record Known(boolean isSheave, Set<Feature> features) {}

  private Known known() {
    Known already = known;
    if (already == null) {
      already = ask();
      known = already;
    }
    return already;
  }

  private Known ask() {
    Optional<Answer> answer;
    try {
      answer = server.find(Call.get(PATH, "What the server can do"));
    } catch (SheaveException e) {
      if (e.code() != Code.UNSUPPORTED) {
        throw e;
      }
      answer = Optional.empty();
    }
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    if (answer.isPresent() && answer.get().object().get("features") instanceof List<?> names) {
      // a newer server may have more
      Arrays.stream(Feature.values())
          .filter(each -> names.contains(each.name()))
          .forEach(features::add);
    }
    return new Known(answer.isPresent(), Collections.unmodifiableSet(features));
  }

  Set<Feature> all() {
    return known().features();
  }

  /** Whether it is Sheave's server. */
  boolean isSheave() {
    return known().isSheave();
  }

  boolean has(Feature feature) {
    return known().features().contains(feature);
  }

  /**
   * Checks that the server has something.
   *
   * @param what it lacks otherwise, such as {@code leases of runs}
   */
  void require(Feature feature, String what) {
    if (!has(feature)) {
      throw lacks(what);
    }
  }

  SheaveException lacks(String what) {
    return new SheaveException(
        Code.UNSUPPORTED,
        "The server at "
            + server.url()
            + " has no "
            + what
            + ", since it isn't Sheave's, or is an older one.");
  }

  /** The fields of a part of a listing. */
  Map<String, @Nullable Object> page(Page page) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("limit", page.limit());
    json.put("offset", page.offset());
    if (page.after() != null) {
      require(Feature.PAGES_AFTER_ENTRY, "pages that follow an entry");
      json.put("after", page.after().toString());
    }
    return json;
  }

  /** The fields of a sorted part of a listing. */
  Map<String, @Nullable Object> page(Enum<?> sort, Page page) {
    Map<String, @Nullable Object> json = page(page);
    json.put("sort", sort.name());
    return json;
  }

  /**
   * Leaves fields that say nothing out of a request, since the reference refuses requests with
   * fields that it doesn't know.
   */
  Map<String, @Nullable Object> beyondReference(
      Map<String, @Nullable Object> json, String... names) {
    for (String name : names) {
      Object value = json.get(name);
      if (value == null || Boolean.FALSE.equals(value) || Map.of().equals(value)) {
        json.remove(name);
      } else if (!isSheave()) {
        throw lacks("'" + name + "' of its own for a new run");
      }
    }
    return json;
  }

  /** The fields of a filter by time. */
  static Map<String, @Nullable Object> period(
      Map<String, @Nullable Object> json, Instant start, Instant end, Duration interval) {
    json.put("history_start", FieldWriter.time(start));
    json.put("history_end", FieldWriter.time(end));
    json.put("history_interval_seconds", interval.toNanos() / 1e9);
    return json;
  }

  /** A filter of one field by some values. */
  static Map<String, Object> anyOf(String field, Object... values) {
    return Json.object(field, Json.object("any_", List.of(values)));
  }
}
