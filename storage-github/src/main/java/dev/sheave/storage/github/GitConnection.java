package dev.sheave.storage.github;

import dev.sheave.storage.net.Bounds;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.URL;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.util.HttpSupport;
import org.jspecify.annotations.Nullable;

/**
 * A request of JGit's. Unlike JGit's own it bounds the response, and sends the block's credential
 * to no server but its own: after a redirect, JGit sends it to the next.
 */
final class GitConnection implements HttpConnection {
  private final HttpURLConnection connection;
  private final GitAccess access;
  private final long limit;
  private boolean answered;

  private GitConnection(HttpURLConnection connection, GitAccess access, long limit) {
    this.connection = connection;
    this.access = access;
    this.limit = limit;
  }

  /**
   * Returns a factory of connections.
   *
   * @param limit how many bytes a response may have, unpacked
   */
  static HttpConnectionFactory factory(GitAccess access, long limit) {
    return new HttpConnectionFactory() {
      @Override
      public HttpConnection create(URL url) throws IOException {
        return new GitConnection(GitHttp.open(url, access.certificates()), access, limit);
      }

      @Override
      public HttpConnection create(URL url, Proxy jgits) throws IOException {
        return create(url);
      }
    };
  }

  @Override
  public int getResponseCode() throws IOException {
    if (answered) {
      return connection.getResponseCode();
    }
    int status = GitHttp.status(connection);
    answered = true;
    return status;
  }

  @Override
  public URL getURL() {
    return connection.getURL();
  }

  @Override
  public String getResponseMessage() throws IOException {
    getResponseCode();
    return connection.getResponseMessage();
  }

  @Override
  public void setRequestProperty(String name, String value) {
    if (!name.equalsIgnoreCase(HttpSupport.HDR_AUTHORIZATION) || mayBeSent(value)) {
      connection.setRequestProperty(name, value);
    }
  }

  private boolean mayBeSent(String authorization) {
    URL url = connection.getURL();
    return access.authorization(url.getProtocol(), url.getHost(), url.getPort()).isPresent()
        || !access.isOwn(authorization);
  }

  @Override
  public void setRequestMethod(String method) throws ProtocolException {
    connection.setRequestMethod(method);
  }

  @Override
  public String getRequestMethod() {
    return connection.getRequestMethod();
  }

  @Override
  public void setUseCaches(boolean caches) {
    connection.setUseCaches(caches);
  }

  @Override
  public void setConnectTimeout(int millis) {
    connection.setConnectTimeout(millis);
  }

  @Override
  public void setReadTimeout(int millis) {
    connection.setReadTimeout(millis);
  }

  @Override
  public String getContentType() {
    return connection.getContentType();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    getResponseCode();
    InputStream in = connection.getInputStream();
    return Bounds.response(
        isZipped() ? new GZIPInputStream(in) : in, connection.getURL().getHost(), limit);
  }

  /** It is unpacked here, so that what it unpacks to is bounded. */
  private boolean isZipped() {
    return HttpSupport.ENCODING_GZIP.equals(
        connection.getHeaderField(HttpSupport.HDR_CONTENT_ENCODING));
  }

  @Override
  public @Nullable String getHeaderField(String name) {
    return isHidden(name) ? null : connection.getHeaderField(name);
  }

  @Override
  public List<String> getHeaderFields(String name) {
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    connection
        .getHeaderFields()
        .forEach(
            (each, values) -> {
              if (each != null) {
                all.merge(
                    each,
                    values,
                    (one, other) -> Stream.concat(one.stream(), other.stream()).toList());
              }
            });
    return isHidden(name) ? List.of() : all.getOrDefault(name, Collections.emptyList());
  }

  @Override
  public Map<String, List<String>> getHeaderFields() {
    return connection.getHeaderFields();
  }

  private boolean isHidden(String name) {
    return name.equalsIgnoreCase(HttpSupport.HDR_CONTENT_ENCODING) && isZipped();
  }

  @Override
  public int getContentLength() {
    return isZipped() ? -1 : connection.getContentLength();
  }

  @Override
  public void setInstanceFollowRedirects(boolean follow) {
    // JGit itself does
  }

  @Override
  public void setDoOutput(boolean output) {
    connection.setDoOutput(output);
  }

  @Override
  public void setFixedLengthStreamingMode(int bytes) {
    connection.setFixedLengthStreamingMode(bytes);
  }

  @Override
  public void setChunkedStreamingMode(int bytes) {
    connection.setChunkedStreamingMode(bytes);
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return connection.getOutputStream();
  }

  @Override
  public boolean usingProxy() {
    return connection.usingProxy();
  }

  @Override
  public void connect() throws IOException {
    connection.connect();
  }

  @Override
  public void configure(
      KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random)
      throws NoSuchAlgorithmException, KeyManagementException {
    if (connection instanceof HttpsURLConnection encrypted) {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, random);
      encrypted.setSSLSocketFactory(context.getSocketFactory());
    }
  }

  @Override
  public void setHostnameVerifier(HostnameVerifier verifier) {
    if (connection instanceof HttpsURLConnection encrypted) {
      encrypted.setHostnameVerifier(verifier);
    }
  }
}
