package dev.sheave.storage.gcs;

import com.google.api.client.http.HttpBackOffIOExceptionHandler;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.HttpUnsuccessfulResponseHandler;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.ExponentialBackOff;
import com.google.api.services.storage.Storage;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Clients, and with them the tokens they got, shared by all blocks of the same account. All of them
 * share their connections. The last few are kept: they hold nothing that would have to be closed.
 */
final class GcsClients {
  private static final int KEPT = 8;

  /** More than a transfer has threads, so that none waits for a connection. */
  private static final int MOST_CONNECTIONS = 128;

  private static final int CONNECTION_TIMEOUT_MILLIS = 5_000;
  private static final int READ_TIMEOUT_MILLIS = 30_000;

  private static final int TRIES = 4;
  private static final int RETRY_DELAY_MILLIS = 400;
  private static final int LONGEST_RETRY_DELAY_MILLIS = 10_000;
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

  /** What the key and token of any account travel over, too. */
  static final HttpTransportFactory CONNECTIONS = () -> Connections.HTTP;

  /** In the order of their last use. */
  private static final Map<GcsAccount, Storage> CLIENTS = new LinkedHashMap<>(16, 0.75f, true);

  private GcsClients() {}

  /** Connections know no credentials. The JDK's own client would keep five of them alive. */
  private static final class Connections {
    static final HttpTransport HTTP =
        new ApacheHttpTransport(
            ApacheHttpTransport.newDefaultHttpClientBuilder()
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setMaxConnPerRoute(MOST_CONNECTIONS)
                .disableCookieManagement()
                .build());
  }

  static Storage of(GcsAccount account) {
    synchronized (CLIENTS) {
      Storage client = CLIENTS.computeIfAbsent(account, GcsClients::create);
      if (CLIENTS.size() > KEPT) {
        CLIENTS.remove(CLIENTS.keySet().iterator().next());
      }
      return client;
    }
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

  /** What went wrong before there was anything to send. */
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
    private @Nullable HttpCredentialsAdapter credentials;

    Requests(GcsAccount account) {
      this.account = account;
    }

    private synchronized @Nullable HttpCredentialsAdapter credentials() throws IOException {
      if (!looked) {
        GoogleCredentials found = account.credentials();
        credentials = found == null ? null : new HttpCredentialsAdapter(found);
        looked = true;
      }
      return credentials;
    }

    @Override
    public void initialize(HttpRequest request) throws IOException {
      HttpCredentialsAdapter signer;
      try {
        signer = credentials();
        if (signer != null) {
          signer.initialize(request);
        }
      } catch (IOException e) {
        throw new NotSignedIn(e);
      }
      HttpUnsuccessfulResponseHandler again =
          new HttpBackOffUnsuccessfulResponseHandler(delays())
              .setBackOffRequired(response -> PASSING.contains(response.getStatusCode()));
      request
          .setConnectTimeout(CONNECTION_TIMEOUT_MILLIS)
          .setReadTimeout(READ_TIMEOUT_MILLIS)
          .setNumberOfRetries(TRIES - 1)
          .setIOExceptionHandler(new HttpBackOffIOExceptionHandler(delays()))
          .setUnsuccessfulResponseHandler(
              (sent, response, supportsRetry) ->
                  (signer != null && signer.handleResponse(sent, response, supportsRetry))
                      || again.handleResponse(sent, response, supportsRetry));
    }

    private static ExponentialBackOff delays() {
      return new ExponentialBackOff.Builder()
          .setInitialIntervalMillis(RETRY_DELAY_MILLIS)
          .setMultiplier(2)
          .setMaxIntervalMillis(LONGEST_RETRY_DELAY_MILLIS)
          .build();
    }
  }
}
