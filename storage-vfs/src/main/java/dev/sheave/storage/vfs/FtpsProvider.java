package dev.sheave.storage.vfs;

import dev.sheave.storage.net.AnswerSockets;
import java.io.IOException;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.vfs2.FileName;
import org.apache.commons.vfs2.FileSystem;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.provider.GenericFileName;
import org.apache.commons.vfs2.provider.ftp.FtpClientFactory;
import org.apache.commons.vfs2.provider.ftps.FtpsFileProvider;
import org.apache.commons.vfs2.provider.ftps.FtpsFileSystem;
import org.apache.commons.vfs2.provider.ftps.FtpsFileSystemConfigBuilder;
import org.apache.commons.vfs2.provider.ftps.FtpsMode;

/**
 * Makes connections to FTP servers with TLS, whose answers are bounded. Those for data have TLS
 * 1.2: with 1.3 a server sends session tickets, and when the client closes a connection on which it
 * never read, the end of what it wrote is lost.
 */
final class FtpsProvider extends FtpsFileProvider {
  @Override
  protected FileSystem doCreateFileSystem(FileName name, FileSystemOptions options)
      throws FileSystemException {
    GenericFileName root = (GenericFileName) name;
    FtpProvider.Client client =
        new FtpProvider.Client(root, options) {
          @Override
          FtpClientFactory.ConnectionFactory<? extends FTPClient, ?> factory() {
            return new Encrypted();
          }
        };
    return new FtpsFileSystem(root, client, options);
  }

  private static final class Encrypted
      extends FtpClientFactory.ConnectionFactory<FTPSClient, FtpsFileSystemConfigBuilder> {
    Encrypted() {
      super(FtpsFileSystemConfigBuilder.getInstance());
    }

    @Override
    protected FTPSClient createClient(FileSystemOptions options) {
      FTPSClient client = new FTPSClient(builder.getFtpsMode(options) == FtpsMode.IMPLICIT);
      client.setTrustManager(builder.getTrustManager(options));
      client.setConnectTimeout((int) builder.getConnectTimeoutDuration(options).toMillis());
      client.setSocketFactory(new AnswerSockets());
      return client;
    }

    @Override
    protected void setupOpenConnection(FTPSClient client, FileSystemOptions options)
        throws IOException {
      client.execPBSZ(0);
      client.execPROT(builder.getDataChannelProtectionLevel(options).name()); // and other sockets
      client.setEnabledProtocols(new String[] {"TLSv1.2"});
    }
  }
}
