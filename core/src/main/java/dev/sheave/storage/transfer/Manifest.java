package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The files of a tree that a finished put left, with what proves them: an object beside them, in
 * JSON. Immutable.
 */
final class Manifest {
  /** The format that this class writes; a reader refuses a newer one. */
  static final int FORMAT = 1;

  private static final JsonFactory JSON = new JsonFactory();

  private final SortedMap<RelativePath, Entry> entries;

  /**
   * A file.
   *
   * @param path where it is in the tree
   * @param size bytes
   * @param sha256 of its content, in lower-case hexadecimal digits
   * @param executable whether it is
   * @param version what the store called the object that was put, if it says
   */
  record Entry(
      RelativePath path, long size, String sha256, boolean executable, @Nullable String version) {

    Entry withExecutable(boolean other) {
      return new Entry(path, size, sha256, other, version);
    }

    Entry withVersion(@Nullable String other) {
      return new Entry(path, size, sha256, executable, other);
    }
  }

  Manifest(Collection<Entry> entries) {
    SortedMap<RelativePath, Entry> map = new TreeMap<>();
    entries.forEach(entry -> map.put(entry.path(), entry));
    this.entries = Collections.unmodifiableSortedMap(map);
  }

  /** The files by their paths, sorted. */
  SortedMap<RelativePath, Entry> entries() {
    return entries;
  }

  Optional<Entry> entry(RelativePath path) {
    return Optional.ofNullable(entries.get(path));
  }

  /** {@code sha256:…} over paths, contents and executable bits: it doesn't depend on the store. */
  String digest() {
    MessageDigest digest = Digests.sha256();
    for (Entry entry : entries.values()) {
      String line = entry.path() + "\0" + entry.sha256() + (entry.executable() ? "x" : "-") + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return "sha256:" + Digests.hex(digest);
  }

  byte[] toJson() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeNumberProperty("sheave_manifest", FORMAT);
      json.writeStringProperty("digest", digest());
      json.writeArrayPropertyStart("files");
      for (Entry entry : entries.values()) {
        json.writeRaw('\n');
        json.writeStartObject();
        json.writeStringProperty("path", entry.path().toString());
        json.writeNumberProperty("size", entry.size());
        json.writeStringProperty("sha256", entry.sha256());
        if (entry.executable()) {
          json.writeBooleanProperty("executable", true);
        }
        if (entry.version() != null) {
          json.writeStringProperty("version", entry.version());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /**
   * Reads one.
   *
   * @param location of what is read, for messages
   * @throws SheaveException {@code INVALID} if it isn't one, or holds a path that can't be used;
   *     {@code UNSUPPORTED} if it is of a newer format
   */
  static Manifest read(InputStream in, String location) {
    Set<Entry> entries = new HashSet<>();
    boolean known = false;
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      json.nextToken();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken value = json.nextToken();
        if (name.equals("sheave_manifest")) {
          known = true;
          if (json.getIntValue() > FORMAT) {
            throw new SheaveException(
                Code.UNSUPPORTED,
                "'" + location + "' was written by a newer version of Sheave: update this one.");
          }
        } else if (name.equals("files") && value == JsonToken.START_ARRAY) {
          while (json.nextToken() == JsonToken.START_OBJECT) {
            entries.add(readEntry(json, location));
          }
        } else {
          json.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw damaged(location, e);
    }
    if (!known) {
      throw damaged(location, null);
    }
    return new Manifest(entries);
  }

  private static Entry readEntry(JsonParser json, String location) {
    RelativePath path = null;
    String sha256 = null;
    String version = null;
    long size = -1;
    boolean executable = false;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      switch (name) {
        case "path" -> path = RelativePath.parse(json.getString());
        case "size" -> size = json.getLongValue();
        case "sha256" -> sha256 = json.getString();
        case "executable" -> executable = json.getBooleanValue();
        case "version" -> version = json.getString();
        default -> json.skipChildren();
      }
    }
    if (path == null || sha256 == null || size < 0 || ReservedNames.isReserved(path.toString())) {
      throw damaged(location, null);
    }
    return new Entry(path, size, sha256, executable, version);
  }

  private static SheaveException damaged(String location, @Nullable Exception cause) {
    return new SheaveException(
        Code.INVALID,
        "'" + location + "' is not a manifest that Sheave wrote: remove it, or upload again.",
        cause);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Manifest manifest && manifest.entries.equals(entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}
