package dev.sheave.storage.smb;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.internal.SharedResources;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import jcifs.CloseableIterator;
import jcifs.SmbResource;
import jcifs.smb.NtStatus;
import jcifs.smb.SmbException;
import jcifs.smb.SmbFile;

/**
 * Objects as files below a folder of a share. A put writes beside its target and renames, so that a
 * file is there whole or not at all.
 */
final class SmbObjectStore implements ObjectStore {
  private static final String PART_PREFIX = ".sheave-part-";
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

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.FOLDERS);
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
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    List<RelativePath> folders = new ArrayList<>();
    String start = prefix.isRoot() ? "" : prefix + "/";
    forEachChild(
        prefix,
        (name, child) -> {
          if (name.startsWith(PART_PREFIX)) {
            return;
          }
          if (child.isDirectory() && RelativePath.isValid(start + name)) {
            folders.add(prefix.resolve(name));
          } else {
            // a server may say anything: of a folder whose name can't be, nothing is asked
            sink.accept(
                new StoredObject(
                    start + name,
                    child.length(),
                    Instant.ofEpochMilli(child.lastModified()),
                    version(child)));
          }
        });
    folders.forEach(folder -> list(folder, sink));
  }

  /** Takes an entry of a folder. */
  private interface Child {
    void accept(String name, SmbResource child) throws IOException;
  }

  /** Goes through the entries of a folder; there are none if it doesn't exist. */
  private void forEachChild(RelativePath path, Child each) {
    // the client appends the names of what is in it
    try (SmbFile folder = file(path, "/")) {
      if (!folder.exists() || !folder.isDirectory()) {
        return;
      }
      try (CloseableIterator<SmbResource> children = folder.children()) {
        while (children.hasNext()) {
          try (SmbResource child = children.next()) {
            each.accept(child.getName().replaceAll("/$", ""), child);
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
      return in;
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
  public Optional<String> put(RelativePath path, Content content, Condition condition) {
    if (!condition.equals(Condition.NONE)) {
      throw new IllegalArgumentException("conditions are not a feature of this store");
    }
    RelativePath partPath = path.parent().resolve(PART_PREFIX + UUID.randomUUID());
    boolean moved = false;
    try (SmbFile part = file(partPath);
        SmbFile target = file(path)) {
      try {
        write(path, part, content);
        removeFolder(path);
        part.renameTo(target, true);
        moved = true;
      } finally {
        if (!moved) {
          removeQuietly(partPath);
        }
      }
      try (SmbFile written = file(path)) {
        return Optional.of(version(written));
      }
    } catch (IOException e) {
      throw errors.translate(path, "written", e);
    }
  }

  /** Removes a folder without objects that is in the place of a file. */
  private void removeFolder(RelativePath path) throws IOException {
    try (SmbFile target = file(path)) {
      if (target.isDirectory() && !removeIfUnused(path)) {
        throw errors.notAFile(path, Code.INVALID);
      }
    }
  }

  /**
   * Removes a folder if no object is in it. The client can only remove one with all that is in it,
   * so it is renamed before, when nothing can be added any more: what was added until then is kept.
   */
  private boolean removeIfUnused(RelativePath path) throws IOException {
    if (holdsObjects(path)) {
      return false;
    }
    RelativePath aside = path.parent().resolve(PART_PREFIX + UUID.randomUUID());
    try (SmbFile folder = file(path, "/");
        SmbFile renamed = file(aside, "/")) {
      folder.renameTo(renamed);
      if (holdsObjects(aside)) {
        renamed.renameTo(folder);
        return false;
      }
      renamed.delete();
      return true;
    }
  }

  private boolean holdsObjects(RelativePath folder) {
    List<RelativePath> folders = new ArrayList<>();
    boolean[] found = new boolean[1];
    forEachChild(
        folder,
        (name, child) -> {
          if (child.isDirectory() && RelativePath.isValid(folder + "/" + name)) {
            folders.add(folder.resolve(name));
          } else {
            found[0] |= !name.startsWith(PART_PREFIX);
          }
        });
    return found[0] || folders.stream().anyMatch(this::holdsObjects);
  }

  private void write(RelativePath path, SmbFile part, Content content) throws IOException {
    try {
      copy(path, part, content);
    } catch (SmbException e) {
      if (!SmbErrors.isMissing(e)) {
        throw e;
      }
      makeFolders(path.parent());
      copy(path, part, content);
    }
  }

  private void copy(RelativePath path, SmbFile part, Content content) throws IOException {
    long count = 0;
    try (OutputStream out = part.openOutputStream();
        InputStream in = content.open()) {
      byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER_BYTES, content.size()))];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        count += n;
      }
    }
    if (count != content.size()) {
      throw new SheaveException(
          Code.INVALID,
          "The content of '"
              + place.of(path)
              + "' has "
              + count
              + " bytes instead of "
              + content.size()
              + ": upload it again.");
    }
  }

  /** Creates a folder and those above it, up to the share. */
  private void makeFolders(RelativePath folder) throws IOException {
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

  /** Its own error is ignored: the one that led here is thrown. */
  private void removeQuietly(RelativePath part) {
    boolean interrupted = Thread.interrupted();
    try (SmbFile file = file(part)) {
      file.delete();
    } catch (IOException e) {
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
    Set<RelativePath> folders = new TreeSet<>(Comparator.reverseOrder());
    for (RelativePath path : paths) {
      try (SmbFile file = file(path)) {
        // a folder would go with all that is in it
        if (file.exists() && !file.isDirectory()) {
          file.delete();
          if (!IgnoreRules.isReserved(path.toString())) {
            folders.add(path.parent());
          }
        }
      } catch (SmbException e) {
        if (!SmbErrors.isMissing(e)) {
          throw errors.translate(path, "removed", e);
        }
      } catch (IOException e) {
        throw errors.translate(path, "removed", e);
      }
    }
    removeEmptyFolders(folders);
  }

  /** An object store has no folders: those that are left empty go with the last file. */
  private void removeEmptyFolders(Set<RelativePath> deepestFirst) {
    for (RelativePath start : deepestFirst) {
      RelativePath folder = start;
      try {
        while (!folder.isRoot() && isEmpty(folder) && removeIfUnused(folder)) {
          folder = folder.parent();
        }
      } catch (IOException e) {
        SheaveException error = errors.translate(folder, "removed", e);
        if (error.code() == Code.UNAVAILABLE || error.code() == Code.INTERRUPTED) {
          throw error;
        }
        // else somebody has it open, and may be writing to it: it stays
      }
    }
  }

  private boolean isEmpty(RelativePath folder) {
    boolean[] found = new boolean[1];
    forEachChild(folder, (name, child) -> found[0] = true);
    return !found[0];
  }

  @Override
  public void close() {
    connections.close();
  }
}
