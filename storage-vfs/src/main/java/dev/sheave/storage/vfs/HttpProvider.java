package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.block.Secret;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.Proxies;
import dev.sheave.storage.net.TrustedCertificates;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.commons.vfs2.FileName;
import org.apache.commons.vfs2.FileSystem;
import org.apache.commons.vfs2.FileSystemConfigBuilder;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.UserAuthenticationData;
import org.apache.commons.vfs2.impl.DefaultFileSystemConfigBuilder;
import org.apache.commons.vfs2.provider.FileNameParser;
import org.apache.commons.vfs2.provider.GenericFileName;
import org.apache.commons.vfs2.provider.http5.Http5FileNameParser;
import org.apache.commons.vfs2.provider.http5.Http5FileProvider;
import org.apache.commons.vfs2.provider.http5.Http5FileSystemConfigBuilder;
import org.apache.commons.vfs2.provider.http5s.Http5sFileNameParser;
import org.apache.commons.vfs2.util.UserAuthenticatorUtils;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to HTTP and WebDAV servers. Unlike VFS's own it checks the certificates of
 * servers.
 */
final class HttpProvider extends Http5FileProvider {
  /** As many as a transfer has threads at most. */
  private static final int CONNECTIONS = 64;

  private static final int RETRIES = 3;
  private static final long RETRY_AFTER_MILLIS = 300;
  private static final TimeValue MAX_RETRY_AFTER = TimeValue.ofSeconds(10);

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private HttpProvider(FileNameParser names) {
    setFileNameParser(names);
  }

  static HttpProvider plain() {
    return new HttpProvider(Http5FileNameParser.getInstance());
  }

  static HttpProvider encrypted() {
    return new HttpProvider(Http5sFileNameParser.getInstance());
  }

  /** Which certificates are trusted. */
  private static final class Trust extends FileSystemConfigBuilder {
    private static final Trust INSTANCE = new Trust();

    void set(FileSystemOptions options, Secret certificates) {
      setParam(options, "certificates", certificates);
    }

    @Nullable Secret get(FileSystemOptions options) {
      return getParam(options, "certificates");
    }

    @Override
    protected Class<? extends FileSystem> getConfigClass() {
      return HttpConnection.class;
    }
  }

  static FileSystemOptions options(RemoteSettings settings, boolean redirects) {
    FileSystemOptions options = new FileSystemOptions();
    Http5FileSystemConfigBuilder http = Http5FileSystemConfigBuilder.getInstance();
    http.setConnectionTimeout(options, TIMEOUT);
    http.setSoTimeout(options, TIMEOUT);
    http.setUserAgent(options, "sheave");
    // a password is for this server and no other
    http.setFollowRedirect(options, redirects && settings.password() == null);
    Secret certificates = settings.caCertificates();
    if (certificates != null) {
      Trust.INSTANCE.set(options, certificates);
    }
    Secret user = settings.username();
    Secret password = settings.password();
    if (user != null && password != null) {
      // for archives, which VFS reads itself
      DefaultFileSystemConfigBuilder.getInstance()
          .setUserAuthenticator(options, types -> login(user, password));
    }
    return options;
  }

  private static UserAuthenticationData login(Secret user, Secret password) {
    UserAuthenticationData data = new UserAuthenticationData();
    data.setData(UserAuthenticationData.USERNAME, user.reveal().toCharArray());
    data.setData(UserAuthenticationData.PASSWORD, password.reveal().toCharArray());
    return data;
  }

  @Override
  protected FileSystem doCreateFileSystem(FileName name, FileSystemOptions options)
      throws FileSystemException {
    GenericFileName root = (GenericFileName) name;
    Http5FileSystemConfigBuilder http = Http5FileSystemConfigBuilder.getInstance();
    UserAuthenticationData data =
        UserAuthenticatorUtils.authenticate(
            options,
            new UserAuthenticationData.Type[] {
              UserAuthenticationData.USERNAME, UserAuthenticationData.PASSWORD
            });
    return new HttpConnection(
        root,
        options,
        createHttpClient(http, root, options),
        createHttpClientContext(http, root, options, data));
  }

  @Override
  protected HttpClientBuilder createHttpClientBuilder(
      Http5FileSystemConfigBuilder builder, GenericFileName root, FileSystemOptions options)
      throws FileSystemException {
    Proxies proxies = Proxies.ofProcess();
    return super.createHttpClientBuilder(builder, root, options)
        // a file is fetched as it is
        .disableContentCompression()
        .setRetryStrategy(new DavRetryStrategy())
        .setRoutePlanner(new SystemDefaultRoutePlanner(proxies.selector()))
        .setDefaultCredentialsProvider(
            (server, context) ->
                proxies
                    .login(server.getHost(), server.getPort())
                    .map(
                        login ->
                            new UsernamePasswordCredentials(
                                login.getUserName(), login.getPassword()))
                    .orElse(null))
        .setConnectionManager(connections(createSSLContext(builder, options)));
  }

  /** VFS's own doesn't bound the headers of a response. */
  private static HttpClientConnectionManager connections(SSLContext tls) {
    Http1Config bounds =
        Http1Config.custom()
            .setMaxHeaderCount(Bounds.HEADERS)
            .setMaxLineLength(Bounds.HEADER_LENGTH)
            .build();
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder().http1Config(bounds).build())
        .setTlsSocketStrategy(
            new DefaultClientTlsStrategy(
                tls,
                new String[] {"TLSv1.3", "TLSv1.2"},
                null,
                SSLBufferMode.STATIC,
                HttpsSupport.getDefaultHostnameVerifier()))
        .setMaxConnTotal(CONNECTIONS)
        .setMaxConnPerRoute(CONNECTIONS)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(TIMEOUT))
                .setSocketTimeout(Timeout.of(TIMEOUT))
                .build())
        .build();
  }

  /**
   * Retries every method. A server may close a connection just when it is used again, and the
   * client doesn't know that WebDAV's methods can be repeated.
   */
  private static final class DavRetryStrategy extends DefaultHttpRequestRetryStrategy {
    DavRetryStrategy() {
      super(RETRIES, TimeValue.ofMilliseconds(RETRY_AFTER_MILLIS));
    }

    /** Gives up if the server asks for a longer wait. */
    @Override
    public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
      return super.retryRequest(response, count, context)
          && getRetryInterval(response, count, context).compareTo(MAX_RETRY_AFTER) <= 0;
    }

    @Override
    protected boolean handleAsIdempotent(HttpRequest request) {
      return true;
    }
  }

  @Override
  protected SSLContext createSSLContext(
      Http5FileSystemConfigBuilder builder, FileSystemOptions options) throws FileSystemException {
    Secret certificates = Trust.INSTANCE.get(options);
    try {
      return certificates == null
          ? SSLContext.getDefault()
          : TrustedCertificates.parse(certificates.reveal(), "ca_certificates").context();
    } catch (GeneralSecurityException | SheaveException e) {
      throw new FileSystemException("no TLS connection can be made", e);
    }
  }
}
