package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.Plugins;
import dev.sheave.storage.net.Causes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.vfs2.FileObject;
import org.apache.commons.vfs2.FileSystem;
import org.apache.commons.vfs2.FileSystemConfigBuilder;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.cache.NullFilesCache;
import org.apache.commons.vfs2.cache.WeakRefFilesCache;
import org.apache.commons.vfs2.impl.DefaultFileReplicator;
import org.apache.commons.vfs2.impl.DefaultFileSystemManager;
import org.apache.commons.vfs2.impl.StandardFileSystemManager;
import org.apache.commons.vfs2.provider.local.DefaultLocalFileProvider;

/**
 * Opens new file systems of Commons VFS. VFS itself would share one file system, and its lock,
 * among all callers with the same address.
 */
final class FileSystems implements AutoCloseable {
  /**
   * What VFS has, but can't be a base path: its HTTP and WebDAV don't check certificates, and files
   * of this machine and class path are no remote ones.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "file",
          "tmp",
          "res",
          "http3",
          "http3s",
          "http4",
          "http4s",
          "http5",
          "http5s",
          "https3",
          "webdav3",
          "webdav4",
          "webdav4s");

  private static final AtomicLong OPENED = new AtomicLong();

  private final DefaultFileSystemManager manager;

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

  /** Of the schemes that have a store of their own. */
  FileSystems() throws FileSystemException {
    manager = new DefaultFileSystemManager();
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

  private FileSystems(StandardFileSystemManager manager) throws FileSystemException {
    this.manager = manager;
    ClassLoader before = useOwnLoader();
    try {
      manager.setClassLoader(Plugins.loader(FileSystems.class.getClassLoader()));
      manager.setFilesCache(new WeakRefFilesCache());
      manager.init();
      manager.removeProvider("ftp");
      manager.removeProvider("ftps");
      manager.addProvider("ftp", new FtpProvider());
      manager.addProvider("ftps", new FtpsProvider());
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /**
   * Of all schemes whose providers VFS itself has, or jars on the class path and in {@code
   * SHEAVE_HOME/plugins} name in {@code META-INF/vfs-providers.xml}.
   */
  static FileSystems ofAnyProvider() throws FileSystemException {
    return new FileSystems(new StandardFileSystemManager());
  }

  /** The schemes of {@link #ofAnyProvider} that can be used: see {@link #LEFT_OUT}. */
  static Set<String> schemes() {
    try (FileSystems all = ofAnyProvider()) {
      Set<String> schemes = new TreeSet<>(List.of(all.manager.getSchemes()));
      schemes.removeAll(LEFT_OUT);
      return schemes;
    } catch (FileSystemException e) {
      throw new SheaveException(
          Code.INTERNAL, "The providers of Commons VFS can't be read: " + Causes.root(e) + ".", e);
    }
  }

  /**
   * Returns the file or folder of an address, in a file system of its own.
   *
   * @param options get an option that makes them unique
   */
  FileObject resolve(String address, FileSystemOptions options) throws FileSystemException {
    Distinction.INSTANCE.makeUnique(options);
    ClassLoader before = useOwnLoader();
    try {
      return manager.resolveFile(address, options);
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
    return type.cast(resolve(address, options).getFileSystem());
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
