package dev.sheave.storage.transfer;

import dev.sheave.storage.transfer.ObjectSource.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * The list of the files that a put writes, stored beside them while the put is in progress. If the
 * put dies, the next one learns from it which files it may remove.
 *
 * @param id of the put
 * @param files relative to where it is
 */
record Marker(String id, Set<RelativePath> files) {
  /** A put that began longer ago than this is dead: its marker may go. */
  static final Duration DEAD_AFTER = Duration.ofHours(1);

  private static final JsonFactory JSON = new JsonFactory();

  static Marker create(Collection<RelativePath> files) {
    return new Marker(UUID.randomUUID().toString(), Set.copyOf(files));
  }

  /** The marker's path, relative to the place of the put. */
  RelativePath path() {
    return RelativePath.parse(ReservedNames.MARKER_PREFIX + id + ReservedNames.MARKER_SUFFIX);
  }

  byte[] toJson() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeArrayPropertyStart("files");
      for (RelativePath file : files) {
        json.writeString(file.toString());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /**
   * Reads the files of a marker. Unreadable entries are skipped, since a marker only serves for
   * cleaning up.
   */
  static Set<RelativePath> readFiles(InputStream in) throws IOException {
    Set<RelativePath> files = new HashSet<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && !ReservedNames.isReserved(json.getString())) {
          // what can't be a path, no put wrote
          RelativePath.tryParse(json.getString()).ifPresent(files::add);
        }
      }
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException e) {
      return Set.of();
    }
    return files;
  }

  /**
   * The markers of puts that began so long before another one that they must be dead.
   *
   * @param now when the other wrote something, by the store's clock, if it says
   */
  static Map<RelativePath, StoredObject> dead(Listing before, Optional<Instant> now) {
    Map<RelativePath, StoredObject> dead = new HashMap<>();
    before
        .markers()
        .forEach(
            (path, object) -> {
              Instant began = object.modified();
              if (now.isEmpty() || began == null || began.plus(DEAD_AFTER).isBefore(now.get())) {
                dead.put(path, object);
              }
            });
    return dead;
  }

  /**
   * The files listed by some markers that exist and weren't written before the marker.
   *
   * @param needed files that aren't leftovers even if a marker lists them
   */
  static Set<RelativePath> leftovers(
      Listing listing, Map<RelativePath, StoredObject> markers, Set<RelativePath> needed) {
    Set<RelativePath> leftovers = new HashSet<>();
    for (RelativePath path : listing.readMarkedFiles(markers.keySet())) {
      if (!needed.contains(path) && isSinceAMarker(listing, markers, path)) {
        leftovers.add(path);
      }
    }
    return leftovers;
  }

  private static boolean isSinceAMarker(
      Listing listing, Map<RelativePath, StoredObject> markers, RelativePath path) {
    Optional<StoredObject> object = listing.object(path);
    return object.isPresent()
        && markers.values().stream()
            .anyMatch(marker -> !Listing.isAfter(marker.modified(), object.get().modified()));
  }
}
