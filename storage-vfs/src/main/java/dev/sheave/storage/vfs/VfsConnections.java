package dev.sheave.storage.vfs;

import dev.sheave.block.Secret;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.transfer.RelativePath;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.commons.vfs2.FileObject;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.auth.StaticUserAuthenticator;
import org.apache.commons.vfs2.impl.DefaultFileSystemConfigBuilder;
import org.apache.commons.vfs2.provider.UriParser;
import org.apache.commons.vfs2.provider.ftp.FtpFileType;
import org.apache.commons.vfs2.provider.ftps.FtpsDataChannelProtectionLevel;
import org.apache.commons.vfs2.provider.ftps.FtpsFileSystemConfigBuilder;
import org.apache.commons.vfs2.provider.ftps.FtpsMode;
import org.jspecify.annotations.Nullable;

/**
 * The file systems of one store, by their base folders: one for each thread, since VFS locks one
 * for each call.
 */
final class VfsConnections extends ConnectionPool<FileObject> {
  private static final int IMPLICIT_TLS_PORT = 990;

  /** VFS tries twice before it gives up. */
  private static final Duration TIMEOUT = Duration.ofSeconds(25);

  private final RemoteLocation place;
  private final RemoteSettings settings;
  private final Queue<String> unusableNames = new ConcurrentLinkedQueue<>();

  VfsConnections(RemoteLocation place, RemoteSettings settings) {
    this.place = place;
    this.settings = settings;
  }

  @Override
  FileSystems source() throws FileSystemException {
    return FileSystems.ofAnyProvider();
  }

  @Override
  FileObject connect(FileSystems source) throws FileSystemException {
    if (place.scheme() == RemoteLocation.Scheme.OTHER) {
      return source.resolve(place.host(), options());
    }
    String port = settings.port() == 0 ? "" : ":" + settings.port();
    FileObject server =
        source.resolve(place.scheme().text() + "://" + place.host() + port + "/", options());
    RelativePath folder = place.folder();
    return folder.isRoot()
        ? server
        : server.resolveFile(UriParser.encode(folder.toString(), new char[] {'%'}));
  }

  private FileSystemOptions options() throws FileSystemException {
    FileSystemOptions options = new FileSystemOptions();
    Secret user = settings.username();
    Secret password = settings.password();
    if (user != null || password != null) {
      DefaultFileSystemConfigBuilder.getInstance()
          .setUserAuthenticator(
              options,
              new StaticUserAuthenticator(
                  null,
                  user == null ? null : user.reveal(),
                  password == null ? "" : password.reveal()));
    }
    if (place.scheme() != RemoteLocation.Scheme.OTHER) {
      setFtp(options);
    }
    return options;
  }

  private void setFtp(FileSystemOptions options) {
    FtpsFileSystemConfigBuilder ftp = FtpsFileSystemConfigBuilder.getInstance();
    ftp.setPassiveMode(options, true);
    ftp.setFileType(options, FtpFileType.BINARY);
    ftp.setControlEncoding(options, "UTF-8");
    ftp.setUserDirIsRoot(options, false);
    Duration timeout = Bounds.silence(TIMEOUT);
    ftp.setConnectTimeout(options, timeout);
    ftp.setSoTimeout(options, timeout);
    ftp.setDataTimeout(options, timeout);
    ftp.setEntryParserFactory(options, new FtpListings(place.host(), unusableNames::add));
    if (place.scheme() == RemoteLocation.Scheme.FTPS) {
      boolean implicit = settings.port() == IMPLICIT_TLS_PORT;
      ftp.setFtpsMode(options, implicit ? FtpsMode.IMPLICIT : FtpsMode.EXPLICIT);
      ftp.setDataChannelProtectionLevel(options, FtpsDataChannelProtectionLevel.P);
      ftp.setTrustManager(options, new ServerTrust(place.host(), settings.caCertificates()));
    }
  }

  /** Returns a name that was listed and left out since no file can have it, once; null if none. */
  @Nullable String unusableName() {
    return unusableNames.poll();
  }
}
