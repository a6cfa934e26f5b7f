package dev.sheave.storage.gcs;

import com.google.api.client.http.HttpBackOffIOExceptionHandler;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.HttpUnsuccessfulResponseHandler;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.ExponentialBackOff;
import com.google.api.services.storage.Storage;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import dev.sheave.storage.net.AbandonableStream;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.Deadline;
import dev.sheave.storage.net.LruCache;
import dev.sheave.storage.net.Proxies;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Set;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpHeaders;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.Credentials;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.CredentialsProvider;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.entity.GzipDecompressingEntity;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.entity.HttpEntityWrapper;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.SystemDefaultRoutePlanner;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Clients with their tokens, shared by all blocks of the same account. All clients share their
 * connections.
 */
final class GcsClients {
  /** More than a transfer takes threads by itself; where there are more, some wait. */
  private static final int MAX_CONNECTIONS = 128;

  private static final int CONNECTION_TIMEOUT_MILLIS = 5_000;
  private static final int READ_TIMEOUT_MILLIS = 30_000;

  private static final int TRIES = 4;
  private static final int RETRY_DELAY_MILLIS = 400;
  private static final int MAX_RETRY_DELAY_MILLIS = 10_000;
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

  /** How long a sign-in may take to answer; Google's library tries up to four times. */
  private static final int SIGN_IN_TIMEOUT_MILLIS = 5_000;

  /** Connections for the sign-ins of all accounts. */
  static final HttpTransportFactory SIGN_INS = () -> SignIns.HTTP;

  private static final LruCache<GcsAccount, Storage> CLIENTS = new LruCache<>(GcsClients::create);

  private static final String DEADLINE = "sheave.deadline";

  private GcsClients() {}

  /** Connections know no credentials. The JDK's own client would keep five of them alive. */
  private static final class Connections {
    static final HttpTransport HTTP = new ApacheHttpTransport(builder().build());
  }

