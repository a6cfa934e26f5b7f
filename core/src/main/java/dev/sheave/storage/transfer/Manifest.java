package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The description of a finished put, in JSON: the files of a tree with their digests or, in the
 * bundle layout, the archive that holds them. Immutable.
 */
final class Manifest {
  /** The newest format that this class knows: with a bundle. A reader refuses a newer one. */
  static final int FORMAT = 2;

  private static final int PLAIN_FORMAT = 1;

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

  /**
   * {@code sha256:…} over all that a reader relies on, versions and sizes included: a manifest that
   * was cut or edited doesn't have the one it says.
   */
  private String checksum() {
    MessageDigest digest = Digests.sha256();
    for (Entry entry : entries.values()) {
      update(
          digest,
          entry.path(),
          entry.size(),
          entry.sha256(),
          entry.executable(),
          Objects.requireNonNullElse(entry.version(), ""));
    }
    if (bundle != null) {
      update(
          digest, bundle.name(), bundle.sha256(), bundle.size(), bundle.files(), bundle.digest());
    }
    retired.forEach((name, at) -> update(digest, name, at));
    return "sha256:" + Digests.hex(digest);
  }

  private static void update(MessageDigest digest, Object... values) {
    for (Object value : values) {
      digest.update(value.toString().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    digest.update((byte) '\n');
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
      json.writeStringProperty("checksum", checksum());
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
   * Reads one. One without a checksum, as earlier versions wrote it, is read as it is.
   *
   * @param location the location of the manifest, for messages
   * @throws SheaveException {@code INVALID} if it isn't one, was changed since it was written, or
   *     holds a path that can't be used; {@code UNSUPPORTED} if it is of a newer format
   * @throws IOException if the stream breaks off
   */
  static Manifest read(InputStream in, String location) throws IOException {
    return new ManifestReader(location).read(in);
  }

  /** What was read, if it has the digests that it says. */
  static Optional<Manifest> of(
      Collection<Entry> entries,
      @Nullable Bundle bundle,
      Map<RelativePath, Instant> retired,
      @Nullable String digest,
      @Nullable String checksum) {
    Manifest manifest = new Manifest(entries, bundle, retired);
    boolean asWritten =
        manifest.entries.size() == entries.size()
            && (digest == null || digest.equals(manifest.digest()))
            && (checksum == null || checksum.equals(manifest.checksum()));
    return asWritten ? Optional.of(manifest) : Optional.empty();
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
