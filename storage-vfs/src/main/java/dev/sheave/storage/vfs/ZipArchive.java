package dev.sheave.storage.vfs;

import java.util.Optional;
import java.util.zip.ZipFile;
import org.apache.commons.vfs2.FileObject;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.provider.AbstractFileName;
import org.apache.commons.vfs2.provider.zip.ZipFileSystem;

/**
 * A zip archive, which VFS downloads if it is on a server. Its entries are read by their exact
 * names: VFS's own file names would normalize {@code a/../b} to {@code b}.
 */
final class ZipArchive extends ZipFileSystem {
  ZipArchive(AbstractFileName root, FileObject archive, FileSystemOptions options)
      throws FileSystemException {
    super(root, archive, options);
  }

  /** Skips VFS's index of file objects. */
  @Override
  public void init() {}

  /** Returns the archive's entries; empty if the archive doesn't exist. */
  Optional<ZipFile> file() throws FileSystemException {
    return Optional.ofNullable(getZipFile());
  }
}