  private static HttpClientBuilder builder() {
    Proxies proxies = Proxies.ofProcess();
    return ApacheHttpTransport.newDefaultHttpClientBuilder()
        .setMaxConnTotal(MAX_CONNECTIONS)
        .setMaxConnPerRoute(MAX_CONNECTIONS)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setMessageConstraints(
                    MessageConstraints.custom()
                        .setMaxHeaderCount(Bounds.HEADERS)
                        .setMaxLineLength(Bounds.HEADER_LENGTH)
                        .build())
                .build())
        .setRoutePlanner(new SystemDefaultRoutePlanner(proxies.selector()))
        .setDefaultCredentialsProvider(new ProxyLogins(proxies))
        .addInterceptorLast(GcsClients::begin)
        .addInterceptorFirst(GcsClients::bound)
        .disableCookieManagement();
  }

  /** Bounds the time until a response is there: that of its socket starts again with each byte. */
  private static void begin(org.apache.http.HttpRequest request, HttpContext context) {
    long sent =
        request instanceof HttpEntityEnclosingRequest upload && upload.getEntity() != null
            ? Math.max(upload.getEntity().getContentLength(), 0)
            : 0;
    context.setAttribute(DEADLINE, Deadline.of(Bounds.responseTime(sent), () -> abort(request)));
  }

  /**
   * Bounds a response, and takes the address out of a redirect: Google's library would follow it
   * with all that is secret in the request.
   */
  private static void bound(org.apache.http.HttpResponse response, HttpContext context) {
    if (context.getAttribute(DEADLINE) instanceof Deadline deadline) {
      deadline.close();
    }
    int status = response.getStatusLine().getStatusCode();
    if (status >= 300 && status < 400) {
      response.removeHeaders("Location");
    }
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return;
    }
    HttpClientContext client = HttpClientContext.adapt(context);
    if (status < 300 && client.getRequest().getRequestLine().getUri().contains("alt=media")) {
      response.setEntity(abandonable(entity, client.getRequest()));
      return;
    }
    // unpacked here, so that what it unpacks to is bounded
    Header encoding = entity.getContentEncoding();
    boolean zipped = encoding != null && encoding.getValue().equalsIgnoreCase("gzip");
    if (zipped) {
      response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
      response.removeHeaders(HttpHeaders.CONTENT_LENGTH);
    }
    String host = client.getTargetHost().getHostName();
    response.setEntity(
        new HttpEntityWrapper(zipped ? new GzipDecompressingEntity(entity) : entity) {
          @Override
          public InputStream getContent() throws IOException {
            return Bounds.response(super.getContent(), host);
          }
        });
  }

  /** Google's library reads what is left of an object that is closed, however long it is. */
  private static HttpEntity abandonable(HttpEntity entity, org.apache.http.HttpRequest request) {
    return new HttpEntityWrapper(entity) {
      @Override
      public InputStream getContent() throws IOException {
        return new AbandonableStream(super.getContent(), () -> abort(request));
      }
    };
  }

  private static void abort(org.apache.http.HttpRequest request) {
    if (request instanceof HttpRequestWrapper wrapper
        && wrapper.getOriginal() instanceof HttpUriRequest original) {
      original.abort();
    }
  }

  /** Logs in to proxies, and to nothing else. */
  private record ProxyLogins(Proxies proxies) implements CredentialsProvider {
    @Override
    public void setCredentials(AuthScope scope, Credentials credentials) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Credentials getCredentials(AuthScope scope) {
      return proxies
          .login(scope.getHost(), scope.getPort())
          .map(
              login ->
                  new UsernamePasswordCredentials(
                      login.getUserName(), new String(login.getPassword())))
          .orElse(null);
    }

    @Override
    public void clear() {}
  }

  /**
   * Limits the time of sign-ins: Google's library waits 20 seconds for each answer, also from the
   * metadata server, and has no setting for it.
   */
  private static final class SignIns {
    static final HttpTransport HTTP =
        new ApacheHttpTransport(
            builder()
                .addInterceptorFirst(
                    (org.apache.http.HttpRequest request, HttpContext context) ->
                        bound(HttpClientContext.adapt(context)))
                .build());

    private static void bound(HttpClientContext context) {
      RequestConfig asked = context.getRequestConfig();
      context.setRequestConfig(
          RequestConfig.copy(asked)
              .setConnectTimeout(Math.min(asked.getConnectTimeout(), CONNECTION_TIMEOUT_MILLIS))
              .setSocketTimeout(Math.min(asked.getSocketTimeout(), SIGN_IN_TIMEOUT_MILLIS))
              .build());
    }
  }

  static Storage of(GcsAccount account) {
    return CLIENTS.get(account);
  }

  private static Storage create(GcsAccount account) {
    // refuses variables that aren't valid, which a static initializer can't
    Proxies.ofProcess();
    Storage.Builder builder =
        new Storage.Builder(
                Connections.HTTP, GsonFactory.getDefaultInstance(), new Requests(account))
            .setApplicationName("sheave");
    URI endpoint = account.endpoint();
    if (endpoint != null) {
      builder.setRootUrl(endpoint.toString().replaceFirst("/*$", "/"));
    }
    return builder.build();
  }

  /** A sign-in failed, so no request was sent. */
  static final class NotSignedIn extends IOException {
    private static final long serialVersionUID = 1L;

    NotSignedIn(IOException cause) {
      super(cause);
    }
  }

  /** Prepares requests: signed, patient for a while, tried again. */
  private static final class Requests implements HttpRequestInitializer {
    private final GcsAccount account;
    private boolean looked;
    private @Nullable GoogleCredentials credentials;

    Requests(GcsAccount account) {
      this.account = account;
    }

    private synchronized @Nullable GoogleCredentials credentials() throws IOException {
      if (!looked) {
        credentials = account.credentials();
        looked = true;
      }
      return credentials;
    }

    @Override
    public void initialize(HttpRequest request) throws IOException {
      GoogleCredentials found;
      try {
        found = credentials();
      } catch (IOException e) {
        throw new NotSignedIn(e);
      }
      sign(request, found, account);
      request
          .setFollowRedirects(false)
          .setConnectTimeout(CONNECTION_TIMEOUT_MILLIS)
          .setReadTimeout(READ_TIMEOUT_MILLIS)
          .setNumberOfRetries(TRIES - 1)
          .setIOExceptionHandler(new HttpBackOffIOExceptionHandler(delays()))
          .setUnsuccessfulResponseHandler(new Again(found, account));
    }
  }

  /** Signs a request, if the credential is for its server: an upload may go to another. */
  private static void sign(
      HttpRequest request, @Nullable GoogleCredentials credentials, GcsAccount account)
      throws NotSignedIn {
    if (credentials != null && account.isFor(request.getUrl())) {
      HttpUnsuccessfulResponseHandler handler = request.getUnsuccessfulResponseHandler();
      try {
        new HttpCredentialsAdapter(credentials).initialize(request);
      } catch (IOException e) {
        throw new NotSignedIn(e);
      }
      // not the adapter, which logs what is said here; uploads have one around ours
      request.setUnsuccessfulResponseHandler(handler);
    }
  }

  private static ExponentialBackOff delays() {
    return new ExponentialBackOff.Builder()
        .setInitialIntervalMillis(RETRY_DELAY_MILLIS)
        .setMultiplier(2)
        .setMaxIntervalMillis(MAX_RETRY_DELAY_MILLIS)
        .build();
  }

  /** Decides which failed requests are tried again, and gets a new token first if needed. */
  private static final class Again implements HttpUnsuccessfulResponseHandler {
    private final @Nullable GoogleCredentials credentials;
    private final HttpUnsuccessfulResponseHandler later =
        new HttpBackOffUnsuccessfulResponseHandler(delays())
            .setBackOffRequired(response -> PASSING.contains(response.getStatusCode()));
    private final GcsAccount account;
    private boolean signedAgain;

    Again(@Nullable GoogleCredentials credentials, GcsAccount account) {
      this.credentials = credentials;
      this.account = account;
    }

    @Override
    public boolean handleResponse(HttpRequest request, HttpResponse response, boolean mayRetry)
        throws IOException {
      if (response.getStatusCode() != 401) {
        return later.handleResponse(request, response, mayRetry);
      }
      if (credentials == null || signedAgain) {
        return false;
      }
      signedAgain = true;
      try {
        credentials.refresh();
      } catch (IOException e) {
        throw new NotSignedIn(e);
      }
      sign(request, credentials, account);
      return true;
    }
  }
}
