package dev.sheave.storage.vfs;

import java.io.IOException;
import org.apache.commons.vfs2.FileObject;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.provider.UriParser;
import org.apache.commons.vfs2.provider.ftp.FtpClient;
import org.apache.commons.vfs2.provider.ftp.FtpFileSystem;

/**
 * Renames a file as FTP servers do, which replace an old one in the same step. VFS removes the old
 * one before.
 */
final class FtpRename {
  private FtpRename() {}

  /** Returns false, and changes nothing, if the server doesn't, or isn't one of FTP. */
  static boolean isDone(FileObject from, FileObject to) throws FileSystemException {
    if (!(from.getFileSystem() instanceof FtpFileSystem ftp)) {
      return false;
    }
    FtpClient client = ftp.getClient();
    try {
      return client.rename(path(from), path(to));
    } catch (IOException e) {
      throw new FileSystemException("vfs.provider/rename.error", e, from, to);
    } finally {
      ftp.putClient(client);
      from.refresh();
      to.refresh();
    }
  }

  /** As VFS asks the server for it. */
  private static String path(FileObject file) throws FileSystemException {
    return UriParser.decode(file.getFileSystem().getRootName().getRelativeName(file.getName()));
  }
}
