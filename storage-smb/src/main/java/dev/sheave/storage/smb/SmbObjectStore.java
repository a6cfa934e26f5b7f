package dev.sheave.storage.smb;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.FolderStore;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.SharedResources;
import dev.sheave.storage.transfer.RelativePath;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import jcifs.CloseableIterator;
import jcifs.SmbResource;
import jcifs.smb.NtStatus;
import jcifs.smb.SmbException;
import jcifs.smb.SmbFile;

/** Objects as files below a folder of a share. */
final class SmbObjectStore extends FolderStore {
  /** How long another client may have a file open. A server needs a while to notice a dead one. */
  private static final Duration MAX_HELD = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final int BUFFER_BYTES = 256 * 1024;

  private final SmbLocation place;
  private final SharedResources.Loan<SmbConnections> connections;
  private final SmbErrors errors;

  SmbObjectStore(SmbLocation place, SharedResources.Loan<SmbConnections> connections) {
    this.place = place;
    this.connections = connections;
    this.errors = new SmbErrors(place);
  }

  @Override
  public String location() {
    return place.of(RelativePath.ROOT);
  }

  /** A file or folder; nothing is asked of the server yet. */
  private SmbFile file(RelativePath path) throws IOException {
    return file(path, "");
  }

  private SmbFile file(RelativePath path, String end) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.");
    }
    SmbFile share = new SmbFile(place.shareAddress(), connections.value().context());
    RelativePath full = place.folder().resolve(path);
    // by its name: in an address a hash would begin a fragment
    return full.isRoot() ? share : new SmbFile(share, full + end);
  }

  @Override
  protected void entries(RelativePath path, Consumer<Entry> sink) {
    // the client appends the names of what is in it
    try (SmbFile folder = file(path, "/")) {
      if (!folder.exists() || !folder.isDirectory()) {
        return;
      }
      try (CloseableIterator<SmbResource> children = folder.children()) {
        while (children.hasNext()) {
          try (SmbResource child = children.next()) {
            sink.accept(entry(child));
          }
        }
      }
    } catch (SmbException e) {
      // somebody removed it meanwhile
      if (!SmbErrors.isMissing(e)) {
        throw errors.translate(path, "listed", e);
      }
    } catch (IOException e) {
      throw errors.translate(path, "listed", e);
    }
  }

  private static Entry entry(SmbResource child) throws IOException {
    String name = child.getName().replaceAll("/$", "");
    Instant modified = Instant.ofEpochMilli(child.lastModified());
    return child.isDirectory()
        ? Entry.folder(name, modified)
        : Entry.file(name, child.length(), modified, version(child));
  }

  /** When it was written, in milliseconds: each put takes longer than one. */
  private static String version(SmbResource file) throws IOException {
    return Long.toString(file.lastModified());
  }

  @Override
  public InputStream get(RelativePath path) {
    try {
      SmbFile file = file(path);
      InputStream in = new SmbStream(file.openInputStream(), file);
      // a server opens a folder like a file; the client remembers what it opened
      if (file.isDirectory()) {
        in.close();
        throw errors.notAFile(path, Code.NOT_FOUND);
      }
      return Bounds.stream(in, place.of(path));
    } catch (IOException e) {
      throw errors.translate(path, "read", e);
    }
  }

  /** A file that is read; its handle goes with it. */
  private static final class SmbStream extends FilterInputStream {
    private final SmbFile file;

    SmbStream(InputStream in, SmbFile file) {
      super(in);
      this.file = file;
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        file.close();
      }
    }
  }

  @Override
  protected void write(RelativePath key, RelativePath part, Content content) {
    try (SmbFile file = file(part);
        OutputStream out = file.openOutputStream();
        InputStream in = content.open()) {
      byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER_BYTES, content.size()))];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      throw errors.translate(key, "written", e);
    }
  }

  @Override
  protected Optional<String> replace(RelativePath part, RelativePath key, Content content) {
    try (SmbFile source = file(part);
        SmbFile target = file(key)) {
      boolean exists;
      try (SmbFile before = file(key)) {
        exists = before.exists();
        if (before.isDirectory()) {
          clear(key);
        }
      }
      rename(source, target, exists ? MAX_HELD : Duration.ZERO);
      try (SmbFile written = file(key)) {
        return Optional.of(version(written));
      }
    } catch (IOException e) {
      throw errors.translate(key, "written", e);
    }
  }

  /** Servers refuse to replace a file that is open: it is tried again until it isn't. */
  private static void rename(SmbFile source, SmbFile target, Duration timeout) throws IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        source.renameTo(target, true);
        return;
      } catch (SmbException e) {
        if (!SmbErrors.mayBeOpen(e) || System.nanoTime() - start >= timeout.toNanos()) {
          throw e;
        }
      }
      try {
        Thread.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        throw (IOException) new InterruptedIOException().initCause(e);
      }
    }
  }

  @Override
  protected void makeFolders(RelativePath key) {
    try {
      makeAll(key.parent());
    } catch (IOException e) {
      throw errors.translate(key, "written", e);
    }
  }

  /** Creates a folder and those above it, up to the share. */
  private void makeAll(RelativePath folder) throws IOException {
    if (place.folder().resolve(folder).isRoot()) {
      return;
    }
    RelativePath made = RelativePath.ROOT;
    SmbFile share = new SmbFile(place.shareAddress(), connections.value().context());
    for (String name : place.folder().resolve(folder).toString().split("/")) {
      made = made.resolve(name);
      try (SmbFile one = new SmbFile(share, made + "/")) {
        if (!one.exists()) {
          one.mkdir();
        }
      } catch (SmbException e) {
        // another thread may have been faster
        if (e.getNtStatus() != NtStatus.NT_STATUS_OBJECT_NAME_COLLISION) {
          throw e;
        }
      }
    }
  }

  @Override
  protected boolean deleteFile(RelativePath path) {
    try (SmbFile file = file(path)) {
      // a folder would go with all that is in it
      if (!file.exists() || file.isDirectory()) {
        return false;
      }
      file.delete();
      return true;
    } catch (SmbException e) {
      if (SmbErrors.isMissing(e)) {
        return false;
      }
      throw errors.translate(path, "removed", e);
    } catch (IOException e) {
      throw errors.translate(path, "removed", e);
    }
  }

  /** The client can only remove one with all that is in it. */
  @Override
  protected boolean deletesOnlyEmpty() {
    return false;
  }

  @Override
  protected boolean deleteFolder(RelativePath path) {
    try (SmbFile folder = file(path, "/")) {
      folder.delete();
      return true;
    } catch (IOException e) {
      return inUse(path, e);
    }
  }

  @Override
  protected boolean renameFolder(RelativePath from, RelativePath to) {
    try (SmbFile folder = file(from, "/");
        SmbFile renamed = file(to, "/")) {
      folder.renameTo(renamed);
      return true;
    } catch (IOException e) {
      return inUse(from, e);
    }
  }

  /** Returns false if somebody has it open, and may be writing to it: it stays. */
  private boolean inUse(RelativePath folder, IOException e) {
    SheaveException error = errors.translate(folder, "removed", e);
    if (error.code() == Code.UNAVAILABLE || error.code() == Code.INTERRUPTED) {
      throw error;
    }
    return false;
  }

  @Override
  public void close() {
    connections.close();
  }
}
