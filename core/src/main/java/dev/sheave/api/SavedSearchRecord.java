package dev.sheave.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A search that people saved under a name.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed
 * @param name its name
 * @param filters its filters
 */
public record SavedSearchRecord(
    UUID id, Instant created, Instant updated, String name, List<Filter> filters) {

  /**
   * A filter, as the web pages write it.
   *
   * @param object what it is about, such as {@code flow}
   * @param property the field
   * @param type the type of the field
   * @param operation how it is compared
   * @param value what it is compared with; a JSON value
   */
  public record Filter(
      String object, String property, String type, String operation, @Nullable Object value) {}
}
