package dev.sheave.storage.net;

import dev.sheave.SheaveException;
import dev.sheave.block.Secret;
import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proxies through which this process reaches servers, the same for every backend. Immutable.
 *
 * <p>They are those of {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code
 * NO_PROXY}, as for git and curl: in lower case first, then in upper case. Unlike curl this reads
 * {@code HTTP_PROXY} in upper case too, except in a CGI program, where a request's header could set
 * it. A proxy that the Java virtual machine was given ({@code -Dhttps.proxyHost}, {@link
 * ProxySelector#setDefault}) takes precedence. The metadata servers of cloud machines are always
 * reached directly.
 */
public final class Proxies {
  /** Java refuses to send passwords to proxies of TLS connections unless this is empty. */
  private static final String TUNNELING = "jdk.http.auth.tunneling.disabledSchemes";

  private static final Set<String> METADATA_SERVERS =
      Set.of("metadata.google.internal", "metadata", "fd00:ec2::254", "fd20:ce::254");

  private final @Nullable ProxyServer https;
  private final @Nullable ProxyServer http;
  private final NoProxy direct;
  private final UnaryOperator<@Nullable String> properties;

  /**
   * The proxies of an environment.
   *
   * @param properties system properties of Java
   * @throws SheaveException {@code INVALID} if a variable can't be read
   */
  Proxies(Map<String, String> environment, UnaryOperator<@Nullable String> properties) {
    this.properties = properties;
    boolean cgi = environment.containsKey("REQUEST_METHOD");
    ProxyServer all =
        variable(environment, "ALL_PROXY", false)
            // SOCKS, for other programs
            .filter(value -> !value.contains("://") || value.startsWith("http://"))
            .map(value -> ProxyServer.parse("ALL_PROXY", value))
            .orElse(null);
    this.https =
        variable(environment, "HTTPS_PROXY", false)
            .map(value -> ProxyServer.parse("HTTPS_PROXY", value))
            .orElse(all);
    this.http =
        variable(environment, "HTTP_PROXY", cgi)
            .map(value -> ProxyServer.parse("HTTP_PROXY", value))
            .orElse(all);
    this.direct = NoProxy.parse(variable(environment, "NO_PROXY", false).orElse(""));
  }

  /** Read at the first use, since the environment of a process doesn't change. */
  private static final class OfProcess {
    static final Proxies INSTANCE = new Proxies(System.getenv(), System::getProperty);

    static {
      boolean login =
          (INSTANCE.https != null && INSTANCE.https.user() != null)
              || INSTANCE.jvms("https").filter(proxy -> proxy.user() != null).isPresent();
      if (login && System.getProperty(TUNNELING) == null) {
        System.setProperty(TUNNELING, "");
      }
    }
  }

  /**
   * The proxies of this process. Must be called before the first request, since Java reads some of
   * its settings once.
   *
   * @throws SheaveException {@code INVALID} if a variable can't be read
   */
  public static Proxies ofProcess() {
    try {
      return OfProcess.INSTANCE;
    } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
      // the same error each time, and as itself
      return new Proxies(System.getenv(), System::getProperty);
    }
  }

  /** The first that is set; a variable that is set but empty means that there is no proxy. */
  private static Optional<String> variable(
      Map<String, String> environment, String name, boolean lowerCaseOnly) {
    String value = environment.get(name.toLowerCase(Locale.ROOT));
    if (value == null && !lowerCaseOnly) {
      value = environment.get(name);
    }
    return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
  }

  /**
   * Returns the proxy for a server; empty if it is reached directly.
   *
   * @param scheme {@code http} or {@code https}
   * @param port -1 for the usual one
   */
  public Optional<ProxyServer> of(String scheme, @Nullable String host, int port) {
    if (host == null || isMetadataServer(host)) {
      return Optional.empty();
    }
    boolean encrypted = scheme.equalsIgnoreCase("https");
    Optional<ProxyServer> jvms = ofDefaultSelector(scheme, host, port);
    if (jvms.isPresent() || isSet((encrypted ? "https" : "http") + ".proxyHost")) {
      return jvms;
    }
    int actual = port > 0 ? port : encrypted ? 443 : 80;
    return Optional.ofNullable(encrypted ? https : http)
        .filter(proxy -> !direct.contains(host, actual));
  }

  /** Returns the proxy for the server of a URL; empty if it is reached directly. */
  public Optional<ProxyServer> of(URI url) {
    return of(String.valueOf(url.getScheme()), url.getHost(), url.getPort());
  }

  private boolean isSet(String property) {
    String value = properties.apply(property);
    return value != null && !value.isBlank();
  }

  private Optional<ProxyServer> ofDefaultSelector(String scheme, String host, int port) {
    ProxySelector selector = ProxySelector.getDefault();
    if (selector == null || selector instanceof Selector) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(scheme, null, host, port, "/", null, null);
      for (Proxy proxy : selector.select(uri)) {
        if (proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress at) {
          return Optional.of(jvms(scheme, at.getHostString(), at.getPort()));
        }
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      // a name that the selector doesn't understand, such as one with an underscore
      return Optional.empty();
    }
    return Optional.empty();
  }

  private Optional<ProxyServer> jvms(String scheme) {
    return isSet(scheme + ".proxyHost")
        ? Optional.of(jvms(scheme, String.valueOf(properties.apply(scheme + ".proxyHost")), 0))
        : Optional.empty();
  }

  private ProxyServer jvms(String scheme, String host, int port) {
    String password = properties.apply(scheme + ".proxyPassword");
    return new ProxyServer(
        scheme + ".proxyHost",
        host,
        port,
        isSet(scheme + ".proxyUser") ? properties.apply(scheme + ".proxyUser") : null,
        Secret.of(password == null ? "" : password));
  }

  private static boolean isMetadataServer(String host) {
    String name = NoProxy.withoutBrackets(host.toLowerCase(Locale.ROOT));
    return METADATA_SERVERS.contains(name)
        || NoProxy.address(name).filter(InetAddress::isLinkLocalAddress).isPresent();
  }

  /** Selects them for clients that take a selector. */
  public ProxySelector selector() {
    return new Selector();
  }

  private final class Selector extends ProxySelector {
    @Override
    public List<Proxy> select(URI uri) {
      return List.of(Proxies.this.of(uri).map(ProxyServer::proxy).orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
      // the request that fails says so
    }
  }

  /**
   * Returns the login for a proxy.
   *
   * @param host of the proxy
   */
  public Optional<PasswordAuthentication> login(@Nullable String host, int port) {
    for (String scheme : new String[] {"https", "http"}) {
      for (ProxyServer proxy : all(scheme)) {
        if (proxy.user() != null
            && proxy.host().equalsIgnoreCase(host)
            && (proxy.port() == port || proxy.port() == 0)) {
          return Optional.of(
              new PasswordAuthentication(proxy.user(), proxy.password().reveal().toCharArray()));
        }
      }
    }
    return Optional.empty();
  }

  private List<ProxyServer> all(String scheme) {
    ProxyServer ours = scheme.equals("https") ? https : http;
    return Stream.concat(jvms(scheme).stream(), Optional.ofNullable(ours).stream()).toList();
  }

  /** Logs in to proxies, and to nothing else, for Java's own clients. */
  public Authenticator authenticator() {
    return new Authenticator() {
      @Override
      protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        return getRequestorType() == RequestorType.PROXY
            ? login(getRequestingHost(), getRequestingPort()).orElse(null)
            : null;
      }
    };
  }

  /**
   * Translates a failure that is the proxy's and not the server's.
   *
   * @param location what the request was about, for the message
   * @param server the URL that it was sent to
   * @return empty if the server is reached directly, or if the failure isn't the proxy's
   */
  public Optional<SheaveException> failure(String location, URI server, Throwable failure) {
    return of(server).flatMap(proxy -> proxy.failure(location, failure));
  }

  /**
   * Translates a response that is the proxy's and not the server's.
   *
   * @param location what the request was about, for the message
   * @param server the URL that it was sent to
   * @return empty if the server is reached directly, or if the response isn't the proxy's
   */
  public Optional<SheaveException> failure(
      String location, URI server, int status, @Nullable Exception cause) {
    return status == HttpURLConnection.HTTP_PROXY_AUTH
        ? of(server).map(proxy -> proxy.rejectedLogin(location, cause))
        : Optional.empty();
  }
}
