package dev.sheave.storage.vfs;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.vfs2.FileSystem;
import org.apache.commons.vfs2.FileSystemConfigBuilder;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.cache.NullFilesCache;
import org.apache.commons.vfs2.impl.DefaultFileReplicator;
import org.apache.commons.vfs2.impl.DefaultFileSystemManager;
import org.apache.commons.vfs2.provider.local.DefaultLocalFileProvider;

/**
 * Opens new file systems of Commons VFS. VFS itself would share one file system, and its lock,
 * among all callers with the same address.
 */
final class FileSystems implements AutoCloseable {
  private static final AtomicLong OPENED = new AtomicLong();

  private final DefaultFileSystemManager manager = new DefaultFileSystemManager();

  /** An option that makes the options of each file system unique. */
  private static final class Distinction extends FileSystemConfigBuilder {
    private static final Distinction INSTANCE = new Distinction();

    void makeUnique(FileSystemOptions options) {
      setParam(options, "number", OPENED.incrementAndGet());
    }

    @Override
    protected Class<? extends FileSystem> getConfigClass() {
      return FileSystem.class;
    }
  }

  FileSystems() throws FileSystemException {
    ClassLoader before = useOwnLoader();
    try {
      manager.addProvider("sftp", new SftpProvider());
      manager.addProvider(new String[] {"http", "webdav"}, HttpProvider.plain());
      manager.addProvider(new String[] {"https", "webdavs"}, HttpProvider.encrypted());
      manager.addProvider("file", new DefaultLocalFileProvider());
      manager.addProvider(new String[] {"zip", "jar"}, new ZipProvider());
      manager.setReplicator(new DefaultFileReplicator());
      manager.setFilesCache(new NullFilesCache());
      manager.init();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /**
   * Opens the file system of an address.
   *
   * @param options get an option that makes them unique
   */
  <T extends FileSystem> T open(String address, FileSystemOptions options, Class<T> type)
      throws FileSystemException {
    Distinction.INSTANCE.makeUnique(options);
    ClassLoader before = useOwnLoader();
    try {
      return type.cast(manager.resolveFile(address, options).getFileSystem());
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  /**
   * Replaces the thread's context class loader, in which VFS looks for its logging, so that it
   * doesn't find a flow's. Returns the previous loader.
   */
  private static ClassLoader useOwnLoader() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(FileSystems.class.getClassLoader());
    return before;
  }
}
