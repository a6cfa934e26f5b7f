package dev.sheave.storage.transfer;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a put leaves beside the files while it is under way: which files it writes. If it dies, the
 * next put knows by it what it may remove.
 *
 * @param id of the put
 * @param files relative to where it is
 */
record Marker(String id, Set<RelativePath> files) {
  private static final JsonFactory JSON = new JsonFactory();

  static Marker create(Collection<RelativePath> files) {
    return new Marker(UUID.randomUUID().toString(), Set.copyOf(files));
  }

  /** Where it is, relative to where the put writes. */
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
   * Reads the files of one; what can't be read of it is left out, since all it is for is cleaning
   * up.
   */
  static Set<RelativePath> readFiles(InputStream in) {
    Set<RelativePath> files = new HashSet<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && !ReservedNames.isReserved(json.getString())) {
          files.add(RelativePath.parse(json.getString()));
        }
      }
    } catch (JacksonException e) {
      return Set.of();
    }
    return files;
  }
}
