package dev.sheave.storage.vfs;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.ChannelSftp.LsEntry;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import dev.sheave.storage.transfer.ObjectStore.StoredObject;
import dev.sheave.storage.transfer.RelativePath;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists the files below a folder of an SFTP server. A link that points outside of the base folder,
 * or to a folder above itself, isn't listed.
 */
final class SftpListing {
  private static final int EXECUTABLE_BY_OWNER = 0100;

  private final ChannelSftp channel;
  private final String base;
  private final Consumer<StoredObject> sink;
  private @Nullable String realBase;

  /** The targets of the links on the way to the folder that is listed. */
  private final Deque<String> linked = new ArrayDeque<>();

  SftpListing(ChannelSftp channel, String base, Consumer<StoredObject> sink) {
    this.channel = channel;
    this.base = base;
    this.sink = sink;
  }

  void list(RelativePath prefix) throws SftpException {
    String folder = prefix.isRoot() ? base : base + "/" + prefix;
    try {
      // of a root there is nothing left
      if (!channel.stat(quotedOrRoot(folder)).isDir()) {
        return;
      }
    } catch (SftpException e) {
      if (SftpErrors.isMissing(e)) {
        return;
      }
      throw e;
    }
    listFolder(folder, prefix.isRoot() ? "" : prefix + "/");
  }

  private static String quotedOrRoot(String folder) {
    return folder.isEmpty() ? "/" : SftpConnection.quoted(folder);
  }

  private void listFolder(String folder, String name) throws SftpException {
    for (LsEntry entry : entries(channel, folder)) {
      String file = entry.getFilename();
      SftpATTRS attributes = entry.getAttrs();
      if (file.startsWith(SftpObjectStore.PART_PREFIX)) {
        continue;
      }
      if (attributes.isLink()) {
        follow(folder + "/" + file, name + file);
      } else if (attributes.isDir()) {
        if (RelativePath.isValid(name + file)) {
          listFolder(folder + "/" + file, name + file + "/");
        } else {
          accept(name + file, attributes); // a server may say anything: it isn't asked for
        }
      } else if (attributes.isReg()) {
        accept(name + file, attributes);
      }
    }
  }

  /** The entries of a folder but itself and the one above; none if it was removed. */
  static List<LsEntry> entries(ChannelSftp channel, String folder) throws SftpException {
    List<LsEntry> entries = new ArrayList<>();
    try {
      channel.ls(
          quotedOrRoot(folder),
          entry -> {
            if (!entry.getFilename().equals(".") && !entry.getFilename().equals("..")) {
              entries.add(entry);
            }
            return ChannelSftp.LsEntrySelector.CONTINUE;
          });
    } catch (SftpException e) {
      // it was removed since its parent was listed
      if (!SftpErrors.isMissing(e)) {
        throw e;
      }
    }
    return entries;
  }

  private void follow(String link, String name) throws SftpException {
    SftpATTRS attributes;
    String real;
    try {
      real = channel.realpath(link);
      attributes = channel.stat(SftpConnection.quoted(real));
    } catch (SftpException e) {
      // it is broken, forms a loop, or points where this user has no access
      if (SftpErrors.isAnswer(e)) {
        return;
      }
      throw e;
    }
    String root = realBase == null ? channel.realpath(base.isEmpty() ? "/" : base) : realBase;
    realBase = root;
    if (!real.startsWith(SftpBounds.withSlash(root))) {
      return;
    }
    if (attributes.isReg()) {
      accept(name, attributes);
    } else if (attributes.isDir()
        && !linked.contains(real)
        && !(link + "/").startsWith(real + "/")) {
      linked.push(real);
      listFolder(link, name + "/");
      linked.pop();
    }
  }

  private void accept(String name, SftpATTRS attributes) {
    sink.accept(
        new StoredObject(
            name,
            attributes.getSize(),
            Instant.ofEpochSecond(Integer.toUnsignedLong(attributes.getMTime())),
            SftpObjectStore.version(attributes),
            (attributes.getPermissions() & EXECUTABLE_BY_OWNER) != 0));
  }
}
