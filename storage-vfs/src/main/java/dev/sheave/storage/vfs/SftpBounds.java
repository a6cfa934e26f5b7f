package dev.sheave.storage.vfs;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps paths below the base folder, also if links on the server lead out of it. The server
 * resolves the path of each folder once; paths that a listing found need no check. Safe for use by
 * several threads.
 */
final class SftpBounds {
  private final RemoteLocation place;
  private final Set<String> inside = ConcurrentHashMap.newKeySet();
  private volatile String root = "";

  SftpBounds(RemoteLocation place) {
    this.place = place;
  }

  /** A listing found it, and followed no link out of the base folder on its way. */
  void found(String name) {
    inside.add(name);
  }

  /**
   * Refuses a file or folder that lies outside; one that isn't there yet may be where it would be.
   *
   * @param base the base folder, absolute
   * @throws SheaveException {@code INVALID}
   */
  void require(ChannelSftp channel, String base, RelativePath path) throws SftpException {
    if (path.isRoot() || inside.contains(path.toString())) {
      return;
    }
    String root = root(channel, base);
    String real = "";
    for (String at = path.toString(); real.isEmpty() && !at.isEmpty() && !root.isEmpty(); ) {
      real = real(channel, base + "/" + at);
      at = at.substring(0, Math.max(at.lastIndexOf('/'), 0));
    }
    if (!real.isEmpty() && !real.equals(root) && !real.startsWith(withSlash(root))) {
      throw new SheaveException(
          Code.INVALID,
          "The path '"
              + path
              + "' can't be used in '"
              + place.of(RelativePath.ROOT)
              + "': a link on the server points outside of it.");
    }
    inside.add(path.toString());
  }

  /** The base folder, resolved; empty if it doesn't exist. */
  String root(ChannelSftp channel, String base) throws SftpException {
    String known = root;
    if (known.isEmpty()) {
      known = real(channel, base.isEmpty() ? "/" : base);
      root = known;
    }
    return known;
  }

  static String withSlash(String folder) {
    return folder.endsWith("/") ? folder : folder + "/";
  }

  /** Returns the resolved path; empty if it doesn't exist. */
  private static String real(ChannelSftp channel, String path) throws SftpException {
    try {
      // realpath is the one operation that the client breaks off if another thread used the
      // connection before and has ended; all others make ready for that
      channel.lstat(SftpConnection.quoted(path));
      return channel.realpath(path);
    } catch (SftpException e) {
      // it doesn't exist, its parent isn't a folder, or its links form a loop
      if (SftpErrors.isMissing(e) || SftpErrors.isRefused(e)) {
        return "";
      }
      throw e;
    }
  }
}
