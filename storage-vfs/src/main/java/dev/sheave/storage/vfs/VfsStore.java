package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.FolderStore;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.transfer.RelativePath;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.commons.vfs2.Capability;
import org.apache.commons.vfs2.FileContent;
import org.apache.commons.vfs2.FileObject;
import org.apache.commons.vfs2.FileSystem;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileType;
import org.apache.commons.vfs2.Selectors;
import org.apache.commons.vfs2.provider.UriParser;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files of any provider of Commons VFS. What VFS's file objects can't do isn't done
 * here: a file is removed before another is renamed to its name, and files have no versions, since
 * providers tell their times by the minute.
 */
final class VfsStore extends FolderStore {
  /** What VFS takes for an escape in a name. */
  private static final char[] RESERVED = {'%'};

  private final RemoteLocation place;
  private final VfsConnections connections;
  private final VfsErrors errors;

  /** Folders that are known to exist. */
  private final Set<RelativePath> folders = ConcurrentHashMap.newKeySet();

  VfsStore(RemoteLocation place, RemoteSettings settings) {
    this.place = place;
    this.connections = new VfsConnections(place, settings);
    this.errors = new VfsErrors(place);
  }

  @Override
  public String location() {
    return place.of(RelativePath.ROOT);
  }

  /** An action on the files below the base folder. */
  private interface Action<T> {
    T on(FileObject base) throws IOException;
  }

  private <T> T run(RelativePath path, String done, Action<T> action) {
    try {
      FileObject base = connections.take();
      try {
        return action.on(base);
      } finally {
        connections.giveBack(base);
      }
    } catch (IOException e) {
      throw errors.translate(path, done, e);
    }
  }

  /** A file as it is now: VFS remembers what it has seen of it and of the folders above. */
  private static FileObject file(FileObject base, RelativePath path) throws FileSystemException {
    FileSystem fileSystem = base.getFileSystem();
    fileSystem.getFileSystemManager().getFilesCache().clear(fileSystem);
    return path.isRoot() ? fileSystem.resolveFile(base.getName()) : base.resolveFile(encoded(path));
  }

  private static String encoded(RelativePath path) {
    return UriParser.encode(path.toString(), RESERVED);
  }

