package dev.sheave.storage.vfs;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import dev.sheave.storage.backend.FolderStore.Entry;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.Deadline;
import dev.sheave.storage.transfer.RelativePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists a folder of an SFTP server. A link that points outside of the base folder, or to a folder
 * above itself, isn't listed.
 */
final class SftpListing {
  private static final int EXECUTABLE_BY_OWNER = 0100;

  /** How many entries a server must list in the time of a response. */
  private static final int PROGRESS = 100;

  private final ChannelSftp channel;
  private final String base;
  private final SftpBounds bounds;
  private final Bounds.Entries count;

  /**
   * Lists by a channel.
   *
   * @param count counts what a server lists, which isn't all that is taken
   */
  SftpListing(ChannelSftp channel, String base, SftpBounds bounds, Bounds.Entries count) {
    this.channel = channel;
    this.base = base;
    this.bounds = bounds;
    this.count = count;
  }

  void list(RelativePath folder, Consumer<Entry> sink) throws SftpException {
    String path = folder.isRoot() ? base : base + "/" + folder;
    String start = folder.isRoot() ? "" : folder + "/";
    List<String> links = new ArrayList<>();
    try {
      // of a root there is nothing left
      String address = path.isEmpty() ? "/" : SftpConnection.quoted(path);
      if (!channel.stat(address).isDir()) {
        return;
      }
      list(
          address,
          entry -> {
            String name = entry.getFilename();
            SftpATTRS attributes = entry.getAttrs();
            if (attributes.isLink()) {
              links.add(name);
            } else if (!name.equals(".")
                && !name.equals("..")
                && (attributes.isDir() || attributes.isReg())) {
              bounds.found(start + name);
              sink.accept(entry(name, attributes, null));
            }
          });
    } catch (SftpException e) {
      // it doesn't exist, or was removed since its parent was listed
      if (!SftpErrors.isMissing(e)) {
        throw e;
      }
    }
    for (String name : links) {
      follow(path + "/" + name, start + name, sink);
    }
  }

  /** Reads a folder, as long as there is progress. */
  private void list(String address, Consumer<ChannelSftp.LsEntry> sink) throws SftpException {
    Deadline[] deadline = {deadline()};
    AtomicInteger listed = new AtomicInteger();
    try {
      channel.ls(
          address,
          entry -> {
            count.add(entry.getFilename());
            if (listed.incrementAndGet() % PROGRESS == 0) {
              deadline[0].close();
              deadline[0] = deadline();
            }
            sink.accept(entry);
            return ChannelSftp.LsEntrySelector.CONTINUE;
          });
    } finally {
      deadline[0].close();
    }
  }

  private Deadline deadline() {
    return Deadline.of(Bounds.responseTime(0), channel::disconnect);
  }

  private void follow(String link, String path, Consumer<Entry> sink) throws SftpException {
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
    String name = path.substring(path.lastIndexOf('/') + 1);
    boolean folder = attributes.isDir();
    if (real.startsWith(SftpBounds.withSlash(bounds.root(channel, base)))
        && (folder ? !(link + "/").startsWith(real + "/") : attributes.isReg())) {
      bounds.found(path);
      sink.accept(entry(name, attributes, folder ? real : null));
    }
  }

  private static Entry entry(String name, SftpATTRS attributes, @Nullable String link) {
    return new Entry(
        name,
        attributes.isDir(),
        attributes.getSize(),
        Instant.ofEpochSecond(Integer.toUnsignedLong(attributes.getMTime())),
        SftpObjectStore.version(attributes),
        (attributes.getPermissions() & EXECUTABLE_BY_OWNER) != 0,
        link);
  }
}
