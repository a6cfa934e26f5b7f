package dev.sheave.storage.vfs;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.backend.LocalFiles;
import dev.sheave.storage.net.Bounds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.vfs2.FileName;
import org.apache.commons.vfs2.FileSystem;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.UserAuthenticationData;
import org.apache.commons.vfs2.UserAuthenticator;
import org.apache.commons.vfs2.impl.DefaultFileSystemConfigBuilder;
import org.apache.commons.vfs2.provider.GenericFileName;
import org.apache.commons.vfs2.provider.sftp.IdentityProvider;
import org.apache.commons.vfs2.provider.sftp.SftpFileProvider;
import org.apache.commons.vfs2.provider.sftp.SftpFileSystemConfigBuilder;
import org.apache.commons.vfs2.util.UserAuthenticatorUtils;
import org.jspecify.annotations.Nullable;

/** Makes connections to SFTP servers whose key is known. */
final class SftpProvider extends SftpFileProvider {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** The default keys, in the order in which OpenSSH offers them. */
  private static final List<String> KEY_FILES = List.of("id_ed25519", "id_ecdsa", "id_rsa");

  @Override
  protected FileSystem doCreateFileSystem(FileName name, FileSystemOptions options)
      throws FileSystemException {
    GenericFileName root = (GenericFileName) name;
    UserAuthenticationData data =
        UserAuthenticatorUtils.authenticate(options, SftpFileProvider.AUTHENTICATOR_TYPES);
    try {
      return new SftpConnection(root, connect(root, data, options), options);
    } catch (JSchException e) {
      throw new FileSystemException("vfs.provider.sftp/connect.error", e, root.getHostName());
    } finally {
      UserAuthenticatorUtils.cleanup(data);
    }
  }

  private static Session connect(
      GenericFileName root, UserAuthenticationData data, FileSystemOptions options)
      throws JSchException, FileSystemException {
    SftpFileSystemConfigBuilder sftp = SftpFileSystemConfigBuilder.getInstance();
    JSch jsch = new JSch();
    for (IdentityProvider identity : sftp.getIdentityProvider(options)) {
      identity.addIdentity(jsch);
    }
    char[] user = UserAuthenticatorUtils.getData(data, UserAuthenticationData.USERNAME, null);
    char[] password = UserAuthenticatorUtils.getData(data, UserAuthenticationData.PASSWORD, null);
    Session session = jsch.getSession(new String(user), root.getHostName(), root.getPort());
    if (password != null) {
      session.setPassword(new String(password));
    }
    session.setConfig("StrictHostKeyChecking", "yes");
    session.setConfig("PreferredAuthentications", "publickey,password,keyboard-interactive");
    Duration timeout = Bounds.silence(TIMEOUT);
    session.setTimeout((int) timeout.toMillis());
    SshHandshake.connect(session, timeout);
    return session;
  }

  /** The address of a server for VFS; who logs in is in the options. */
  static String address(RemoteLocation place, RemoteSettings settings) {
    return "sftp://" + place.host() + ":" + settings.port() + "/";
  }

  static FileSystemOptions options(RemoteSettings settings) throws FileSystemException {
    FileSystemOptions options = new FileSystemOptions();
    DefaultFileSystemConfigBuilder.getInstance()
        .setUserAuthenticator(options, new Login(settings.username(), settings.password()));
    SftpFileSystemConfigBuilder sftp = SftpFileSystemConfigBuilder.getInstance();
    sftp.setUserDirIsRoot(options, true);
    // or it asks for a shell first
    sftp.setDisableDetectExecChannel(options, true);
    sftp.setIdentityProvider(options, identities(settings).toArray(IdentityProvider[]::new));
    return options;
  }

  private static List<IdentityProvider> identities(RemoteSettings settings) {
    byte[] passphrase = bytes(settings.passphrase());
    List<IdentityProvider> identities = new ArrayList<>();
    byte[] knownHosts =
        content(settings.knownHosts(), settings.knownHostsFilename(), "known_hosts_filename");
    Path known = LocalFiles.path("~/.ssh/known_hosts");
    if (knownHosts == null && Files.isReadable(known)) {
      knownHosts = content(known, "ssh's default");
    }
    if (knownHosts != null) {
      byte[] lines = knownHosts;
      identities.add(jsch -> jsch.setKnownHosts(new ByteArrayInputStream(lines)));
    }
    Secret keyFile = settings.keyFilename();
    if (keyFile != null) {
      Path file = LocalFiles.path(keyFile.reveal());
      LocalFiles.checkKey(file, "key file '" + file + "'");
    }
    byte[] key = content(settings.privateKey(), keyFile, "key_filename");
    if (key != null) {
      identities.add(jsch -> add(jsch, "private_key", key, passphrase));
    } else if (settings.password() == null) {
      for (String name : KEY_FILES) {
        Path file = LocalFiles.path("~/.ssh/" + name);
        if (LocalFiles.isUsableKey(file)) {
          byte[] found = content(file, "ssh's default");
          identities.add(jsch -> add(jsch, file.toString(), found, passphrase));
        }
      }
    }
    return identities;
  }

  private static void add(
      JSch jsch, String name, byte @Nullable [] key, byte @Nullable [] passphrase)
      throws JSchException {
    // its reader overwrites what it is given
    jsch.addIdentity(name, clone(key), null, clone(passphrase));
  }

  /** Returns what is given as text, or else what is in the file that a setting names. */
  private static byte @Nullable [] content(
      @Nullable Secret text, @Nullable Secret fileName, String setting) {
    if (text != null) {
      return LocalFiles.normalized(text.reveal()).getBytes(StandardCharsets.UTF_8);
    }
    return fileName == null ? null : content(LocalFiles.path(fileName.reveal()), setting);
  }

  private static byte[] content(Path file, String setting) {
    try {
      return LocalFiles.normalized(LocalFiles.read(file)).getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The file '"
              + file
              + "', which "
              + setting
              + " names, can't be read: "
              + LocalFiles.reason(e, file)
              + ".",
          e);
    }
  }

  private static byte @Nullable [] clone(byte @Nullable [] bytes) {
    return bytes == null ? null : bytes.clone();
  }

  private static byte @Nullable [] bytes(@Nullable Secret secret) {
    return secret == null ? null : secret.reveal().getBytes(StandardCharsets.UTF_8);
  }

  /** Who logs in; by default who runs this program. */
  private static final class Login implements UserAuthenticator {
    private final Secret user;
    private final @Nullable Secret password;

    Login(@Nullable Secret user, @Nullable Secret password) {
      this.user = user == null ? Secret.of(System.getProperty("user.name")) : user;
      this.password = password;
    }

    @Override
    public UserAuthenticationData requestAuthentication(UserAuthenticationData.Type[] types) {
      UserAuthenticationData data = new UserAuthenticationData();
      data.setData(UserAuthenticationData.USERNAME, user.reveal().toCharArray());
      if (password != null) {
        data.setData(UserAuthenticationData.PASSWORD, password.reveal().toCharArray());
      }
      return data;
    }
  }
}
