package dev.sheave.storage.vfs;

import java.util.Optional;
import java.util.zip.ZipFile;
import org.apache.commons.vfs2.FileObject;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.provider.AbstractFileName;
import org.apache.commons.vfs2.provider.zip.ZipFileSystem;

/**
 * An archive. VFS brings it here if it lies on a server; its entries are read as they are, since
 * VFS makes file names of them and so would take {@code a/../b} for {@code b}.
 */
final class ZipArchive extends ZipFileSystem {
  ZipArchive(AbstractFileName root, FileObject archive, FileSystemOptions options)
      throws FileSystemException {
    super(root, archive, options);
  }

  /** Makes no index of file objects. */
  @Override
  public void init() {}

  /** Its entries; empty if there is no such archive. */
  Optional<ZipFile> file() throws FileSystemException {
    return Optional.ofNullable(getZipFile());
  }
}
