package dev.sheave.storage.github;

import dev.sheave.block.Secret;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.eclipse.jgit.errors.UnsupportedCredentialItem;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;
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

  /** Prepares a connection to a repository, which may be another's submodule. */
  void configure(Transport transport, RepositoryAddress address) {
    transport.setTimeout(TIMEOUT_SECONDS);
    transport.setCredentialsProvider(new Credentials(address.isSameServer(owner)));
    if (transport instanceof SshTransport overSsh) {
      overSsh.setSshSessionFactory(ssh.forServer(address.isSameServer(owner)));
    }
    if (transport instanceof TransportHttp http && certificates != null) {
      JDKHttpConnectionFactory connections = new JDKHttpConnectionFactory();
      TrustedCertificates trusted = certificates;
      http.setHttpConnectionFactory(
          new org.eclipse.jgit.transport.http.HttpConnectionFactory() {
            @Override
            public HttpConnection create(java.net.URL url) throws java.io.IOException {
              return trusted(connections.create(url));
            }

            @Override
            public HttpConnection create(java.net.URL url, java.net.Proxy proxy)
                throws java.io.IOException {
              return trusted(connections.create(url, proxy));
            }

            private HttpConnection trusted(HttpConnection connection) throws java.io.IOException {
              try {
                connection.configure(null, trusted.managers(), null);
              } catch (java.security.GeneralSecurityException e) {
                throw new java.io.IOException(e);
              }
              return connection;
            }
          });
    }
  }

  Optional<SSLContext> tls() {
    return Optional.ofNullable(certificates).map(TrustedCertificates::context);
  }

  /** The value of the header {@code Authorization} for an origin, if the token is for it. */
  Optional<String> authorization(String scheme, @Nullable String host, int port) {
    if (token == null || !scheme.equals("https") || !owner.isAt(scheme, host, port)) {
      return Optional.empty();
    }
    byte[] pair = (user() + ":" + password()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
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
