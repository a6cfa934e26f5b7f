package dev.sheave.storage.smb;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.FolderStore;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.SharedResources;
import dev.sheave.storage.transfer.RelativePath;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import jcifs.CloseableIterator;
import jcifs.SmbResource;
import jcifs.smb.NtStatus;
import jcifs.smb.SmbException;
import jcifs.smb.SmbFile;

/** Objects as files below a folder of a share. */
final class SmbObjectStore extends FolderStore {
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

  /** A server that isn't Windows may list other names for those that Windows can't have. */
  @Override
  public Optional<String> refusalOf(RelativePath key) {
    return key.refusalOfWindows();
  }

  /** A file or folder; nothing is asked of the server yet. */
  private SmbFile file(RelativePath path) throws IOException {
    return file(path, "");
  }

  private SmbFile file(RelativePath path, String end) throws IOException {
    SmbFile share = new SmbFile(place.shareAddress(), connections.value().context());
    RelativePath full = place.folder().resolve(path);
    // by its name: in an address a hash would begin a fragment
    return full.isRoot() ? share : new SmbFile(share, full + end);
  }

  @Override
  protected void entries(RelativePath path, Consumer<Entry> sink) {
    try {
      SmbCalls.run(isStopped -> list(path, sink, isStopped));
    } catch (SmbException e) {
      // somebody removed it meanwhile
      if (!SmbErrors.isMissing(e)) {
        throw errors.translate(path, "listed", e);
      }
    } catch (IOException e) {
      throw errors.translate(path, "listed", e);
    }
  }

  private boolean list(RelativePath path, Consumer<Entry> sink, BooleanSupplier isStopped)
      throws IOException {
    // the client appends the names of what is in it
    try (SmbFile folder = file(path, "/")) {
      if (!folder.exists() || !folder.isDirectory()) {
        return false;
      }
      try (CloseableIterator<SmbResource> children = folder.children()) {
        while (children.hasNext() && !isStopped.getAsBoolean()) {
          try (SmbResource child = children.next()) {
            sink.accept(entry(child));
          }
        }
      }
      return true;
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
      SmbStream in = SmbCalls.run(isStopped -> open(path), SmbStream::close);
      return Bounds.stream(in, place.of(path));
    } catch (IOException e) {
      throw errors.translate(path, "read", e);
    }
  }

  private SmbStream open(RelativePath path) throws IOException {
    SmbFile file = file(path);
    InputStream in = file.openInputStream();
    boolean isFile = false;
    try {
      // a server opens a folder like a file; the client remembers what it opened
      isFile = !file.isDirectory();
    } finally {
      if (!isFile) {
        in.close();
        file.close();
      }
    }
    if (!isFile) {
      throw errors.notAFile(path, Code.NOT_FOUND);
    }
    return new SmbStream(in, file);
  }

  /** A file that is read, a buffer at a time; its handle goes with it. */
  private static final class SmbStream extends InputStream {
    private final InputStream in;
    private final SmbFile file;
    private final byte[] buffer;
    private int position;
    private int end;
    private long left;

    SmbStream(InputStream in, SmbFile file) throws IOException {
      this.in = in;
      this.file = file;
      this.left = file.length(); // the client remembers it, too
      this.buffer = new byte[(int) Math.max(1, Math.min(BUFFER_BYTES, left))];
    }

    @Override
    public int read() throws IOException {
      return fill() ? buffer[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int n = Math.min(length, end - position);
      System.arraycopy(buffer, position, bytes, offset, n);
      position += n;
      return n;
    }

    /** Returns false at the end of the file. */
    private boolean fill() throws IOException {
      if (position >= end) {
        position = 0;
        end = SmbCalls.run(isStopped -> readBuffer());
      }
      return end > 0;
    }

    // synchronized, as the call of one who was interrupted may go on
    private synchronized int readBuffer() throws IOException {
      int n = in.read(buffer);
      left -= Math.max(0, n);
      // the client may take a lost connection for the end
      if (n < 0 && left > 0) {
        throw new EOFException("the connection ended " + left + " bytes before the file did");
      }
      return n;
    }

    @Override
    public void close() throws IOException {
      SmbCalls.finish(isStopped -> closeFile());
    }

    private synchronized boolean closeFile() throws IOException {
      try (file) {
        in.close();
      }
      return true;
    }
  }

