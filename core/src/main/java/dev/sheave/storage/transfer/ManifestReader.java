package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.Manifest.Bundle;
import dev.sheave.storage.transfer.Manifest.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a manifest as a stream. It isn't trusted: whatever isn't exactly as {@link Manifest} writes
 * it makes the whole damaged. Unknown fields are passed over. Not safe for use by several threads.
 */
final class ManifestReader {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final JsonFactory JSON = new JsonFactory();

  private final String location;
  private final Map<RelativePath, Instant> retired = new HashMap<>();
  private @Nullable List<Entry> entries;
  private @Nullable Bundle bundle;
  private @Nullable String digest;
  private @Nullable String checksum;
  private boolean known;

  ManifestReader(String location) {
    this.location = location;
  }

  Manifest read(InputStream in) throws IOException {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      require(json.nextToken() == JsonToken.START_OBJECT);
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "sheave_manifest" -> readFormat(json);
          case "files" -> readEntries(json, value);
          case "digest" -> digest = string(json);
          case "checksum" -> checksum = string(json);
          case "bundle" -> bundle = readBundle(json, value);
          case "retired" -> readRetired(json, value);
          default -> json.skipChildren();
        }
      }
      require(json.nextToken() == null);
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException | DateTimeException e) {
      throw damaged(e);
    }
    List<Entry> files = entries == null ? List.of() : entries;
    require(known && (bundle == null ? entries != null : files.isEmpty()));
    Bundle whole =
        bundle == null
            ? null
            : new Bundle(
                bundle.name(),
                bundle.sha256(),
                bundle.size(),
                bundle.files(),
                digest == null ? "" : digest);
    return Manifest.of(files, whole, retired, digest, checksum).orElseThrow(this::changed);
  }

  private void readFormat(JsonParser json) {
    known = true;
    if (number(json) > Manifest.FORMAT) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "'" + location + "' was written by a newer version of Sheave: update this one.");
    }
  }

  private void readEntries(JsonParser json, JsonToken value) {
    require(value == JsonToken.START_ARRAY && entries == null);
    List<Entry> read = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(json.currentToken() == JsonToken.START_OBJECT);
      read.add(readEntry(json));
    }
    entries = read;
  }

  private Entry readEntry(JsonParser json) {
    RelativePath path = null;
    String sha256 = "";
    String version = null;
    long size = -1;
    boolean executable = false;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      switch (name) {
        case "path" -> path = RelativePath.parse(string(json));
        case "size" -> size = number(json);
        case "sha256" -> sha256 = string(json);
        case "executable" -> executable = json.getBooleanValue();
        case "version" -> version = string(json);
        default -> json.skipChildren();
      }
    }
    if (path == null
        || !SHA256.matcher(sha256).matches()
        || size < 0
        || ReservedNames.isReserved(path.toString())) {
      throw damaged(null);
    }
    return new Entry(path, size, sha256, executable, version);
  }

  private Bundle readBundle(JsonParser json, JsonToken value) {
    require(value == JsonToken.START_OBJECT && bundle == null);
    RelativePath path = null;
    String sha256 = "";
    long size = -1;
    long files = -1;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      switch (name) {
        case "name" -> path = RelativePath.parse(string(json));
        case "sha256" -> sha256 = string(json);
        case "size" -> size = number(json);
        case "files" -> files = number(json);
        default -> json.skipChildren();
      }
    }
    if (path == null
        || !ReservedNames.isBundle(path.toString())
        || !SHA256.matcher(sha256).matches()
        || size < 0
        || files < 0
        || files > Integer.MAX_VALUE) {
      throw damaged(null);
    }
    return new Bundle(path, sha256, size, (int) files, "");
  }

  private void readRetired(JsonParser json, JsonToken value) {
    require(value == JsonToken.START_OBJECT);
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      retired.put(RelativePath.parse(name), Instant.parse(string(json)));
    }
  }

  /** Jackson turns other tokens into strings, null among them. */
  private String string(JsonParser json) {
    require(json.currentToken() == JsonToken.VALUE_STRING);
    return json.getString();
  }

  private long number(JsonParser json) {
    require(json.currentToken() == JsonToken.VALUE_NUMBER_INT);
    return json.getLongValue();
  }

  private void require(boolean right) {
    if (!right) {
      throw damaged(null);
    }
  }

  private SheaveException damaged(@Nullable Exception cause) {
    return new SheaveException(
        Code.INVALID,
        "'" + location + "' isn't a manifest written by Sheave: remove it, or upload again.",
        cause);
  }

  private SheaveException changed() {
    return new SheaveException(
        Code.INVALID, "'" + location + "' was cut or changed since Sheave wrote it: upload again.");
  }
}