  /** Not every server says that a connection has ended too early. */
  private void requireWhole(RelativePath path, long size, long arrived) {
    if (arrived != size) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "Of '"
              + place.of(path)
              + "' only "
              + arrived
              + " of "
              + size
              + " bytes arrived: upload it again.");
    }
  }

  @Override
  protected void entries(RelativePath folder, Consumer<Entry> sink) {
    run(
        folder,
        "listed",
        base -> {
          FileObject file = file(base, folder);
          if (file.getType().hasChildren()) {
            for (FileObject child : file.getChildren()) {
              entry(child).ifPresent(sink);
            }
          }
          String name;
          while ((name = connections.unusableName()) != null) {
            sink.accept(Entry.file(name, 0, null, null)); // it is said, and left out
          }
          return true;
        });
  }

  /** Empty for what is neither a file nor a folder, or isn't there any more. */
  private static Optional<Entry> entry(FileObject child) throws FileSystemException {
    String name = UriParser.decode(child.getName().getBaseName());
    FileType type = child.getType();
    if (type.hasContent()) {
      FileContent content = child.getContent();
      return Optional.of(Entry.file(name, content.getSize(), modified(child), null));
    }
    return type.hasChildren() ? Optional.of(Entry.folder(name, modified(child))) : Optional.empty();
  }

  private static @Nullable Instant modified(FileObject file) throws FileSystemException {
    boolean tried = file.getFileSystem().hasCapability(Capability.GET_LAST_MODIFIED);
    return tried ? Instant.ofEpochMilli(file.getContent().getLastModifiedTime()) : null;
  }

  @Override
  public InputStream get(RelativePath path) {
    FileObject root = null;
    boolean opened = false;
    try {
      root = connections.take();
      FileObject file = file(root, path);
      FileType type = file.getType();
      if (!type.hasContent()) {
        throw new SheaveException(
            Code.NOT_FOUND,
            "'"
                + place.of(path)
                + (type == FileType.FOLDER ? "' isn't a file." : "' doesn't exist."));
      }
      InputStream in = new Pooled(file.getContent().getInputStream(), file, root);
      opened = true;
      return Bounds.stream(in, place.of(path));
    } catch (IOException e) {
      throw errors.translate(path, "read", e);
    } finally {
      if (root != null && !opened) {
        connections.giveBack(root);
      }
    }
  }

  /** A file that is read; its connection is used for nothing else meanwhile. */
  private final class Pooled extends FilterInputStream {
    private final FileObject file;
    private final FileObject root;
    private final AtomicBoolean closed = new AtomicBoolean();
    private boolean ended;

    Pooled(InputStream in, FileObject file, FileObject root) {
      super(in);
      this.file = file;
      this.root = root;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      ended |= b < 0;
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      ended |= n < 0;
      return n;
    }

    @Override
    public void close() throws IOException {
      if (closed.compareAndSet(false, true)) {
        try {
          super.close();
          file.close();
        } catch (IOException e) {
          // a server complains of what is given up before its end
          if (ended) {
            throw e;
          }
        } finally {
          connections.giveBack(root);
        }
      }
    }
  }

  @Override
  protected void write(RelativePath key, RelativePath part, Content content) {
    run(
        key,
        "written",
        base -> {
          if (!folders.contains(key.parent())) {
            makeFolder(file(base, key.parent()));
            folders.add(key.parent());
          }
          FileObject file = file(base, part);
          try (InputStream in = content.open();
              OutputStream out = file.getContent().getOutputStream()) {
            return in.transferTo(out);
          } finally {
            file.close();
          }
        });
  }

  @Override
  protected void makeFolders(RelativePath key) {
    run(
        key,
        "written",
        base -> {
          makeFolder(file(base, key.parent()));
          return true;
        });
  }

  private static void makeFolder(FileObject folder) throws FileSystemException {
    if (folder.getType() == FileType.FOLDER) {
      return;
    }
    FileObject parent = folder.getParent();
    if (parent != null) {
      makeFolder(parent);
    }
    try {
      folder.createFolder();
    } catch (FileSystemException e) {
      // another thread may have been faster
      folder.refresh();
      if (folder.getType() != FileType.FOLDER) {
        throw e;
      }
    }
  }

  @Override
  protected Optional<String> replace(RelativePath part, RelativePath key, Content content) {
    // a folder would be removed with all that is in it
    if (run(key, "written", base -> file(base, key).getType() == FileType.FOLDER)) {
      clear(key);
    }
    run(
        key,
        "written",
        base -> {
          FileObject written = file(base, part);
          requireWhole(key, content.size(), written.getContent().getSize());
          move(written, base.resolveFile(encoded(key)));
          return true;
        });
    return Optional.empty();
  }

  private static void move(FileObject from, FileObject to) throws FileSystemException {
    if (!FtpRename.isDone(from, to)) {
      from.moveTo(to); // removes the old one before
    }
  }

  @Override
  protected boolean deleteFile(RelativePath path) {
    return run(
        path,
        "removed",
        base -> {
          FileObject file = file(base, path);
          return file.getType() == FileType.FILE && file.delete();
        });
  }

  @Override
  protected boolean deleteFolder(RelativePath path) {
    folders.removeIf(folder -> folder.startsWith(path));
    return run(
        path,
        "removed",
        base -> {
          FileObject folder = file(base, path);
          if (folder.getType() != FileType.FOLDER || folder.getChildren().length > 0) {
            return false;
          }
          try {
            return folder.delete(Selectors.SELECT_SELF) > 0;
          } catch (FileSystemException e) {
            // somebody put something into it
            folder.refresh();
            if (folder.getType() == FileType.FOLDER && folder.getChildren().length == 0) {
              throw e;
            }
            return false;
          }
        });
  }

  @Override
  public void close() {
    connections.close();
  }
}
