package dev.sheave.storage.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.util.ConfigurationBuilder;
import com.azure.identity.AzureCliCredentialBuilder;
import com.azure.identity.AzureDeveloperCliCredentialBuilder;
import com.azure.identity.ChainedTokenCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobServiceAsyncClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.net.LruCache;
import dev.sheave.storage.net.Proxies;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Clients with their tokens, shared by all blocks of the same account. All clients share their
 * connections.
 */
final class AzureClients {
  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);

  /** The longest time until a response begins, and between two parts of it. */
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The same while a credential is looked for: most machines have no identity service. */
  private static final Duration CONNECTION_TIMEOUT_OF_FINDING = Duration.ofSeconds(2);

  private static final Duration IDENTITY_TIMEOUT = Duration.ofSeconds(15);

  private static final int TRIES = 4;
  private static final Duration RETRY_DELAY = Duration.ofMillis(400);
  private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(10);

  /** A header of each response. */
  private static final HttpHeaderName VERSION = HttpHeaderName.fromString("x-ms-version");

  private static final LruCache<AzureAccount, BlobServiceAsyncClient> CLIENTS =
      new LruCache<>(AzureClients::create);

  private AzureClients() {}

  /** The connections of all clients; they have no credentials. */
  private static final class Connections {
    // named, or the SDK looks through the class path for one
    static final HttpClient HTTP =
        new BoundedClient(
            builder()
                .connectionTimeout(CONNECTION_TIMEOUT)
                .writeTimeout(TIMEOUT)
                .responseTimeout(TIMEOUT)
                .readTimeout(TIMEOUT)
                .build());
    static final HttpClient FINDING =
        new BoundedClient(
            builder()
                .connectionTimeout(CONNECTION_TIMEOUT_OF_FINDING)
                .writeTimeout(IDENTITY_TIMEOUT)
                .responseTimeout(IDENTITY_TIMEOUT)
                .readTimeout(IDENTITY_TIMEOUT)
                .build());

    private static JdkHttpClientBuilder builder() {
      // no authenticator: with one, Java drops the header that signs a request
      return new JdkHttpClientBuilder(
          java.net.http.HttpClient.newBuilder().proxy(Proxies.ofProcess().selector()));
    }
  }

  static BlobServiceAsyncClient of(AzureAccount account) {
    return CLIENTS.get(account);
  }

  private static BlobServiceAsyncClient create(AzureAccount account) {
    // refuses variables that aren't valid, which a static initializer can't
    Proxies.ofProcess();
    BlobServiceClientBuilder builder =
        new BlobServiceClientBuilder()
            .httpClient(Connections.HTTP)
            .addPolicy((call, next) -> next.process().flatMap(AzureClients::checkIsAzures))
            .retryOptions(
                new RequestRetryOptions(
                    RetryPolicyType.EXPONENTIAL,
                    TRIES,
                    (Duration) null,
                    RETRY_DELAY,
                    MAX_RETRY_DELAY,
                    null));
    try {
      signIn(builder, account);
      endpoint(account).ifPresent(builder::endpoint);
      return builder.buildAsyncClient();
    } catch (IllegalArgumentException | IllegalStateException e) {
      // no cause: the SDK's message may have a credential in it
      throw new SheaveException(
          Code.INVALID,
          "The block's values don't describe a storage account: "
              + account.credential().remedy()
              + ".");
    }
  }

  /** Thrown for an answer such as a login page, which the client takes for content. */
  static final class NotAzure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private NotAzure() {
      super("the response lacks " + VERSION);
    }
  }

  private static Mono<HttpResponse> checkIsAzures(HttpResponse response) {
    if (response.getStatusCode() < 300 && response.getHeaderValue(VERSION) == null) {
      response.close();
      return Mono.error(new NotAzure());
    }
    return Mono.just(response);
  }

  private static Optional<String> endpoint(AzureAccount account) {
    URI endpoint = account.endpoint();
    Secret name = account.name();
    if (endpoint != null) {
      return Optional.of(endpoint.toString());
    }
    return name == null || account.connectionString() != null
        ? Optional.empty()
        : Optional.of("https://" + name.reveal() + ".blob.core.windows.net");
  }

  private static void signIn(BlobServiceClientBuilder builder, AzureAccount account) {
    switch (account.credential()) {
      case CONNECTION_STRING -> builder.connectionString(revealed(account.connectionString()));
      case KEY ->
          builder.credential(
              new StorageSharedKeyCredential(revealed(account.name()), revealed(account.key())));
      case SAS_TOKEN -> builder.sasToken(revealed(account.sasToken()));
      case CLIENT_SECRET -> builder.credential(application(account));
      case FOUND -> builder.credential(found());
      case NONE -> {}
    }
  }

  private static String revealed(@Nullable Secret secret) {
    return secret == null ? "" : secret.reveal().strip();
  }

  private static TokenCredential application(AzureAccount account) {
    return new ClientSecretCredentialBuilder()
        .httpClient(Connections.HTTP)
        // the request that needs the token is tried again
        .maxRetry(0)
        .retryOptions(new RetryOptions(new FixedDelayOptions(0, Duration.ZERO)))
        .tenantId(revealed(account.tenantId()))
        .clientId(revealed(account.clientId()))
        .clientSecret(revealed(account.clientSecret()))
        .build();
  }

  /**
   * The SDK's default chain, without the two sources that need 3 MB of native access (PowerShell
   * and IntelliJ): the environment, a workload identity, a managed identity, then the two command
   * lines.
   */
  private static TokenCredential found() {
    Map<String, String> chain = Map.of("AZURE_TOKEN_CREDENTIALS", "prod");
    TokenCredential all =
        new ChainedTokenCredentialBuilder()
            .addLast(
                new DefaultAzureCredentialBuilder()
                    .httpClient(Connections.FINDING)
                    .maxRetry(0)
                    .retryOptions(new RetryOptions(new FixedDelayOptions(0, Duration.ZERO)))
                    .configuration(
                        new ConfigurationBuilder(
                                path -> Map.of(), path -> chain, path -> System.getenv())
                            .build())
                    .build())
            .addLast(new AzureCliCredentialBuilder().build())
            .addLast(new AzureDeveloperCliCredentialBuilder().build())
            .build();
    return request -> all.getToken(request).onErrorMap(AzureClients::last);
  }

  /**
   * Hides timeouts among the causes of an exception: the client would try again, and each time wait
   * for a machine identity that doesn't respond.
   */
  private static ClientAuthenticationException last(Throwable failure) {
    ClientAuthenticationException last =
        new ClientAuthenticationException(failure.getMessage(), null);
    last.addSuppressed(failure);
    return last;
  }
}
