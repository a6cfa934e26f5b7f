package dev.sheave.storage.vfs;

import dev.sheave.storage.net.SharedResources;
import org.apache.commons.vfs2.FileSystemException;

/** Connections to one server with one login, shared by all blocks of the same settings. */
final class SftpPool extends ConnectionPool<SftpConnection> {
  private static final SharedResources<Key, SftpPool> POOLS =
      new SharedResources<>(SftpPool::close);

  private final Key key;

  private record Key(String address, RemoteSettings settings) {}

  private SftpPool(Key key) {
    this.key = key;
  }

  static SharedResources.Loan<SftpPool> borrow(RemoteLocation place, RemoteSettings settings) {
    Key key = new Key(SftpProvider.address(place, settings), settings);
    return POOLS.borrow(key, () -> new SftpPool(key));
  }

  @Override
  FileSystems source() throws FileSystemException {
    return new FileSystems();
  }

  @Override
  SftpConnection connect(FileSystems source) throws FileSystemException {
    return source.open(key.address(), SftpProvider.options(key.settings()), SftpConnection.class);
  }
}
