package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.OpenSSHConfig;
import com.jcraft.jsch.Session;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.backend.LocalFiles;
import dev.sheave.storage.net.Bounds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * Opens SSH connections, with the deploy key or else with the keys of this machine's user. The
 * host's key must be known, from the block or from the user's known hosts.
 */
record SshConnections(@Nullable Secret deployKey, @Nullable String knownHosts) {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final List<String> KEY_FILES = List.of("id_ed25519", "id_ecdsa", "id_rsa");

  /**
   * Refuses a key that isn't valid, or that has a passphrase.
   *
   * @throws SheaveException {@code INVALID}
   */
  void check() {
    if (deployKey == null) {
      return;
    }
    try {
      JSch jsch = new JSch();
      jsch.addIdentity("deploy key", keyBytes(deployKey), null, null);
      if (!jsch.getIdentityRepository().getIdentities().get(0).isEncrypted()) {
        return;
      }
    } catch (JSchException e) {
      // said below; its message may show parts of the key
    }
    throw new SheaveException(
        Code.INVALID,
        "The deploy_key isn't valid: it must be an SSH private key without a passphrase, and start"
            + " with -----BEGIN OPENSSH PRIVATE KEY----- or the like.");
  }

  /** A key must end with a line break, which is often lost when it is copied. */
  private static byte[] keyBytes(Secret key) {
    return LocalFiles.normalized(key.reveal()).getBytes(UTF_8);
  }

  /**
   * Returns a factory of connections.
   *
   * @param owned whether the server is the one that the deploy key is for
   * @param limit how many bytes the output of a command may have
   */
  SshSessionFactory forServer(boolean owned, long limit) {
    return new SshSessionFactory() {
      @Override
      public RemoteSession getSession(
          URIish uri, @Nullable CredentialsProvider credentials, @Nullable FS fs, int timeout)
          throws TransportException {
        try {
          return new Connection(connect(uri, owned), limit);
        } catch (JSchException | IOException e) {
          throw new TransportException(uri, "SSH: " + e.getMessage(), e);
        }
      }

      @Override
      public String getType() {
        return "sheave";
      }
    };
  }

  Session connect(URIish uri, boolean owned) throws JSchException, IOException {
    JSch jsch = new JSch();
    Path folder = Path.of(System.getProperty("user.home"), ".ssh");
    Path settings = folder.resolve("config");
    if (Files.isReadable(settings)) {
      jsch.setConfigRepository(OpenSSHConfig.parse(LocalFiles.read(settings)));
    }
    if (deployKey != null && owned) {
      jsch.addIdentity("deploy key", keyBytes(deployKey), null, null);
    } else if (deployKey == null) {
      for (String name : KEY_FILES) {
        Path file = folder.resolve(name);
        if (LocalFiles.isUsableKey(file)) {
          byte[] key = LocalFiles.normalized(LocalFiles.read(file)).getBytes(UTF_8);
          jsch.addIdentity(file.toString(), key, null, null);
        }
      }
    }
    Path known = folder.resolve("known_hosts");
    if (knownHosts != null && !knownHosts.isBlank()) {
      setKnownHosts(jsch, knownHosts);
    } else if (Files.isReadable(known)) {
      setKnownHosts(jsch, LocalFiles.read(known));
    }
    // without a port what this user's settings say holds
    Session session =
        uri.getPort() > 0
            ? jsch.getSession(uri.getUser(), uri.getHost(), uri.getPort())
            : jsch.getSession(uri.getUser(), uri.getHost());
    session.setConfig("StrictHostKeyChecking", "yes");
    session.setConfig("PreferredAuthentications", "publickey");
    Duration timeout = Bounds.silence(TIMEOUT);
    session.setTimeout(2 * (int) timeout.toMillis());
    SshHandshake.connect(session, timeout);
    return session;
  }

  private static void setKnownHosts(JSch jsch, String lines) throws JSchException {
    jsch.setKnownHosts(new ByteArrayInputStream(LocalFiles.normalized(lines).getBytes(UTF_8)));
  }

  private static final class Connection implements RemoteSession {
    private final Session session;
    private final long limit;

    Connection(Session session, long limit) {
      this.session = session;
      this.limit = limit;
    }

    @Override
    public Process exec(String command, int timeout) throws IOException {
      try {
        return new RemoteCommand((ChannelExec) session.openChannel("exec"), command, limit);
      } catch (JSchException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public void disconnect() {
      session.disconnect();
    }
  }
}
