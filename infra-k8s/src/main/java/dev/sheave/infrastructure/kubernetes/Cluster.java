package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cluster, as somebody may use it. There is one object for each configuration in this program.
 * Safe for use by several threads.
 */
final class Cluster {
  /** Names the cluster in place of its own id, which not everybody may read. */
  static final String ID_VARIABLE = "SHEAVE_KUBERNETES_CLUSTER_UID";

  private static final int TRIES = 3;
  private static final int THREADS = 4;
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  private static final Map<Optional<KubernetesClusterConfig>, Cluster> CLUSTERS =
      new ConcurrentHashMap<>();

  private final KubernetesClient client;
  private final String address;
  private final @Nullable String namespace;
  private final ScheduledThreadPoolExecutor executor;
  private final Map<String, NamespaceWatch> watches = new ConcurrentHashMap<>();
  private final PodNetwork network = new PodNetwork(this);
  private volatile Duration clockOffset = Duration.ZERO;
  private volatile @Nullable String id;

  private Cluster(@Nullable KubernetesClusterConfig block) {
    Config config =
        new ConfigBuilder(KubeConfig.of(block))
            .withRequestRetryBackoffLimit(TRIES)
            .withHttp2Disable(true) // a connection for each stream: their number isn't limited
            .build();
    try {
      this.client =
          new KubernetesClientBuilder()
              .withConfig(config)
              .withHttpClientFactory(new ClusterHttp(config))
              .withHttpClientBuilderConsumer(
                  http -> http.addOrReplaceInterceptor("sheave-clock", new Clock()))
              .build();
    } catch (KubernetesClientException e) {
      throw KubeConfig.unusable(ClusterErrors.reason(e), e);
    }
    this.address = config.getMasterUrl().replaceAll("/$", "");
    this.namespace = config.getNamespace();
    this.executor =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "sheave-kubernetes");
              thread.setDaemon(true);
              return thread;
            });
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setRemoveOnCancelPolicy(true);
  }

  /**
   * Returns a cluster; it is connected to when it is asked something.
   *
   * @param config null for that of kubectl
   * @throws SheaveException {@code INVALID} if the configuration can't be used
   */
  static Cluster of(@Nullable KubernetesClusterConfig config) {
    return CLUSTERS.computeIfAbsent(Optional.ofNullable(config), key -> new Cluster(config));
  }

  /** Notes what the cluster's clock shows. */
  private final class Clock implements Interceptor {
    @Override
    public void after(
        HttpRequest request,
        HttpResponse<?> response,
        AsyncBody.@Nullable Consumer<List<ByteBuffer>> consumer) {
      for (String date : response.headers("Date")) {
        try {
          Instant theirs = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
          clockOffset = Duration.between(Instant.now(), theirs);
        } catch (DateTimeException e) {
          // it shows nothing
        }
      }
    }
  }

  /** The time by the cluster's clock, to a second or so. */
  Instant now() {
    return Instant.now().plus(clockOffset);
  }

  String address() {
    return address;
  }

  /** The namespace that the configuration names. */
  Optional<String> namespace() {
    return Optional.ofNullable(namespace).filter(name -> !name.isBlank());
  }

  KubernetesSerialization serialization() {
    return client.getKubernetesSerialization();
  }

  /** The network between its pods and this machine. */
  PodNetwork network() {
    return network;
  }

  /** The watch of a namespace. */
  NamespaceWatch watch(String ofNamespace) {
    return watches.computeIfAbsent(ofNamespace, name -> new NamespaceWatch(this, name));
  }

  /** Executes something soon, on a thread of this cluster. */
  void execute(Runnable task) {
    executor.execute(task);
  }

  /** Executes something later, on a thread of this cluster. */
  void later(Runnable task, Duration delay) {
    Future<?> unused =
        executor.schedule(task, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
  }

  /**
   * Returns the cluster's own id: that of its namespace {@code kube-system}; for those who may not
   * read it a digest of how it is reached.
   */
  String id() {
    String known = id;
    if (known == null) {
      String variable = System.getenv(ID_VARIABLE);
      known = variable == null || variable.isBlank() ? askForId() : variable;
      id = known;
    }
    return known;
  }

  private String askForId() {
    try {
      Namespace system = call("show itself", api -> api.namespaces().withName("kube-system").get());
      if (system != null) {
        return system.getMetadata().getUid();
      }
    } catch (SheaveException e) {
      if (e.code() != Code.PERMISSION_DENIED) {
        throw e;
      }
    }
    Config config = client.getConfiguration();
    String certificate =
        Objects.requireNonNullElse(
            config.getCaCertData(), Objects.requireNonNullElse(config.getCaCertFile(), address));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(certificate.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Calls the API server.
   *
   * @param what is asked for, to stand after "to"
   */
  <T extends @Nullable Object> T call(String what, Function<KubernetesClient, T> call) {
    try {
      return call.apply(client);
    } catch (RuntimeException e) {
      throw ClusterErrors.of(address, what, e);
    }
  }

  /** Calls the API server for what may be gone. */
  <T> Optional<T> find(String what, Function<KubernetesClient, @Nullable T> call) {
    try {
      return Optional.ofNullable(this.<@Nullable T>call(what, call));
    } catch (SheaveException e) {
      if (e.code() == Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Sends a request whose answer is a stream.
   *
   * @param path with its query
   * @param bytes takes what comes, one part after another; it must not hold up the thread for long
   */
  ByteStream open(String path, String what, Consumer<ByteBuffer> bytes) {
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(address + path)
            .timeout(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .build();
    return new ByteStream(address, what, bytes).start(client.getHttpClient(), request);
  }

  /** Whether two of its objects are of one version, or the first is newer. */
  static boolean isNewer(@Nullable String version, @Nullable String than) {
    try {
      return Long.parseLong(Objects.requireNonNullElse(version, ""))
          >= Long.parseLong(Objects.requireNonNullElse(than, "0"));
    } catch (NumberFormatException e) {
      return true; // versions are no numbers there
    }
  }
}
