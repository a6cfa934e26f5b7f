package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.internal.SharedResources;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.InputStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Objects as files below a folder of a WebDAV server. A put writes beside its target and moves, so
 * that a file is there whole or not at all.
 */
final class DavObjectStore implements ObjectStore {
  private static final String PART_PREFIX = ".sheave-part-";

  private final HttpFiles files;

  /** Folders that are known to exist. */
  private final Set<RelativePath> folders = ConcurrentHashMap.newKeySet();

  DavObjectStore(RemoteLocation place, SharedResources.Loan<HttpConnections> connections) {
    this.files = new HttpFiles(place, connections);
  }

  @Override
  public String location() {
    return files.place().of(RelativePath.ROOT);
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.FOLDERS);
  }

  @Override
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    String start = prefix.isRoot() ? "" : prefix + "/";
    forEachChild(
        prefix,
        (name, one) -> {
          if (name.startsWith(PART_PREFIX)) {
            return;
          }
          if (isFolder(start, name, one)) {
            list(prefix.resolve(name), sink);
          } else {
            // a server may say anything: of a folder whose name can't be, nothing is asked
            sink.accept(new StoredObject(start + name, one.size(), one.modified(), one.version()));
          }
        });
  }

  private static boolean isFolder(String start, String name, DavProperties one) {
    return one.folder() && name.indexOf('/') < 0 && RelativePath.isValid(start + name);
  }

  /** Goes through the entries of a folder; there are none if it doesn't exist. */
  private void forEachChild(RelativePath folder, BiConsumer<String, DavProperties> each) {
    // a folder at a time: most servers refuse to tell of all below one
    List<DavProperties> all = properties(folder, true);
    Optional<DavProperties> self = self(all);
    if (self.isEmpty() || !self.get().folder()) {
      return;
    }
    String above = self.get().path() + "/";
    for (DavProperties one : all) {
      if (one.path().equals(self.get().path())) {
        continue;
      }
      if (!one.path().startsWith(above)) {
        throw new SheaveException(
            Code.INTERNAL,
            "'"
                + files.place().of(folder)
                + "' lists '"
                + one.path()
                + "', which is outside of it.");
      }
      each.accept(one.path().substring(above.length()), one);
    }
  }

  /** The folder that was asked for is the one whose path is the shortest. */
  private static Optional<DavProperties> self(List<DavProperties> all) {
    return all.stream().min((a, b) -> Integer.compare(a.path().length(), b.path().length()));
  }

  /** The properties of a file, or of a folder and its children; empty if it doesn't exist. */
  private List<DavProperties> properties(RelativePath path, boolean children) {
    // some servers take a folder's address only with a slash at its end
    return ask(path, children, false).or(() -> ask(path, children, true)).orElseGet(List::of);
  }

  /** Empty if the server redirects. */
  private Optional<List<DavProperties>> ask(RelativePath path, boolean children, boolean slash) {
    HttpUriRequestBase request = files.request("PROPFIND", path, slash);
    request.setHeader("Depth", children ? "1" : "0");
    request.setEntity(DavProperties.question());
    return files.send(
        path,
        request,
        response -> {
          HttpEntity entity = response.getEntity();
          int status = response.getCode();
          if (status == HttpStatus.SC_MULTI_STATUS && entity != null) {
            try (InputStream in = entity.getContent()) {
              return Optional.of(DavProperties.read(in, files.place().of(path)));
            }
          }
          if (status == HttpStatus.SC_NOT_FOUND) {
            return Optional.of(List.of());
          }
          if (!slash && status >= 300 && status < 400) {
            return Optional.empty();
          }
          throw files.errors().answered(path, "listed", status);
        });
  }

  private Optional<DavProperties> property(RelativePath path) {
    return properties(path, false).stream().findFirst();
  }

  @Override
  public InputStream get(RelativePath path) {
    return files.get(path);
  }

  @Override
  public Optional<String> put(RelativePath path, Content content, Condition condition) {
    if (!condition.equals(Condition.NONE)) {
      throw new IllegalArgumentException("conditions are not a feature of this store");
    }
    makeFolders(path.parent());
    RelativePath part = path.parent().resolve(PART_PREFIX + UUID.randomUUID());
    boolean moved = false;
    try {
      write(path, part, content);
      if (!move(part, path, content.size(), false)) {
        // a folder would be replaced, with all that is in it
        if (property(path).filter(DavProperties::folder).isPresent() && !removeIfUnused(path)) {
          throw new SheaveException(
              Code.INVALID,
              "'"
                  + files.place().of(path)
                  + "' already exists and isn't a file: choose another path.");
        }
        move(part, path, content.size(), true);
      }
      moved = true;
    } finally {
      if (!moved) {
        removeQuietly(part);
      }
    }
    return property(path).map(DavProperties::version);
  }

  private void write(RelativePath path, RelativePath part, Content content) {
    int status = status(path, part, content);
    if (status == HttpStatus.SC_CONFLICT || status == HttpStatus.SC_NOT_FOUND) {
      // somebody removed a folder
      folders.clear();
      makeFolders(path.parent());
      status = status(path, part, content);
    }
    requireSuccess(path, "written", status);
  }

  private int status(RelativePath path, RelativePath part, Content content) {
    HttpUriRequestBase request = files.request("PUT", part);
    request.setEntity(new ContentEntity(content, files.place().of(path)));
    return files.status(path, request);
  }

  /** Returns false if the target exists and must not be replaced. */
  private boolean move(RelativePath part, RelativePath path, long size, boolean replaces) {
    HttpUriRequestBase request = files.request("MOVE", part);
    request.setHeader("Destination", files.address(path));
    request.setHeader("Overwrite", replaces ? "T" : "F");
    int status = files.status(path, request);
    if (status == HttpStatus.SC_PRECONDITION_FAILED && !replaces) {
      return false;
    }
    // an answer that was lost was asked for again, when there was nothing left to move
    if (status != HttpStatus.SC_NOT_FOUND || !isThere(path, size)) {
      requireSuccess(path, "written", status);
    }
    return true;
  }

  private boolean isThere(RelativePath path, long size) {
    return property(path).filter(one -> !one.folder() && one.size() == size).isPresent();
  }

  private void requireSuccess(RelativePath path, String done, int status) {
    if (status < 200 || status >= 300) {
      throw files.errors().answered(path, done, status);
    }
  }

  /** Creates a folder and those above it, up to the root of the server. */
  private void makeFolders(RelativePath folder) {
    if (folders.contains(folder)) {
      return;
    }
    int status = makeFolder(folder);
    if (status == HttpStatus.SC_CONFLICT || status == HttpStatus.SC_NOT_FOUND) {
      if (folder.isRoot()) {
        makeBase();
      } else {
        makeFolders(folder.parent());
      }
      status = makeFolder(folder);
    }
    // the folder exists already; if another client was just faster, servers answer variously
    if (HttpErrors.isBusy(status)
        || status != HttpStatus.SC_METHOD_NOT_ALLOWED
            && property(folder).filter(DavProperties::folder).isEmpty()) {
      requireSuccess(folder, "created", status);
    }
    folders.add(folder);
  }

  private int makeFolder(RelativePath folder) {
    return files.status(folder, files.request("MKCOL", folder, true));
  }

  /** The folders above the base path's last. */
  private void makeBase() {
    RelativePath base = files.place().folder();
    RelativePath made = RelativePath.ROOT;
    for (String name : base.parent().toString().split("/")) {
      if (!name.isEmpty()) {
        made = made.resolve(name);
        files.status(RelativePath.ROOT, files.rootRequest("MKCOL", made));
      }
    }
  }

  /** Its own error is ignored: the one that led here is thrown. */
  private void removeQuietly(RelativePath part) {
    boolean interrupted = Thread.interrupted();
    try {
      files.status(part, files.request("DELETE", part));
    } catch (SheaveException e) {
      // listings leave it out
      return;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void delete(Collection<RelativePath> paths) {
    Set<RelativePath> emptied = new TreeSet<>(Comparator.reverseOrder());
    for (RelativePath path : paths) {
      // a folder would go with all that is in it
      if (property(path).filter(one -> !one.folder()).isPresent()) {
        int status = files.status(path, files.request("DELETE", path));
        if (status != HttpStatus.SC_NOT_FOUND) {
          requireSuccess(path, "removed", status);
        }
        if (!IgnoreRules.isReserved(path.toString())) {
          emptied.add(path.parent());
        }
      }
    }
    // an object store has no folders: those that are left empty go with the last file
    for (RelativePath start : emptied) {
      RelativePath folder = start;
      while (!folder.isRoot() && isEmpty(folder) && removeIfUnused(folder)) {
        folder = folder.parent();
      }
    }
  }

  private boolean isEmpty(RelativePath folder) {
    boolean[] found = new boolean[1];
    forEachChild(folder, (name, one) -> found[0] = true);
    return !found[0];
  }

  /**
   * Removes a folder if no object is in it. A server can only remove one with all that is in it, so
   * it is renamed before, when nothing can be added any more: what was added until then is kept.
   */
  private boolean removeIfUnused(RelativePath path) {
    if (holdsObjects(path)) {
      return false;
    }
    RelativePath aside = path.parent().resolve(PART_PREFIX + UUID.randomUUID());
    if (!renameFolder(path, aside)) {
      return false;
    }
    folders.removeIf(folder -> folder.startsWith(path));
    if (holdsObjects(aside)) {
      renameFolder(aside, path);
      return false;
    }
    int status = files.status(path, files.request("DELETE", aside, true));
    if (status != HttpStatus.SC_NOT_FOUND) {
      requireSuccess(path, "removed", status);
    }
    return true;
  }

  /** Returns false if it isn't there, or somebody else is using it. */
  private boolean renameFolder(RelativePath from, RelativePath to) {
    HttpUriRequestBase request = files.request("MOVE", from, true);
    request.setHeader("Destination", files.address(to) + "/");
    request.setHeader("Overwrite", "F");
    int status = files.status(from, request);
    return status >= 200 && status < 300;
  }

  private boolean holdsObjects(RelativePath folder) {
    boolean[] found = new boolean[1];
    forEachChild(
        folder,
        (name, one) ->
            found[0] |=
                isFolder(folder + "/", name, one)
                    ? holdsObjects(folder.resolve(name))
                    : !name.startsWith(PART_PREFIX));
    return found[0];
  }

  @Override
  public void close() {
    files.close();
  }
}
