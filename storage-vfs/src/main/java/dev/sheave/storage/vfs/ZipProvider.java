package dev.sheave.storage.vfs;

import org.apache.commons.vfs2.FileName;
import org.apache.commons.vfs2.FileObject;
import org.apache.commons.vfs2.FileSystem;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.FileType;
import org.apache.commons.vfs2.provider.AbstractFileName;
import org.apache.commons.vfs2.provider.LayeredFileName;
import org.apache.commons.vfs2.provider.zip.ZipFileProvider;

/** Opens archives on top of other file systems. */
final class ZipProvider extends ZipFileProvider {
  @Override
  protected FileSystem doCreateFileSystem(
      String scheme, FileObject archive, FileSystemOptions options) throws FileSystemException {
    AbstractFileName root =
        new LayeredFileName(scheme, archive.getName(), FileName.ROOT_PATH, FileType.FOLDER);
    return new ZipArchive(root, archive, options);
  }
}
