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
import dev.sheave.storage.internal.LruCache;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.impl.client.HttpClientBuilder;
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

  private GcsClients() {}

  /** Connections know no credentials. The JDK's own client would keep five of them alive. */
  private static final class Connections {
    static final HttpTransport HTTP = new ApacheHttpTransport(builder().build());
  }

  private static HttpClientBuilder builder() {
    return ApacheHttpTransport.newDefaultHttpClientBuilder()
        .setMaxConnTotal(MAX_CONNECTIONS)
        .setMaxConnPerRoute(MAX_CONNECTIONS)
        .disableCookieManagement();
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
      sign(request, found);
      request
          .setConnectTimeout(CONNECTION_TIMEOUT_MILLIS)
          .setReadTimeout(READ_TIMEOUT_MILLIS)
          .setNumberOfRetries(TRIES - 1)
          .setIOExceptionHandler(new HttpBackOffIOExceptionHandler(delays()))
          .setUnsuccessfulResponseHandler(new Again(found));
    }
  }

  private static void sign(HttpRequest request, @Nullable GoogleCredentials credentials)
      throws NotSignedIn {
    if (credentials != null) {
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
    private boolean signedAgain;

    Again(@Nullable GoogleCredentials credentials) {
      this.credentials = credentials;
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
      sign(request, credentials);
      return true;
    }
  }
}
