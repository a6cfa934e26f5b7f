package dev.sheave.storage.s3;

import dev.sheave.block.Secret;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.LruCache;
import dev.sheave.storage.net.Proxies;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.S3ServiceClientConfiguration;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeParams;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Clients with their credentials, shared by all blocks of the same settings. All clients share
 * their connections.
 */
final class S3Clients {
  /** The number of parts that one client sends at once, of all its large objects. */
  private static final int PARTS_AT_ONCE = 8;

  /** More than the number of threads, since a thread waits only 10 s for a connection. */
  private static final int MAX_CONNECTIONS = 10_000;

  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

  /** Smaller bodies are sent without {@code Expect: 100-continue}, which takes a round trip. */
  private static final long EXPECT_CONTINUE_BYTES = 8L * 1024 * 1024;

  private static final ProfileFile NO_FILES = ProfileFile.aggregator().build();

  private static final S3AuthSchemeProvider SCHEMES = S3AuthSchemeProvider.defaultProvider();

  /**
   * The settings of one request.
   *
   * @param sent how many bytes it sends
   * @param inChunks whether the body is signed in chunks: then it is read only once, and the server
   *     can check it as it arrives
   */
  static AwsRequestOverrideConfiguration within(long sent, boolean inChunks) {
    AwsRequestOverrideConfiguration.Builder settings =
        AwsRequestOverrideConfiguration.builder().apiCallAttemptTimeout(Bounds.responseTime(sent));
    if (inChunks) {
      settings.addPlugin(
          configuration ->
              ((S3ServiceClientConfiguration.Builder) configuration).authSchemeProvider(SCHEMES));
    }
    return settings.build();
  }

  private static final LruCache<Settings, Access> CLIENTS =
      new LruCache<>(settings -> new Access(create(settings), parts()));

  private S3Clients() {}

  /** The settings of a client. Blocks with equal settings share one. */
  record Settings(
      @Nullable Secret accessKeyId,
      @Nullable Secret secretAccessKey,
      @Nullable Secret sessionToken,
      @Nullable String profileName,
      @Nullable String regionName,
      @Nullable URI endpoint,
      @Nullable Boolean pathStyle) {

    /** The server's URL; one of those that AWS has. */
    URI url() {
      return endpoint == null ? URI.create("https://s3.amazonaws.com") : endpoint;
    }

    /** The server, for messages. */
    String describe() {
      return endpoint == null ? "AWS" : endpoint.toString();
    }
  }

  /**
   * A client and its threads.
   *
   * @param parts sends parts of large objects; it starts threads only when they are needed
   */
  record Access(S3Client client, Executor parts) {}

  static Access of(Settings settings) {
    return CLIENTS.get(settings);
  }

