package dev.sheave.storage.vfs;

import dev.sheave.storage.net.AnswerSockets;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.vfs2.FileName;
import org.apache.commons.vfs2.FileSystem;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.UserAuthenticationData;
import org.apache.commons.vfs2.provider.GenericFileName;
import org.apache.commons.vfs2.provider.ftp.FTPClientWrapper;
import org.apache.commons.vfs2.provider.ftp.FtpClientFactory;
import org.apache.commons.vfs2.provider.ftp.FtpFileProvider;
import org.apache.commons.vfs2.provider.ftp.FtpFileSystem;
import org.apache.commons.vfs2.provider.ftp.FtpFileSystemConfigBuilder;
import org.apache.commons.vfs2.util.UserAuthenticatorUtils;

/** Makes connections to FTP servers, whose answers are bounded. */
final class FtpProvider extends FtpFileProvider {
  @Override
  protected FileSystem doCreateFileSystem(FileName name, FileSystemOptions options)
      throws FileSystemException {
    GenericFileName root = (GenericFileName) name;
    Client client =
        new Client(root, options) {
          @Override
          FtpClientFactory.ConnectionFactory<? extends FTPClient, ?> factory() {
            return new Plain();
          }
        };
    return new FtpFileSystem(root, client, options);
  }

  private static final class Plain
      extends FtpClientFactory.ConnectionFactory<FTPClient, FtpFileSystemConfigBuilder> {
    Plain() {
      super(FtpFileSystemConfigBuilder.getInstance());
    }

    @Override
    protected FTPClient createClient(FileSystemOptions options) {
      FTPClient client = new FTPClient();
      client.setConnectTimeout((int) builder.getConnectTimeoutDuration(options).toMillis());
      client.setSocketFactory(new AnswerSockets());
      return client;
    }

    @Override
    protected void setupOpenConnection(FTPClient client, FileSystemOptions options) {
      client.setSocketFactory(null); // for the connections of files
    }
  }

  /** A client that VFS opens again when it has been closed. */
  abstract static class Client extends FTPClientWrapper {
    Client(GenericFileName root, FileSystemOptions options) throws FileSystemException {
      super(root, options); // connects already, when there are no fields yet
    }

    abstract FtpClientFactory.ConnectionFactory<? extends FTPClient, ?> factory();

    @Override
    protected FTPClient createClient(GenericFileName root, UserAuthenticationData login)
        throws FileSystemException {
      return factory()
          .createConnection(
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
              getFileSystemOptions());
    }
  }
}
