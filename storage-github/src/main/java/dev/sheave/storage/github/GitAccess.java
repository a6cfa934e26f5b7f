package dev.sheave.storage.github;

import dev.sheave.block.Secret;
import dev.sheave.storage.net.TrustedCertificates;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.jgit.errors.UnsupportedCredentialItem;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/**
 * The credentials for a host, and the certificates that are trusted. Credentials are only sent to
 * the host of one address.
 *
 * @param owner the repository that the credentials are for
 * @param certificates trust in a certificate of the user's; null for Java's own
 */
record GitAccess(
    RepositoryAddress owner,
    @Nullable String username,
    @Nullable Secret token,
    SshConnections ssh,
    @Nullable TrustedCertificates certificates) {
  /** GitHub, GitLab and Gitea only check the token, but require a name. */
  static final String DEFAULT_USERNAME = "x-access-token";

  private static final int TIMEOUT_SECONDS = 60;

  boolean hasToken() {
    return token != null;
  }

  /**
   * Prepares a connection to a repository, which may be another's submodule.
   *
   * @param limit how many bytes a response may have
   */
  void configure(Transport transport, RepositoryAddress address, long limit) {
    transport.setTimeout(TIMEOUT_SECONDS);
    transport.setCredentialsProvider(new Credentials(address.isSameServer(owner)));
    if (transport instanceof SshTransport overSsh) {
      overSsh.setSshSessionFactory(ssh.forServer(address.isSameServer(owner), limit));
    }
    if (transport instanceof TransportHttp http) {
      http.setHttpConnectionFactory(GitConnection.factory(this, limit));
    }
  }

  /** Whether a value of the header {@code Authorization} was made of the token. */
  boolean isOwn(String authorization) {
    return token != null && (authorization.startsWith("Digest ") || authorization.equals(basic()));
  }

  /** The value of the header {@code Authorization} for an origin, if the token is for it. */
  Optional<String> authorization(String scheme, @Nullable String host, int port) {
    if (token == null || !scheme.equals("https") || !owner.isAt(scheme, host, port)) {
      return Optional.empty();
    }
    return Optional.of(basic());
  }

  private String basic() {
    byte[] pair = (user() + ":" + password()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** A token may be written together with its user name: {@code name:token}. */
  private String user() {
    if (username != null) {
      return username;
    }
    String text = revealed();
    int colon = text.indexOf(':');
    return colon > 0 ? text.substring(0, colon) : DEFAULT_USERNAME;
  }

  private String password() {
    String text = revealed();
    return username == null ? text.substring(text.indexOf(':') + 1) : text;
  }

  private String revealed() {
    return token == null ? "" : token.reveal();
  }

  /** Provides the credentials that a host asks for, without asking the user. */
  private final class Credentials extends CredentialsProvider {
    private final boolean known;

    Credentials(boolean known) {
      this.known = known;
    }

    @Override
    public boolean isInteractive() {
      return false;
    }

    @Override
    public boolean supports(CredentialItem... items) {
      for (CredentialItem item : items) {
        if (!(item instanceof CredentialItem.Username || item instanceof CredentialItem.Password)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public boolean get(URIish uri, CredentialItem... items) throws UnsupportedCredentialItem {
      // after a redirect it may be another host that asks
      boolean owned = known && "https".equals(uri.getScheme());
      if (!owned || token == null || !owner.isAt(uri.getScheme(), uri.getHost(), uri.getPort())) {
        return false;
      }
      for (CredentialItem item : items) {
        if (item instanceof CredentialItem.Username name) {
          name.setValue(user());
        } else if (item instanceof CredentialItem.Password secret) {
          secret.setValue(password().toCharArray());
        } else {
          return false;
        }
      }
      return true;
    }
  }
}
