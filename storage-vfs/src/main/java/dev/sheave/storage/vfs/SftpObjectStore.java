package dev.sheave.storage.vfs;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.FolderStore;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.SharedResources;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Objects as files below a folder of an SFTP server. */
final class SftpObjectStore extends FolderStore {
  /** A file may seem to be this much newer than what is put over it. */
  private static final int SECONDS_AHEAD = 60;

  private static final int EXECUTABLE = 0111;

  private final RemoteLocation place;
  private final SharedResources.Loan<SftpPool> loan;
  private final SftpPool pool;
  private final SftpErrors errors;
  private final SftpBounds bounds;
  private volatile @Nullable String base;

  SftpObjectStore(RemoteLocation place, SharedResources.Loan<SftpPool> loan) {
    this.place = place;
    this.loan = loan;
    this.pool = loan.value();
    this.errors = new SftpErrors(place);
    this.bounds = new SftpBounds(place);
  }

  @Override
  public String location() {
    return place.of(RelativePath.ROOT);
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.FOLDERS, Feature.EXECUTABLE_BIT);
  }

  private <T> T run(RelativePath path, String done, SftpConnection.Action<T> action) {
    try {
      SftpConnection connection = pool.take();
      try {
        return connection.run(action);
      } finally {
        pool.giveBack(connection);
      }
    } catch (SftpException | IOException e) {
      throw errors.translate(path, done, e);
    }
  }

  /** The folder, absolute and without a slash at its end. */
  private String base(ChannelSftp channel) throws SftpException {
    String known = base;
    if (known == null) {
      String start = place.home() ? channel.getHome().replaceAll("/+$", "") : "";
      known = place.folder().isRoot() ? start : start + "/" + place.folder();
      base = known;
    }
    return known;
  }

  private String file(ChannelSftp channel, RelativePath path) throws SftpException {
    return path.isRoot() ? base(channel) : base(channel) + "/" + path;
  }

  @Override
  protected void entries(RelativePath folder, Consumer<Entry> sink) {
    run(
        folder,
        "listed",
        channel -> {
          bounds.require(channel, base(channel), folder);
          Bounds.Entries count = Bounds.entries(location(folder));
          new SftpListing(channel, base(channel), bounds, count).list(folder, sink);
          return Optional.empty();
        });
  }

  /** The server tells seconds; see {@link #prepare}. */
  static String version(SftpATTRS attributes) {
    return Integer.toUnsignedString(attributes.getMTime());
  }

  @Override
  public InputStream get(RelativePath path) {
    try {
      SftpConnection connection = pool.take();
      boolean opened = false;
      try {
        ChannelSftp channel = connection.channel();
        try {
          bounds.require(channel, base(channel), path);
          InputStream in = channel.get(SftpConnection.quoted(file(channel, path)));
          SftpStream stream = new SftpStream(in, connection, channel, pool);
          opened = true;
          refuseFolder(stream, path);
          return Bounds.stream(stream, place.of(path));
        } finally {
          if (!opened) {
            connection.release(channel, false);
          }
        }
      } finally {
        if (!opened) {
          pool.giveBack(connection);
        }
      }
    } catch (SftpException | IOException e) {
      throw errors.translate(path, "read", e);
    }
  }

  /** A server opens a folder like a file, and fails only when it is read. */
  private void refuseFolder(SftpStream stream, RelativePath path) throws IOException {
    try {
      stream.fill();
    } catch (IOException e) {
      stream.close();
      boolean folder = run(path, "read", channel -> channel.stat(quoted(channel, path)).isDir());
      if (folder) {
        throw new SheaveException(Code.NOT_FOUND, "'" + place.of(path) + "' isn't a file.", e);
      }
      throw e;
    }
  }

  private String quoted(ChannelSftp channel, RelativePath path) throws SftpException {
    return SftpConnection.quoted(file(channel, path));
  }

  @Override
  protected void write(RelativePath key, RelativePath part, Content content) {
    run(
        key,
        "written",
        channel -> {
          // the file itself is replaced, and not written through if it is a link
          bounds.require(channel, base(channel), key.parent());
          try (InputStream in = content.open()) {
            channel.put(in, quoted(channel, part), ChannelSftp.OVERWRITE);
          }
          return part;
        });
  }

  @Override
  protected void makeFolders(RelativePath key) {
    run(key, "written", channel -> makeFolders(channel, file(channel, key.parent())));
  }

  private static Optional<String> makeFolders(ChannelSftp channel, String folder)
      throws SftpException {
    int slash = folder.lastIndexOf('/');
    try {
      channel.mkdir(folder);
    } catch (SftpException e) {
      if (SftpErrors.isMissing(e) && slash > 0) {
        makeFolders(channel, folder.substring(0, slash));
        return makeFolders(channel, folder);
      }
      // another thread may have been faster; a server says the same of that as of other failures
      if (!SftpErrors.isRefused(e) || !isFolder(channel, folder)) {
        throw e;
      }
    }
    return Optional.empty();
  }

  private static boolean isFolder(ChannelSftp channel, String folder) throws SftpException {
    try {
      return channel.stat(SftpConnection.quoted(folder)).isDir();
    } catch (SftpException e) {
      if (SftpErrors.isMissing(e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  protected Optional<String> replace(RelativePath part, RelativePath key, Content content) {
    String version =
        run(
            key,
            "written",
            channel -> prepare(channel, quoted(channel, part), quoted(channel, key), content));
    if (version.isEmpty()) {
      clear(key);
      return replace(part, key, content);
    }
    run(
        key,
        "written",
        channel -> {
          replace(channel, quoted(channel, part), quoted(channel, key));
          return version;
        });
    return Optional.of(version);
  }

  /**
   * Sets whether the file is executable. Also makes sure that its time, in seconds, differs from
   * that of the file that it replaces, so that listings show the change. Returns its version; empty
   * if a folder is in the way.
   */
  private static String prepare(ChannelSftp channel, String part, String target, Content content)
      throws SftpException {
    SftpATTRS written = channel.stat(part);
    if (content.executable()) {
      channel.chmod(written.getPermissions() & 0777 | EXECUTABLE, part);
    }
    int second = written.getMTime();
    try {
      SftpATTRS before = channel.stat(target);
      if (before.isDir()) {
        return "";
      }
      int ahead = before.getMTime() - second;
      if (ahead >= 0 && ahead < SECONDS_AHEAD) {
        second = before.getMTime() + 1;
        channel.setMtime(part, second);
      }
    } catch (SftpException e) {
      if (!SftpErrors.isMissing(e)) {
        throw e;
      }
    }
    return Integer.toUnsignedString(second);
  }

  private static void replace(ChannelSftp channel, String part, String target)
      throws SftpException {
    try {
      channel.rename(part, target);
    } catch (SftpException e) {
      // a server without OpenSSH's rename doesn't replace
      if (channel.getExtension("posix-rename@openssh.com") != null || !SftpErrors.isRefused(e)) {
        throw e;
      }
      channel.rm(target);
      channel.rename(part, target);
    }
  }

  @Override
  protected boolean deleteFile(RelativePath path) {
    return run(
        path,
        "removed",
        channel -> {
          bounds.require(channel, base(channel), path.parent());
          return remove(channel, file(channel, path));
        });
  }

  private static boolean remove(ChannelSftp channel, String file) throws SftpException {
    try {
      channel.rm(SftpConnection.quoted(file));
      return true;
    } catch (SftpException e) {
      if (!SftpErrors.isMissing(e) && (!SftpErrors.isRefused(e) || !isFolder(channel, file))) {
        throw e;
      }
      return false;
    }
  }

  @Override
  protected boolean deleteFolder(RelativePath folder) {
    return run(
        folder,
        "removed",
        channel -> {
          try {
            channel.rmdir(quoted(channel, folder));
            return true;
          } catch (SftpException e) {
            if (SftpErrors.isMissing(e) || SftpErrors.isRefused(e)) {
              return false;
            }
            throw e;
          }
        });
  }

  @Override
  public void close() {
    loan.close();
  }
}
