package dev.sheave.storage.vfs;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpException;
import dev.sheave.storage.net.Causes;
import java.io.IOException;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.provider.GenericFileName;
import org.apache.commons.vfs2.provider.sftp.SftpFileSystem;

/**
 * A connection to an SFTP server, for one thread at a time. VFS keeps it, and opens it again when
 * the server has closed it. VFS's file objects aren't used: they send more requests, treat {@code
 * *} in a name as a pattern, and delete a file before they rename another to its name.
 */
final class SftpConnection extends SftpFileSystem {
  SftpConnection(GenericFileName root, Session session, FileSystemOptions options) {
    super(root, session, options);
  }

  /** An action on a channel. */
  interface Action<T> {
    T on(ChannelSftp channel) throws SftpException, IOException;
  }

  <T> T run(Action<T> action) throws SftpException, IOException {
    ChannelSftp channel = channel();
    boolean inStep = false;
    try {
      T result = action.on(channel);
      inStep = true;
      return result;
    } catch (SftpException e) {
      inStep = SftpErrors.isAnswer(e);
      throw e;
    } finally {
      release(channel, inStep);
    }
  }

  /**
   * A channel that its user has to release. A server allows a connection some ten of them, and
   * counts those that were given up until it has noticed: then this is connected anew.
   */
  ChannelSftp channel() throws IOException {
    try {
      return getChannel();
    } catch (FileSystemException e) {
      if (!Causes.messages(e).contains("channel is not opened")) {
        throw e;
      }
      doCloseCommunicationLink();
      return getChannel();
    }
  }

  /**
   * Takes a channel back.
   *
   * @param inStep whether all requests were answered, so that it may be used again
   */
  void release(ChannelSftp channel, boolean inStep) {
    if (inStep) {
      putChannel(channel);
    } else {
      channel.disconnect();
    }
  }

  /** A path as the client takes it, for all its operations but mkdir and realpath. */
  static String quoted(String path) {
    return path.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
  }
}
