package dev.sheave.storage.vfs;

import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.vfs2.FileName;
import org.apache.commons.vfs2.FileSystem;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.UserAuthenticationData;
import org.apache.commons.vfs2.provider.GenericFileName;
import org.apache.commons.vfs2.provider.ftp.FTPClientWrapper;
import org.apache.commons.vfs2.provider.ftps.FtpsClientFactory;
import org.apache.commons.vfs2.provider.ftps.FtpsFileProvider;
import org.apache.commons.vfs2.provider.ftps.FtpsFileSystem;
import org.apache.commons.vfs2.util.UserAuthenticatorUtils;

/**
 * Makes connections to FTP servers with TLS. Those for data have TLS 1.2: with 1.3 a server sends
 * session tickets, and when the client closes a connection on which it never read, the end of what
 * it wrote is lost.
 */
final class FtpsProvider extends FtpsFileProvider {
  @Override
  protected FileSystem doCreateFileSystem(FileName name, FileSystemOptions options)
      throws FileSystemException {
    GenericFileName root = (GenericFileName) name;
    return new FtpsFileSystem(root, new Client(root, options), options);
  }

  private static final class Client extends FTPClientWrapper {
    Client(GenericFileName root, FileSystemOptions options) throws FileSystemException {
      super(root, options);
    }

    @Override
    protected FTPClient createClient(GenericFileName root, UserAuthenticationData login)
        throws FileSystemException {
      FTPSClient client =
          FtpsClientFactory.createConnection(
              root.getHostName(),
              root.getPort(),
              UserAuthenticatorUtils.getData(
                  login,
                  UserAuthenticationData.USERNAME,
                  UserAuthenticatorUtils.toChar(root.getUserName())),
              UserAuthenticatorUtils.getData(
                  login,
                  UserAuthenticationData.PASSWORD,
                  UserAuthenticatorUtils.toChar(root.getPassword())),
              root.getPath(),
              // the constructor above connects already, when this class has no fields yet
              getFileSystemOptions());
      client.setEnabledProtocols(new String[] {"TLSv1.2"});
      return client;
    }
  }
}
