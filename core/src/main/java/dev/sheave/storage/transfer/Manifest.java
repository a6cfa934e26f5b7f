package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * The description of a finished put, in JSON: the files of a tree with their digests or, in the
 * bundle layout, the archive that holds them. Immutable.
 */
final class Manifest {
  /** The newest format that this class knows: with a bundle. A reader refuses a newer one. */
  static final int FORMAT = 2;

  private static final int PLAIN_FORMAT = 1;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private static final JsonFactory JSON = new JsonFactory();

  private final SortedMap<RelativePath, Entry> entries;
  private final @Nullable Bundle bundle;
  private final SortedMap<RelativePath, Instant> retired;

  /**
   * The archive that holds the tree.
   *
   * @param name of the object, beside the manifest
   * @param sha256 of the archive
   * @param size of the archive, in bytes
   * @param files how many it holds
   * @param digest of the tree, see {@link Manifest#digest()}
   */
  record Bundle(RelativePath name, String sha256, long size, int files, String digest) {}

  /**
   * A file.
   *
   * @param path where it is in the tree
   * @param size bytes
   * @param sha256 of its content, in lower-case hexadecimal digits
   * @param executable whether it is
   * @param version the store's version of the uploaded object, if it has one
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
    this(entries, null, Map.of());
  }

  private Manifest(
      Collection<Entry> entries, @Nullable Bundle bundle, Map<RelativePath, Instant> retired) {
    SortedMap<RelativePath, Entry> map = new TreeMap<>();
    entries.forEach(entry -> map.put(entry.path(), entry));
    this.entries = Collections.unmodifiableSortedMap(map);
    this.bundle = bundle;
    this.retired = Collections.unmodifiableSortedMap(new TreeMap<>(retired));
  }

  /** A manifest of a tree in an archive. */
  static Manifest of(Bundle bundle) {
    return new Manifest(List.of(), bundle, Map.of());
  }

  Manifest withRetired(Map<RelativePath, Instant> other) {
    return new Manifest(entries.values(), bundle, other);
  }

  /** The archive that holds the tree; empty in the plain layout. */
  Optional<Bundle> bundle() {
    return Optional.ofNullable(bundle);
  }

  /** Objects that earlier puts wrote and no later reader needs, with when they were replaced. */
  SortedMap<RelativePath, Instant> retired() {
    return retired;
  }

  /** The files by their paths, sorted; none in the bundle layout. */
  SortedMap<RelativePath, Entry> entries() {
    return entries;
  }

  Optional<Entry> entry(RelativePath path) {
    return Optional.ofNullable(entries.get(path));
  }

  /** {@code sha256:…} over paths, contents and executable bits: it doesn't depend on the store. */
  String digest() {
    if (bundle != null) {
      return bundle.digest();
    }
    MessageDigest digest = Digests.sha256();
    for (Entry entry : entries.values()) {
      String line = entry.path() + "\0" + entry.sha256() + (entry.executable() ? "x" : "-") + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return "sha256:" + Digests.hex(digest);
  }

  byte[] toJson() {
    return toJson(null);
  }

  /**
   * As JSON.
   *
   * @param put an id of the put that writes it, which makes it differ from all others; or null
   */
  byte[] toJson(@Nullable String put) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeNumberProperty("sheave_manifest", bundle == null ? PLAIN_FORMAT : FORMAT);
      json.writeStringProperty("digest", digest());
      if (put != null) {
        json.writeStringProperty("put", put);
      }
      if (bundle != null) {
        writeBundle(json, bundle);
      }
      if (!retired.isEmpty()) {
        json.writeObjectPropertyStart("retired");
        retired.forEach((name, at) -> json.writeStringProperty(name.toString(), at.toString()));
        json.writeEndObject();
      }
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

  private static void writeBundle(JsonGenerator json, Bundle bundle) {
    json.writeObjectPropertyStart("bundle");
    json.writeStringProperty("name", bundle.name().toString());
    json.writeStringProperty("sha256", bundle.sha256());
    json.writeNumberProperty("size", bundle.size());
    json.writeNumberProperty("files", bundle.files());
    json.writeEndObject();
  }

  /**
   * Reads one.
   *
   * @param location the location of the manifest, for messages
   * @throws SheaveException {@code INVALID} if it isn't one, or holds a path that can't be used;
   *     {@code UNSUPPORTED} if it is of a newer format
   * @throws IOException if the stream breaks off
   */
  static Manifest read(InputStream in, String location) throws IOException {
    Set<Entry> entries = new HashSet<>();
    Map<RelativePath, Instant> retired = Map.of();
    Bundle bundle = null;
    String digest = "";
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
        } else if (name.equals("digest") && value == JsonToken.VALUE_STRING) {
          digest = json.getString();
        } else if (name.equals("bundle") && value == JsonToken.START_OBJECT) {
          bundle = readBundle(json, location);
        } else if (name.equals("retired") && value == JsonToken.START_OBJECT) {
          retired = readRetired(json);
        } else {
          json.skipChildren();
        }
      }
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException | DateTimeException e) {
      throw damaged(location, e);
    }
    if (!known || (bundle != null && !entries.isEmpty())) {
      throw damaged(location, null);
    }
    Bundle whole =
        bundle == null
            ? null
            : new Bundle(bundle.name(), bundle.sha256(), bundle.size(), bundle.files(), digest);
    return new Manifest(entries, whole, retired);
  }

  private static Bundle readBundle(JsonParser json, String location) {
    RelativePath path = null;
    String sha256 = "";
    long size = -1;
    int files = -1;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      switch (name) {
        case "name" -> path = RelativePath.parse(json.getString());
        case "sha256" -> sha256 = json.getString();
        case "size" -> size = json.getLongValue();
        case "files" -> files = json.getIntValue();
        default -> json.skipChildren();
      }
    }
    if (path == null
        || !ReservedNames.isBundle(path.toString())
        || !SHA256.matcher(sha256).matches()
        || size < 0
        || files < 0) {
      throw damaged(location, null);
    }
    return new Bundle(path, sha256, size, files, "");
  }

  private static Map<RelativePath, Instant> readRetired(JsonParser json) {
    Map<RelativePath, Instant> retired = new HashMap<>();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      retired.put(RelativePath.parse(name), Instant.parse(json.getString()));
    }
    return retired;
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
        "'" + location + "' isn't a manifest written by Sheave: remove it, or upload again.",
        cause);
  }

  /** Whether both are of the same tree, kept in the same way and place. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Manifest manifest
        && manifest.entries.equals(entries)
        && Objects.equals(manifest.bundle, bundle);
  }

  @Override
  public int hashCode() {
    return Objects.hash(entries, bundle);
  }
}
