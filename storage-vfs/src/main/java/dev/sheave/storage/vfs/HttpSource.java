package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.JsonText;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.SharedResources;
import dev.sheave.storage.transfer.ObjectSource;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Read-only access to the files of an HTTP server. HTTP has no listings, so the files of a tree are
 * those in the manifest of the transfer that put it there.
 */
final class HttpSource implements ObjectSource {
  private static final RelativePath MANIFEST = RelativePath.of(".sheave-manifest.json");

  private final HttpFiles files;

  HttpSource(RemoteLocation place, SharedResources.Loan<HttpConnections> connections) {
    this.files = new HttpFiles(place, connections);
  }

  @Override
  public String location() {
    return files.place().of(RelativePath.ROOT);
  }

  @Override
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    RelativePath path = prefix.resolve(MANIFEST);
    byte[] manifest = read(prefix, path);
    sink.accept(new StoredObject(path.toString(), manifest.length, null, null));
    Map<String, ?> json =
        JsonText.parseObject(
            new String(manifest, StandardCharsets.UTF_8), "'" + files.place().of(path) + "'");
    if (json.get("files") instanceof List<?> entries) {
      String start = prefix.isRoot() ? "" : prefix + "/";
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> file
            && file.get("path") instanceof String name
            && file.get("size") instanceof Number size) {
          sink.accept(new StoredObject(start + name, size.longValue(), null, null));
        }
      }
    }
  }

  private byte[] read(RelativePath prefix, RelativePath path) {
    Optional<InputStream> opened = files.open(path);
    if (opened.isEmpty()) {
      throw new SheaveException(
          Code.NOT_FOUND,
          "'"
              + files.place().of(prefix)
              + "' has no manifest of a tree that Sheave put there ("
              + MANIFEST
              + "), and HTTP has no listings: only single files can be read.");
    }
    try (InputStream in =
        Bounds.stream(opened.get(), files.place().of(path), Bounds.MANIFEST_BYTES)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw files.errors().unanswered(path, e);
    }
  }

  @Override
  public InputStream get(RelativePath path) {
    return files.get(path);
  }

  @Override
  public void close() {
    files.close();
  }
}
