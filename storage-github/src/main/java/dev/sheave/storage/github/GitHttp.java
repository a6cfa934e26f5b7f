package dev.sheave.storage.github;

import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.Deadline;
import dev.sheave.storage.net.Proxies;
import dev.sheave.storage.net.ProxyServer;
import dev.sheave.storage.net.TrustedCertificates;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * Opens HTTP connections to a Git host and its LFS server: through the proxy of the environment, if
 * there is one, and with the block's trust.
 */
final class GitHttp {
  private static final int TIMEOUT_MILLIS = 60_000;

  private GitHttp() {}

  /**
   * Opens one; nothing is sent yet. Redirects aren't followed.
   *
   * @param trust null for the certificates that come with Java
   */
  static HttpURLConnection open(URL url, @Nullable TrustedCertificates trust) throws IOException {
    Proxies proxies = Proxies.ofProcess();
    Optional<ProxyServer> proxy = proxies.of(url.getProtocol(), url.getHost(), url.getPort());
    HttpURLConnection connection =
        (HttpURLConnection)
            (proxy.isPresent() ? url.openConnection(proxy.get().proxy()) : url.openConnection());
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    if (proxy.isPresent()) {
      connection.setAuthenticator(proxies.authenticator());
    }
    if (connection instanceof HttpsURLConnection encrypted) {
      if (trust != null) {
        encrypted.setSSLSocketFactory(trust.sockets());
      }
    } else {
      // Java can't repeat a body that is streamed, so it must not be asked
      proxy
          .flatMap(ProxyServer::authorization)
          .ifPresent(value -> connection.setRequestProperty("Proxy-Authorization", value));
    }
    return connection;
  }

  /** Sends the request, and waits for the status of the response. */
  static int status(HttpURLConnection connection) throws IOException {
    Deadline deadline = Deadline.of(Bounds.responseTime(0), connection::disconnect);
    try (deadline) {
      return connection.getResponseCode();
    } catch (IOException e) {
      throw deadline.reason(e);
    }
  }
}
