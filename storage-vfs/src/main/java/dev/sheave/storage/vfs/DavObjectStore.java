package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.FolderStore;
import dev.sheave.storage.net.SharedResources;
import dev.sheave.storage.transfer.RelativePath;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;

/** Objects as files below a folder of a WebDAV server. */
final class DavObjectStore extends FolderStore {
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
  protected void entries(RelativePath folder, Consumer<Entry> sink) {
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
      String name = one.path().substring(above.length());
      sink.accept(
          one.folder()
              ? Entry.folder(name, one.modified())
              : Entry.file(name, one.size(), one.modified(), one.version()));
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
    try {
      return files.get(path);
    } catch (SheaveException e) {
      if (e.code() != Code.PERMISSION_DENIED) {
        throw e;
      }
      // Apache says so, too, of a file that somebody removes while it opens it
      return files.get(path);
    }
  }

  @Override
  protected void write(RelativePath key, RelativePath part, Content content) {
    makeAll(key.parent());
    int status = status(key, part, content);
    if (status == HttpStatus.SC_CONFLICT || status == HttpStatus.SC_NOT_FOUND) {
      throw files.errors().answered(key, "written", HttpStatus.SC_NOT_FOUND);
    }
    requireSuccess(key, "written", status);
  }

  @Override
  protected Optional<String> replace(RelativePath part, RelativePath key, Content content) {
    if (!move(part, key, content.size(), false)) {
      // a folder would be replaced, with all that is in it
      if (property(key).filter(DavProperties::folder).isPresent()) {
        clear(key);
      }
      move(part, key, content.size(), true);
    }
    return property(key).map(DavProperties::version);
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

  @Override
  protected void makeFolders(RelativePath key) {
    // somebody removed one
    folders.clear();
    makeAll(key.parent());
  }

  /** Creates a folder and those above it, up to the root of the server. */
  private void makeAll(RelativePath folder) {
    if (folders.contains(folder)) {
      return;
    }
    int status = makeFolder(folder);
    if (status == HttpStatus.SC_CONFLICT || status == HttpStatus.SC_NOT_FOUND) {
      if (folder.isRoot()) {
        makeBase();
      } else {
        makeAll(folder.parent());
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

  @Override
  protected boolean deleteFile(RelativePath path) {
    // a folder would go with all that is in it
    return property(path).filter(one -> !one.folder()).isPresent()
        && delete(path, files.request("DELETE", path));
  }

  private boolean delete(RelativePath path, HttpUriRequestBase request) {
    int status = files.status(path, request);
    if (status == HttpStatus.SC_NOT_FOUND) {
      return false;
    }
    requireSuccess(path, "removed", status);
    return true;
  }

  /** A server removes one with all that is in it. */
  @Override
  protected boolean deletesOnlyEmpty() {
    return false;
  }

  @Override
  protected boolean deleteFolder(RelativePath folder) {
    return delete(folder, files.request("DELETE", folder, true));
  }

  @Override
  protected boolean rename(RelativePath from, RelativePath to, boolean folder) {
    HttpUriRequestBase request = files.request("MOVE", from, folder);
    request.setHeader("Destination", files.address(to) + (folder ? "/" : ""));
    request.setHeader("Overwrite", "F");
    int status = files.status(from, request);
    boolean done = status >= 200 && status < 300;
    if (done && folder) {
      folders.removeIf(known -> known.startsWith(from));
    }
    return done;
  }

  @Override
  public void close() {
    files.close();
  }
}
