package dev.sheave.server;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.StoreAdministration;
import dev.sheave.internal.Arguments;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

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

  /** The greatest size of a request's headers, in bytes. */
  static final int MAX_HEADER_BYTES = 16 << 10;

  /** How long a connection may say nothing. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final int MAX_THREADS = 64;

  private final Server server;
  private final int port;
  private final String url;

  private SheaveServer(Server server, int port, String url) {
    this.server = server;
    this.port = port;
    this.url = url;
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

  /** Waits until the server is closed. */
  public void awaitEnd() {
    try {
      server.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The wait for the server was interrupted.", e);
    }
  }

  /** Stops: takes no more requests, and waits for those in progress, at most 30 seconds. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new SheaveException(
          Code.INTERNAL, "The server at " + url + " didn't stop cleanly: " + e.getMessage(), e);
    }
  }

  /** The settings of a server, in any order. Not safe for use by several threads. */
  public static final class Builder {
    private final Sheave sheave;
    private String host = DEFAULT_HOST;
    private int port = DEFAULT_PORT;
    private String basePath = "";
    private boolean unsafeNoKeys;
    private boolean takesRunKeysOnly;

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
      ApiKeyApi keys =
          sheave
              .api()
              .administration()
              .map(StoreAdministration::apiKeys)
              .orElseThrow(
                  () ->
                      new SheaveException(
                          Code.INVALID,
                          "A server serves a database, and '"
                              + sheave.api().url()
                              + "' is a server itself; connect to a URL such as"
                              + " jdbc:sqlite:/home/me/sheave.db."));
      String base = checkedBasePath();
      boolean isLoopback = isLoopback();
      if (!isLoopback && !unsafeNoKeys && !takesRunKeysOnly && !keys.hasKeys()) {
        throw new SheaveException(
            Code.PERMISSION_DENIED,
            "The server has no API keys, so everybody who reaches '"
                + host
                + "' could read all secrets: make one with 'sheave api-key create NAME --scope"
                + " admin'. If the network is yours, --unsafe-no-keys allows it.");
      }
      Authentication authentication =
          new Authentication(
              keys,
              !takesRunKeysOnly && (isLoopback || unsafeNoKeys),
              takesRunKeysOnly,
              isLoopback ? new LoopbackGuard(host) : null);
      QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
      threads.setName("sheave-server");
      threads.setDaemon(true);
      Server server = new Server(threads);
      ServerConnector connector =
          new ServerConnector(server, new HttpConnectionFactory(configuration()));
      connector.setHost(host);
      connector.setPort(port);
      connector.setIdleTimeout(IDLE.toMillis());
      server.addConnector(connector);
      server.setErrorHandler(new JsonErrors());
      server.setStopTimeout(IDLE.toMillis());
      server.setHandler(
          new GracefulHandler(
              new ApiHandler(
                  Routes.over(sheave),
                  base + "/api",
                  authentication,
                  new RunKeyRules(sheave.api()))));
      start(server);
      int listening = connector.getLocalPort();
      return new SheaveServer(
          server, listening, "http://" + inUrl(host) + ":" + listening + base + "/api");
    }

    private static HttpConfiguration configuration() {
      HttpConfiguration configuration = new HttpConfiguration();
      configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
      configuration.setSendServerVersion(false);
      // names may hold slashes and percent signs; no file is behind a path
      configuration.setUriCompliance(UriCompliance.UNSAFE);
      return configuration;
    }

    private void start(Server server) {
      try {
        server.start();
      } catch (Exception e) {
        stopQuietly(server, e);
        boolean isTaken = e instanceof BindException || e.getCause() instanceof BindException;
        throw new SheaveException(
            isTaken ? Code.CONFLICT : Code.INTERNAL,
            isTaken
                ? "The server can't listen at "
                    + inUrl(host)
                    + ":"
                    + port
                    + ": another program does, or the address isn't this machine's. Use another"
                    + " with --port or --host."
                : "The server can't start: " + e.getMessage(),
            e);
      }
    }

    private static void stopQuietly(Server server, Exception reason) {
      try {
        server.stop();
      } catch (Exception e) {
        reason.addSuppressed(e);
      }
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
