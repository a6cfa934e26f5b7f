package dev.sheave.server;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Arguments;
import dev.sheave.server.internal.pages.PagesHandler;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
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
 * <p>It knows no keys yet: who reaches it may do everything. So it listens on loopback alone,
 * unless {@link Builder#unsafeNoKeys} says otherwise. Safe for use by several threads.
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
  private final String url;
  private final boolean hasPages;

  private SheaveServer(Server server, String url, boolean hasPages) {
    this.server = server;
    this.url = url;
    this.hasPages = hasPages;
  }

  /** Starts the settings of a server over a connection, which the caller closes after it. */
  public static Builder builder(Sheave sheave) {
    return new Builder(Arguments.notNull(sheave, "sheave"));
  }

  /** The URL of its API, such as {@code http://127.0.0.1:4200/api}. */
  public String url() {
    return url;
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
    private boolean pages = true;

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

    /** Sets whether it may listen beyond loopback, where everybody who reaches it rules it. */
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
     * Starts the server.
     *
     * @throws SheaveException {@code INVALID} for a wrong setting, or a connection to another
     *     server; {@code PERMISSION_DENIED} for a host beyond loopback; {@code CONFLICT} if the
     *     port is taken
     */
    public SheaveServer start() {
      if (port < 0 || port > 65_535) {
        throw new SheaveException(Code.INVALID, "The port must be 0 to 65535, not " + port + ".");
      }
      if (sheave.api().administration().isEmpty()) {
        throw new SheaveException(
            Code.INVALID,
            "A server serves a database, and '"
                + sheave.api().url()
                + "' is a server itself; connect to a URL such as jdbc:sqlite:/home/me/sheave.db.");
      }
      String base = checkedBasePath();
      boolean isLoopback = isLoopback();
      if (!isLoopback && !unsafeNoKeys) {
        throw new SheaveException(
            Code.PERMISSION_DENIED,
            "The server has no keys yet, so everybody who reaches it could read all secrets: it"
                + " listens at loopback such as 127.0.0.1 alone, and not at '"
                + host
                + "'. If the network is yours, --unsafe-no-keys allows it.");
      }
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
      LoopbackGuard guard = isLoopback ? new LoopbackGuard(host) : null;
      Handler api = new ApiHandler(Routes.over(sheave), base + "/api", guard);
      server.setHandler(
          new GracefulHandler(
              pages
                  ? new PagesHandler(
                      sheave, base, request -> guard == null ? null : guard.refusal(request), api)
                  : api));
      start(server);
      return new SheaveServer(
          server, "http://" + inUrl(host) + ":" + connector.getLocalPort() + base + "/api", pages);
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
