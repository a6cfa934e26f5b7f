package dev.sheave.storage.vfs;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.internal.SharedResources;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below a folder of an SFTP server. A put writes beside its target and renames, so
 * that a file is there whole or not at all.
 */
final class SftpObjectStore implements ObjectStore {
  /** Has the prefix of all names that are reserved for transfers. */
  static final String PART_PREFIX = ".sheave-part-";

  /** Somebody else may remove a folder that a delete left empty just when it is needed. */
  private static final int TRIES_TO_MAKE_FOLDERS = 3;

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
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    run(
        prefix,
        "listed",
        channel -> {
          bounds.require(channel, base(channel), prefix);
          new SftpListing(
                  channel,
                  base(channel),
                  object -> {
                    bounds.found(object.name());
                    sink.accept(object);
                  })
              .list(prefix);
          return Optional.empty();
        });
  }

  /** The server tells seconds; see {@link #version(ChannelSftp, String, String, Content)}. */
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
          return stream;
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
  public Optional<String> put(RelativePath path, Content content, Condition condition) {
    if (!condition.equals(Condition.NONE)) {
      throw new IllegalArgumentException("conditions are not a feature of this store");
    }
    String name = PART_PREFIX + UUID.randomUUID();
    try {
      SftpConnection connection = pool.take();
      try {
        return Optional.of(put(connection, path, name, content));
      } finally {
        pool.giveBack(connection);
      }
    } catch (SftpException | IOException e) {
      throw errors.translate(path, "written", e);
    }
  }

  private String put(SftpConnection connection, RelativePath path, String name, Content content)
      throws SftpException, IOException {
    String target =
        connection.run(
            channel -> {
              // the file itself is replaced, and not written through if it is a link
              bounds.require(channel, base(channel), path.parent());
              return file(channel, path);
            });
    String folder = target.substring(0, Math.max(target.lastIndexOf('/'), 0));
    String part = SftpConnection.quoted(folder + "/" + name);
    boolean moved = false;
    try {
      write(connection, folder, part, content, path);
      String version =
          connection.run(
              channel -> {
                String told = version(channel, part, target, content);
                replace(channel, part, SftpConnection.quoted(target));
                return told;
              });
      moved = true;
      return version;
    } finally {
      if (!moved) {
        removeQuietly(connection, part);
      }
    }
  }

  private void write(
      SftpConnection connection, String folder, String part, Content content, RelativePath path)
      throws SftpException, IOException {
    for (int tries = 1; ; tries++) {
      try (CountedStream in = new CountedStream(content.open())) {
        connection.run(
            channel -> {
              channel.put(in, part, ChannelSftp.OVERWRITE);
              return in;
            });
        in.requireAll(content.size(), place.of(path));
        return;
      } catch (SftpException e) {
        if (!SftpErrors.isMissing(e) || tries == TRIES_TO_MAKE_FOLDERS) {
          throw e;
        }
        connection.run(channel -> makeFolders(channel, folder));
      }
    }
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

  /**
   * Sets whether the file is executable. Also makes sure that its time, in seconds, differs from
   * that of the file that it replaces, so that listings show the change.
   */
  private String version(ChannelSftp channel, String part, String target, Content content)
      throws SftpException {
    SftpATTRS written = channel.stat(part);
    if (content.executable()) {
      channel.chmod(written.getPermissions() & 0777 | EXECUTABLE, part);
    }
    int second = written.getMTime();
    try {
      SftpATTRS before = channel.stat(SftpConnection.quoted(target));
      if (before.isDir()) {
        removeFolder(channel, target);
        return Integer.toUnsignedString(second);
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

  /** Removes a folder without objects, with the parts that dead puts left. */
  private void removeFolder(ChannelSftp channel, String folder) throws SftpException {
    List<String> folders = new ArrayList<>(List.of(folder));
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < folders.size(); i++) {
      for (ChannelSftp.LsEntry entry : SftpListing.entries(channel, folders.get(i))) {
        String path = folders.get(i) + "/" + entry.getFilename();
        if (entry.getAttrs().isDir()) {
          folders.add(path);
        } else if (entry.getFilename().startsWith(PART_PREFIX)) {
          parts.add(path);
        } else {
          throw new SheaveException(
              Code.INVALID,
              "'" + folder + "' already exists at " + place.server() + " and isn't a file.");
        }
      }
    }
    for (String part : parts) {
      channel.rm(SftpConnection.quoted(part));
    }
    Collections.reverse(folders);
    for (String empty : folders) {
      channel.rmdir(SftpConnection.quoted(empty));
    }
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

  /** Its own error is ignored: the one that led here is thrown. */
  private static void removeQuietly(SftpConnection connection, String part) {
    boolean interrupted = Thread.interrupted();
    try {
      connection.run(
          channel -> {
            channel.rm(part);
            return part;
          });
    } catch (SftpException | IOException e) {
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
    Set<RelativePath> folders = new TreeSet<>((a, b) -> b.compareTo(a));
    for (RelativePath path : paths) {
      run(
          path,
          "removed",
          channel -> {
            bounds.require(channel, base(channel), path.parent());
            remove(channel, file(channel, path));
            return path;
          });
      for (RelativePath folder = path.parent(); !folder.isRoot(); folder = folder.parent()) {
        folders.add(folder);
      }
    }
    // an object store has no folders: those that are left empty go with the last file
    for (RelativePath folder : folders) {
      run(folder, "removed", channel -> removeIfEmpty(channel, file(channel, folder)));
    }
  }

  private static void remove(ChannelSftp channel, String file) throws SftpException {
    try {
      channel.rm(SftpConnection.quoted(file));
    } catch (SftpException e) {
      if (!SftpErrors.isMissing(e) && (!SftpErrors.isRefused(e) || !isFolder(channel, file))) {
        throw e;
      }
    }
  }

  private static boolean removeIfEmpty(ChannelSftp channel, String folder) throws SftpException {
    try {
      channel.rmdir(SftpConnection.quoted(folder));
      return true;
    } catch (SftpException e) {
      if (SftpErrors.isMissing(e) || SftpErrors.isRefused(e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    loan.close();
  }
}
