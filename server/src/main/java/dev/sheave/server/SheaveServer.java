package dev.sheave.server;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.OrchestrationApi.Hosting;
import dev.sheave.api.PruneRule;
import dev.sheave.api.StoreAdministration;
import dev.sheave.internal.Arguments;
import dev.sheave.server.internal.pages.PagesHandler;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.Graceful;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that serves a connection's records over HTTP.
 *
 * <pre>{@code
 * try (SheaveServer server = SheaveServer.builder(sheave).port(4200).start()) {
 *   server.awaitEnd();
 * }
 * }</pre>
 *
 * <p>As soon as there is an API key, see {@link dev.sheave.api.ApiKeyApi}, it wants one of every
 * client. Without keys, who reaches it may do everything: so it listens on loopback alone, unless
 * {@link Builder#unsafeNoKeys} says otherwise. Safe for use by several threads.
 */
public final class SheaveServer implements AutoCloseable {
  /** The port unless another is set. */
  public static final int DEFAULT_PORT = 4200;

  /** The host unless another is set. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** How many requests are taken from a key in a second, unless another number is set. */
  public static final int DEFAULT_REQUESTS_PER_SECOND = 200;

  /** The greatest size of a request's headers, in bytes. */
  static final int MAX_HEADER_BYTES = 16 << 10;

  /** How long a connection may say nothing, and how long the end waits for requests. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(SheaveServer.class);

  private final ServerConnector connector;
  private final GracefulHandler handler;
  private final AuditLog audit;
  private final Hosting services;
  private final Routes routes;
  private final @Nullable Meters meters;
  private final int port;
  private final String url;
  private final boolean hasPages;

  /** Starts to listen, by settings that were checked. */
  private SheaveServer(Builder settings, Authentication authentication) {
    Sheave sheave = settings.sheave;
    StoreAdministration store = sheave.api().administration().orElseThrow();
    String base = settings.checkedBasePath();
    ServerThreads threads = new ServerThreads();
    meters = settings.metrics ? Meters.of(store, threads) : null;
    Server server = new Server(threads);
    connector = settings.connector(server);
    server.addConnector(connector);
    server.setErrorHandler(new JsonErrors());
    server.setStopTimeout(IDLE.toMillis());
    audit = new AuditLog(store.audit());
    routes = Routes.over(sheave, meters);
    hasPages = settings.pages && !settings.takesRunKeysOnly;
    Duration patience = settings.idle.multipliedBy(10);
    Handler api =
        new ApiHandler(
            routes,
            base + "/api",
            authentication,
            new RunKeyRules(sheave.api()),
            new RequestRate(settings.requestsPerSecond),
            audit,
            patience);
    Handler all =
        hasPages
            ? new PagesHandler(
                sheave,
                base,
                settings.pruneRule,
                new PageGuard(authentication, audit),
                patience,
                api)
            : api;
    handler = new GracefulHandler(new RequestWatch(all, meters));
    server.setHandler(handler);
    try {
      server.start();
    } catch (Exception e) {
      stopQuietly(server, e);
      closeNotes();
      throw settings.notStarted(e);
    }
    threads.adapt(server.getScheduler());
    port = connector.getLocalPort();
    url = settings.address(port) + base + "/api";
    services = settings.services();
  }

  private static void stopQuietly(Server server, Exception reason) {
    try {
      server.stop();
    } catch (Exception e) {
      reason.addSuppressed(e);
    }
  }

  private void closeNotes() {
    audit.close();
    if (meters != null) {
      meters.close();
    }
  }

  /** Starts the settings of a server over a connection, which the caller closes after it. */
  public static Builder builder(Sheave sheave) {
    return new Builder(Arguments.notNull(sheave, "sheave"));
  }

  /** The URL of its API, such as {@code http://127.0.0.1:4200/api}. */
  public String url() {
    return url;
  }

  /** The port that it listens at. */
  public int port() {
    return port;
  }

  /** The address of its pages, such as {@code http://127.0.0.1:4200/}; empty if it has none. */
  public Optional<String> pagesUrl() {
    return hasPages
        ? Optional.of(url.substring(0, url.length() - "api".length()))
        : Optional.empty();
  }

  /** Waits until the server is closed. */
  public void awaitEnd() {
    try {
      connector.getServer().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The wait for the server was interrupted.", e);
    }
  }

  /** Stops: takes no more requests, and waits for those in progress, at most 30 seconds. */
  @Override
  public void close() {
    services.close();
    routes.endWaits();
    try {
      endRequests();
      connector.getServer().stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new SheaveException(
          Code.INTERNAL, "The server at " + url + " didn't stop cleanly: " + e.getMessage(), e);
    } finally {
      closeNotes();
    }
  }

  /** Leaves connections that nobody waits for; Jetty would give each another second. */
  private void endRequests() throws InterruptedException {
    connector.close();
    try {
      Graceful.shutdown(handler).get(IDLE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("The server at {} ends though requests are in progress.", url);
    }
    connector.getConnectedEndPoints().forEach(EndPoint::close);
  }

  /** The settings of a server, in any order. Not safe for use by several threads. */
  public static final class Builder {
    private final Sheave sheave;
    private String host = DEFAULT_HOST;
    private int port = DEFAULT_PORT;
    private String basePath = "";
    private boolean unsafeNoKeys;
    private boolean takesRunKeysOnly;
    private boolean registersBlockTypes;
    private @Nullable Path certificates;
    private @Nullable Path certificateKey;
    private List<String> trustedProxies = List.of();
    private int requestsPerSecond = DEFAULT_REQUESTS_PER_SECOND;
    private boolean pages = true;
    private Duration idle = IDLE;
    private boolean metrics;
    private @Nullable PruneRule pruneRule;

    private Builder(Sheave sheave) {
      this.sheave = sheave;
    }

    /** Sets the name or address to listen at: {@value #DEFAULT_HOST} by default. */
    public Builder host(String value) {
      this.host = Arguments.notNull(value, "host");
      return this;
    }

    /** Sets the port: {@value #DEFAULT_PORT} by default; 0 for a free one. */
    public Builder port(int value) {
      this.port = value;
      return this;
    }

    /** Sets what all paths begin with, such as {@code /sheave}; nothing by default. */
    public Builder basePath(String value) {
      this.basePath = Arguments.notNull(value, "basePath");
      return this;
    }

    /**
     * Sets whether it may listen beyond loopback without keys, where everybody who reaches it rules
     * it.
     */
    public Builder unsafeNoKeys(boolean value) {
      this.unsafeNoKeys = value;
      return this;
    }

    /** Sets whether it serves pages for browsers beside the API; it does by default. */
    public Builder pages(boolean value) {
      this.pages = value;
      return this;
    }

    /**
     * Sets how many requests are taken from a key in a second; {@link #DEFAULT_REQUESTS_PER_SECOND}
     * by default. Requests without a key aren't limited.
     */
    public Builder requestsPerSecond(int value) {
      this.requestsPerSecond = value;
      return this;
    }

    /**
     * Sets the certificate with which it speaks HTTPS; it speaks HTTP by default.
     *
     * @param certificateChain a PEM file with the server's certificate, and those that lead to its
     *     authority
     * @param privateKey a PEM file with its private key, in PKCS #8, not encrypted
     */
    public Builder tls(Path certificateChain, Path privateKey) {
      this.certificates = Arguments.notNull(certificateChain, "certificateChain");
      this.certificateKey = Arguments.notNull(privateKey, "privateKey");
      return this;
    }

    /**
     * Sets the proxies that are believed who sends a request, by {@code X-Forwarded-For} and the
     * like, which they must set anew; none by default.
     *
     * @param networks addresses such as {@code 10.1.2.3}, or networks such as {@code 10.0.0.0/8}
     */
    public Builder trustedProxies(List<String> networks) {
      this.trustedProxies = List.copyOf(Arguments.notNull(networks, "networks"));
      return this;
    }

    /**
     * Sets whether block types of the class path that the records don't have are registered at the
     * start; not by default.
     */
    public Builder registersBlockTypes(boolean value) {
      this.registersBlockTypes = value;
      return this;
    }

    /**
     * Sets whether it measures what it does, and tells that at {@code /metrics}, in the format of
     * Prometheus; not by default. It needs Micrometer, {@code
     * io.micrometer:micrometer-registry-prometheus}, on the class path.
     */
    public Builder metrics(boolean value) {
      this.metrics = value;
      return this;
    }

    /** Sets what is removed because it is old, in small steps; nothing by default. */
    public Builder prunes(PruneRule value) {
      this.pruneRule = Arguments.notNull(value, "rule");
      return this;
    }

    /** Sets how long a connection may say nothing; a whole request may take ten times as long. */
    Builder idle(Duration value) {
      this.idle = value;
      return this;
    }

    /** Takes the keys of runs and nothing else, at any host. */
    Builder takesRunKeysOnly() {
      this.takesRunKeysOnly = true;
      return this;
    }

    /**
     * Starts the server.
     *
     * @throws SheaveException {@code INVALID} for a wrong setting, or a connection to another
     *     server; {@code PERMISSION_DENIED} for a host beyond loopback without keys; {@code
     *     CONFLICT} if the port is taken
     */
    public SheaveServer start() {
      if (port < 0 || port > 65_535) {
        throw new SheaveException(Code.INVALID, "The port must be 0 to 65535, not " + port + ".");
      }
      if (requestsPerSecond < 1) {
        throw new SheaveException(
            Code.INVALID,
            "The requests per second must be 1 or more, not " + requestsPerSecond + ".");
      }
      if (sheave.api().isServer()) {
        throw new SheaveException(
            Code.INVALID,
            "A server serves a database, and '"
                + sheave.api().url()
                + "' is a server itself; connect to a URL such as"
                + " jdbc:sqlite:/home/me/sheave.db.");
      }
      checkedBasePath();
      ApiKeyApi keys = sheave.api().administration().orElseThrow().apiKeys();
      boolean isLoopback = isLoopback();
      if (!isLoopback && !unsafeNoKeys && !takesRunKeysOnly && !keys.hasKeys()) {
        throw new SheaveException(
            Code.PERMISSION_DENIED,
            "The server has no API keys, so everybody who reaches '"
                + host
                + "' could read all secrets: make one with 'sheave api-key create NAME --scope"
                + " admin'. If the network is yours, --unsafe-no-keys allows it.");
      }
      if (registersBlockTypes) {
        OwnBlockTypes.register(sheave);
      }
      return new SheaveServer(
          this,
          new Authentication(
              keys,
              !takesRunKeysOnly && (isLoopback || unsafeNoKeys),
              takesRunKeysOnly,
              isLoopback ? new LoopbackGuard(scheme(), host) : null));
    }

    private Hosting services() {
      if (takesRunKeysOnly) {
        return () -> {}; // an agent hosts them itself
      }
      return pruneRule == null ? sheave.api().hostServices() : sheave.api().hostServices(pruneRule);
    }

    private String scheme() {
      return certificates == null ? "http" : "https";
    }

    private ServerConnector connector(Server server) {
      HttpConfiguration configuration = configuration();
      if (!trustedProxies.isEmpty()) {
        configuration.addCustomizer(new TrustedProxies(trustedProxies));
      }
      HttpConnectionFactory http = new HttpConnectionFactory(configuration);
      ServerConnector connector;
      if (certificates == null || certificateKey == null) {
        connector = new ServerConnector(server, 1, 1, http);
      } else {
        // clients check the name in the certificate
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        connector =
            new ServerConnector(
                server,
                1,
                1,
                new SslConnectionFactory(Tls.read(certificates, certificateKey), "http/1.1"),
                http);
      }
      connector.setHost(host);
      connector.setPort(port);
      connector.setIdleTimeout(idle.toMillis());
      return connector;
    }

    private static HttpConfiguration configuration() {
      HttpConfiguration configuration = new HttpConfiguration();
      configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
      configuration.setSendServerVersion(false);
      // names may hold slashes and percent signs; no file is behind a path
      configuration.setUriCompliance(UriCompliance.UNSAFE);
      return configuration;
    }

    private SheaveException notStarted(Exception reason) {
      boolean isTaken =
          reason instanceof BindException || reason.getCause() instanceof BindException;
      return new SheaveException(
          isTaken ? Code.CONFLICT : Code.INTERNAL,
          isTaken
              ? "The server can't listen at "
                  + inUrl(host)
                  + ":"
                  + port
                  + ": another program does, or the address isn't this machine's. Use another"
                  + " with --port or --host."
              : "The server can't start: " + reason.getMessage(),
          reason);
    }

    private String address(int realPort) {
      return scheme() + "://" + inUrl(host) + ":" + realPort;
    }

    private String checkedBasePath() {
      String base = basePath.replaceFirst("/+$", "");
      if (!base.isEmpty() && !base.matches("(/[A-Za-z0-9._~-]+)+")) {
        throw new SheaveException(
            Code.INVALID,
            "The base path must be like /sheave: a slash, then letters, digits, '.', '_', '~' and"
                + " '-'; it can't be '"
                + basePath
                + "'.");
      }
      return base;
    }

    private boolean isLoopback() {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        throw new SheaveException(Code.INVALID, "The host '" + host + "' isn't known here.", e);
      }
    }

    private static String inUrl(String name) {
      return name.contains(":") ? "[" + name + "]" : name;
    }
  }
}