  private static Executor parts() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            PARTS_AT_ONCE,
            PARTS_AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            S3Clients::thread);
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "sheave-s3-part");
    thread.setDaemon(true);
    return thread;
  }

  private static S3Client create(Settings settings) {
    // refuses variables that aren't valid, which a static initializer can't
    Proxies.ofProcess();
    boolean ownServer = settings.endpoint() != null;
    ClientOverrideConfiguration.Builder overrides =
        ClientOverrideConfiguration.builder()
            .addExecutionInterceptor(new BoundedAnswers())
            .retryStrategy(new S3Retries(AwsRetryStrategy.forRetryMode(retryMode(settings))));
    S3ClientBuilder builder =
        S3Client.builder()
            // named, or the SDK looks through the class path for one
            .httpClient(http(settings.endpoint()))
            .defaultsMode(DefaultsMode.LEGACY)
            .credentialsProvider(credentials(settings))
            .authSchemeProvider(S3Clients::schemes)
            .serviceConfiguration(
                S3Configuration.builder()
                    .pathStyleAccessEnabled(
                        settings.pathStyle() == null ? ownServer : settings.pathStyle())
                    .expectContinueThresholdInBytes(EXPECT_CONTINUE_BYTES)
                    .build());
    if (settings.accessKeyId() != null) {
      // nothing in the shared files can matter: don't read them
      overrides.defaultProfileFile(NO_FILES).defaultProfileName("default");
    } else if (settings.profileName() != null) {
      overrides.defaultProfileName(settings.profileName());
    }
    builder.overrideConfiguration(overrides.build());
    Optional<Region> region = region(settings);
    builder.region(region.orElse(Region.US_EAST_1));
    if (ownServer) {
      // many of those that speak the protocol don't know the checksums that AWS has by default
      builder
          .endpointOverride(settings.endpoint())
          .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
          .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    } else if (region.isEmpty()) {
      builder.crossRegionAccessEnabled(true);
    }
    return builder.build();
  }

  /** As the SDK does it: from the environment, or from the profile if that is used. */
  private static RetryMode retryMode(Settings settings) {
    RetryMode.Resolver mode = RetryMode.resolver().defaultRetryMode(RetryMode.LEGACY);
    if (settings.accessKeyId() != null) {
      mode.profileFile(() -> NO_FILES);
    } else if (settings.profileName() != null) {
      mode.profileName(settings.profileName());
    }
    return mode.resolve();
  }

  /** Limits what a server may answer, and the wait that it asks for, which the SDK doesn't. */
  private static final class BoundedAnswers implements ExecutionInterceptor {
    private static final String HEADER = "Retry-After";
    private static final Pattern A_FEW_SECONDS = Pattern.compile("[0-9]");

    @Override
    public SdkHttpResponse modifyHttpResponse(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      SdkHttpResponse response = context.httpResponse();
      return response
          .firstMatchingHeader(HEADER)
          .filter(wait -> !A_FEW_SECONDS.matcher(wait.strip()).matches())
          .<SdkHttpResponse>map(wait -> response.toBuilder().removeHeader(HEADER).build())
          .orElse(response);
    }

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      boolean isObject =
          context.request() instanceof GetObjectRequest && context.httpResponse().isSuccessful();
      return isObject
          ? context.responseBody()
          : context.responseBody().map(body -> Bounds.response(body, context.httpRequest().host()));
    }
  }

  /**
   * Objects are signed as a whole: most are small, and to sign them in chunks takes the SDK a
   * buffer of 128 KiB for each.
   */
  private static List<AuthSchemeOption> schemes(S3AuthSchemeParams request) {
    List<AuthSchemeOption> schemes = SCHEMES.resolveAuthScheme(request);
    return request.operation().equals("PutObject")
        ? schemes.stream().map(S3Clients::withoutChunks).toList()
        : schemes;
  }

  private static AuthSchemeOption withoutChunks(AuthSchemeOption scheme) {
    return scheme.toBuilder()
        .putSignerProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, false)
        .build();
  }

  private static SdkHttpClient http(@Nullable URI endpoint) {
    return endpoint != null && "http".equals(endpoint.getScheme())
        ? UnencryptedConnections.HTTP
        : Connections.HTTP;
  }

  private static Apache5HttpClient.Builder connections() {
    Proxies proxies = Proxies.ofProcess();
    return Apache5HttpClient.builder()
        .maxConnections(MAX_CONNECTIONS)
        // the SDK's own reading of the environment differs from that of other backends
        .proxyConfiguration(
            ProxyConfiguration.builder()
                .useSystemPropertyValues(false)
                .useEnvironmentVariableValues(false)
                .build())
        .httpRoutePlanner(new SystemDefaultRoutePlanner(proxies.selector()))
        .credentialsProvider(
            (server, context) ->
                proxies
                    .login(server.getHost(), server.getPort())
                    .map(
                        login ->
                            new UsernamePasswordCredentials(
                                login.getUserName(), login.getPassword()))
                    .orElse(null))
        .connectionTimeout(CONNECTION_TIMEOUT)
        .socketTimeout(SOCKET_TIMEOUT);
  }

  /** The connections of all clients; they have no credentials. */
  private static final class Connections {
    static final SdkHttpClient HTTP = connections().build();
  }

  /** Connections without TLS. Those with TLS load all trusted certificates, which takes time. */
  private static final class UnencryptedConnections {
    static final SdkHttpClient HTTP =
        connections()
            .tlsSocketStrategy(
                (socket, target, port, attachment, context) ->
                    DefaultClientTlsStrategy.createSystemDefault()
                        .upgrade(socket, target, port, attachment, context))
            .build();
  }

  private static AwsCredentialsProvider credentials(Settings settings) {
    Secret id = settings.accessKeyId();
    Secret secret = settings.secretAccessKey();
    Secret token = settings.sessionToken();
    if (id != null && secret != null) {
      return StaticCredentialsProvider.create(
          token == null
              ? AwsBasicCredentials.create(id.reveal(), secret.reveal())
              : AwsSessionCredentials.create(id.reveal(), secret.reveal(), token.reveal()));
    }
    return new S3Credentials(settings.profileName());
  }

  /** Unlike the SDK it doesn't ask the metadata server, which takes seconds where none exists. */
  private static Optional<Region> region(Settings settings) {
    if (settings.regionName() != null && !settings.regionName().isBlank()) {
      return Optional.of(Region.of(settings.regionName().strip()));
    }
    for (String name : new String[] {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
      String value = System.getenv(name);
      if (value != null && !value.isBlank()) {
        return Optional.of(Region.of(value.strip()));
      }
    }
    if (settings.accessKeyId() != null) {
      return Optional.empty();
    }
    try {
      AwsRegionProvider profile = new AwsProfileRegionProvider(null, settings.profileName());
      return Optional.ofNullable(profile.getRegion());
    } catch (RuntimeException e) { // the SDK's way to say that the profile names none
      return Optional.empty();
    }
  }
}
