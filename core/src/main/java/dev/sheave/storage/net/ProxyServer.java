package dev.sheave.storage.net;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A proxy, and how to log in to it.
 *
 * @param setting what names it, for messages: {@code HTTPS_PROXY}
 * @param user null if it needs no login
 */
public record ProxyServer(
    String setting, String host, int port, @Nullable String user, Secret password) {

  /** The port that curl takes if none is named. */
  private static final int DEFAULT_PORT = 1080;

  private static final int MAX_PORT = 65_535;

  /** What the messages of clients have in common if a proxy doesn't connect them. */
  private static final Pattern TUNNEL = Pattern.compile("[Tt]unnel|refused by proxy");

  private static final Pattern LOGIN =
      Pattern.compile(
          "[Tt]unnel.*\\b407\\b|refused by proxy.*\\b407\\b|[Pp]roxy [Aa]uthentic"
              + "|authentication attempts|[Nn]o credentials");

  private static final Pattern STATUS = Pattern.compile("\\b[45]\\d\\d\\b");

  /**
   * Reads {@code http://user:password@host:port}; all but the host may be left out.
   *
   * @throws SheaveException {@code INVALID}; the message doesn't show the value, which may hold a
   *     password
   */
  static ProxyServer parse(String setting, String value) {
    String text = value.strip();
    try {
      URI uri = new URI(text.contains("://") ? text : "http://" + text);
      String path = uri.getRawPath();
      if ("http".equalsIgnoreCase(uri.getScheme())
          && uri.getHost() != null
          && uri.getPort() <= MAX_PORT
          && (path == null || path.isEmpty() || path.equals("/"))) {
        String login = uri.getRawUserInfo();
        int colon = login == null ? -1 : login.indexOf(':');
        return new ProxyServer(
            setting,
            NoProxy.withoutBrackets(uri.getHost()),
            uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
            login == null ? null : decoded(colon < 0 ? login : login.substring(0, colon)),
            Secret.of(login == null || colon < 0 ? "" : decoded(login.substring(colon + 1))));
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      // said below
    }
    throw new SheaveException(
        Code.INVALID,
        "The environment variable "
            + setting
            + " isn't valid: it must be http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with"
            + " special characters of the password percent-encoded; proxies over TLS and SOCKS aren't"
            + " supported.");
  }

  private static String decoded(String text) {
    // the decoder is for forms, where a plus is a space
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The value of the header {@code Proxy-Authorization}; empty without a login. */
  public Optional<String> authorization() {
    if (user == null) {
      return Optional.empty();
    }
    byte[] pair = (user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
  }

  /** As Java's own clients take it. */
  public Proxy proxy() {
    // they look the address of the host up
    return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(host, port));
  }

  /** For messages, without the login: {@code proxy.example.com:3128}. */
  String address() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** Translates a failure that is the proxy's and not the server's; empty if it isn't. */
  Optional<SheaveException> failure(String location, Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      String message = String.valueOf(e.getMessage());
      if (LOGIN.matcher(message).find()) {
        return Optional.of(rejectedLogin(location, failure));
      }
      if (TUNNEL.matcher(message).find()) {
        Matcher status = STATUS.matcher(message);
        return Optional.of(
            error(
                Code.UNAVAILABLE,
                location,
                described()
                    + " refused the connection"
                    + (status.find() ? " (status " + status.group() + ")" : "")
                    + ": if the server is to be reached directly, add it to NO_PROXY.",
                failure));
      }
      if (isUnreachable(e)) {
        return Optional.of(
            error(
                Code.UNAVAILABLE,
                location,
                "can't connect to " + described() + ": check the setting and the network.",
                failure));
      }
    }
    return Optional.empty();
  }

  SheaveException rejectedLogin(String location, @Nullable Throwable cause) {
    return error(
        Code.PERMISSION_DENIED,
        location,
        described() + " rejected the login: set it to http://USER:PASSWORD@" + address() + ".",
        cause);
  }

  private String described() {
    return "the proxy " + address() + " of " + setting;
  }

  /** Clients have exceptions of their own for connections that take too long. */
  private static boolean isUnreachable(Throwable e) {
    return e instanceof UnknownHostException
        || e instanceof UnresolvedAddressException
        || e instanceof ConnectException
        || e instanceof NoRouteToHostException
        || e.getClass().getSimpleName().startsWith("ConnectTimeout")
        || e.getClass().getSimpleName().startsWith("HttpConnectTimeout");
  }

  private static SheaveException error(
      Code code, String location, String rest, @Nullable Throwable cause) {
    return new SheaveException(code, "'" + location + "': " + rest, cause);
  }
}