  @Override
  protected void write(RelativePath key, RelativePath part, Content content) {
    try {
      SmbCalls.run(isStopped -> writeFile(part, content, isStopped));
    } catch (IOException e) {
      throw errors.translate(key, "written", e);
    }
  }

  private boolean writeFile(RelativePath part, Content content, BooleanSupplier isStopped)
      throws IOException {
    try (SmbFile file = file(part);
        OutputStream out = file.openOutputStream();
        InputStream in = content.open()) {
      byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER_BYTES, content.size()))];
      for (int n = in.read(buffer); n >= 0 && !isStopped.getAsBoolean(); n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    }
    return true;
  }

  @Override
  protected Optional<String> replace(RelativePath part, RelativePath key, Content content) {
    try {
      if (SmbCalls.run(isStopped -> isFolder(key))) {
        clear(key);
      }
      SmbCalls.run(isStopped -> rename(part, key));
      return Optional.of(SmbCalls.run(isStopped -> version(key)));
    } catch (IOException e) {
      throw errors.translate(key, "written", e);
    }
  }

  private boolean rename(RelativePath part, RelativePath key) throws IOException {
    try (SmbFile source = file(part);
        SmbFile target = file(key)) {
      source.renameTo(target, true);
      return true;
    } catch (SmbException e) {
      if (SmbErrors.mayBeOpen(e) && exists(key)) {
        throw errors.inUse(key, e);
      }
      throw e;
    }
  }

  private boolean exists(RelativePath path) throws IOException {
    try (SmbFile file = file(path)) {
      return file.exists();
    }
  }

  private boolean isFolder(RelativePath path) throws IOException {
    try (SmbFile file = file(path)) {
      return file.exists() && file.isDirectory();
    }
  }

  private String version(RelativePath path) throws IOException {
    try (SmbFile file = file(path)) {
      return version(file);
    }
  }

  @Override
  protected void makeFolders(RelativePath key) {
    try {
      SmbCalls.run(isStopped -> makeAll(key.parent()));
    } catch (IOException e) {
      throw errors.translate(key, "written", e);
    }
  }

  /** Creates a folder and those above it, up to the share. */
  private boolean makeAll(RelativePath folder) throws IOException {
    if (place.folder().resolve(folder).isRoot()) {
      return false;
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
    return true;
  }

  @Override
  protected boolean deleteFile(RelativePath path) {
    try {
      return SmbCalls.run(isStopped -> deleteIfFile(path));
    } catch (SmbException e) {
      if (SmbErrors.isMissing(e)) {
        return false;
      }
      throw errors.translate(path, "removed", e);
    } catch (IOException e) {
      throw errors.translate(path, "removed", e);
    }
  }

  private boolean deleteIfFile(RelativePath path) throws IOException {
    try (SmbFile file = file(path)) {
      // a folder would go with all that is in it
      if (!file.exists() || file.isDirectory()) {
        return false;
      }
      file.delete();
      return true;
    }
  }

  /** The client can only remove one with all that is in it. */
  @Override
  protected boolean deletesOnlyEmpty() {
    return false;
  }

  @Override
  protected boolean deleteFolder(RelativePath path) {
    return unlessInUse(
        path,
        isStopped -> {
          try (SmbFile folder = file(path, "/")) {
            folder.delete();
            return true;
          }
        });
  }

  @Override
  protected boolean rename(RelativePath from, RelativePath to, boolean folder) {
    String end = folder ? "/" : "";
    return unlessInUse(
        from,
        isStopped -> {
          try (SmbFile old = file(from, end);
              SmbFile renamed = file(to, end)) {
            old.renameTo(renamed);
            return true;
          }
        });
  }

  /** Returns false if somebody has it open, and may be writing to it: it stays. */
  private boolean unlessInUse(RelativePath folder, SmbCalls.Call<Boolean> call) {
    try {
      return SmbCalls.run(call);
    } catch (IOException e) {
      SheaveException error = errors.translate(folder, "removed", e);
      if (error.code() == Code.UNAVAILABLE) {
        throw error;
      }
      return false;
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
