package dev.sheave.storage.github;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository is: {@code https://host/org/name}, {@code ssh://git@host/org/name}, {@code
 * git@host:org/name}, or a directory of this machine. It never holds a credential. Immutable.
 */
final class RepositoryAddress {
  private static final Set<String> SCHEMES = Set.of("https", "http", "ssh", "file");
  private static final int KEY_BYTES = 16;

  private final URIish uri;
  private final String scheme;

  private RepositoryAddress(URIish uri, String scheme) {
    this.uri = uri;
    this.scheme = scheme;
  }

  /**
   * Reads one.
   *
   * @throws SheaveException {@code INVALID}; the message doesn't show the text if a credential may
   *     be in it
   */
  static RepositoryAddress parse(String text) {
    URIish uri;
    try {
      uri = new URIish(text.strip());
    } catch (URISyntaxException e) {
      throw none("");
    }
    String scheme =
        uri.getScheme() != null
            ? uri.getScheme().toLowerCase(Locale.ROOT)
            : uri.getHost() != null ? "ssh" : "file";
    boolean http = scheme.startsWith("http");
    if (uri.getPass() != null || (http && uri.getUser() != null)) {
      throw new SheaveException(
          Code.INVALID,
          "The repository's address contains a credential: set it as access_token, and the user name"
              + " as username.");
    }
    if (http && (text.contains("?") || text.contains("#"))) {
      throw none("");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    boolean complete =
        scheme.equals("file")
            ? path.startsWith("/") || path.matches("[A-Za-z]:[/\\\\].*")
            : uri.getHost() != null && path.matches("/?[^:/\\s].*");
    if (!SCHEMES.contains(scheme) || !complete || text.chars().anyMatch(Character::isISOControl)) {
      throw none(" '" + uri + "'");
    }
    return new RepositoryAddress(uri, scheme);
  }

  private static SheaveException none(String shown) {
    return new SheaveException(
        Code.INVALID,
        "The repository"
            + shown
            + " isn't a valid address: write https://HOST/ORGANIZATION/NAME or"
            + " git@HOST:ORGANIZATION/NAME.git.");
  }

  URIish uri() {
    return uri;
  }

  /** The server's URL, if it is one of HTTP. */
  URI url() {
    String host = String.valueOf(uri.getHost());
    boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
    return URI.create(scheme + "://" + (bare ? "[" + host + "]" : host) + ":" + port());
  }

  boolean isHttps() {
    return scheme.equals("https");
  }

  boolean isHttp() {
    return scheme.startsWith("http");
  }

  boolean isSsh() {
    return scheme.equals("ssh");
  }

  /** Returns the normalized address, without a trailing slash or {@code .git}. */
  @Override
  public String toString() {
    String text = uri.toString();
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    return text.endsWith(".git") && text.length() > ".git".length() && !scheme.equals("file")
        ? text.substring(0, text.length() - ".git".length())
        : text;
  }

  /** The host, for messages. */
  String server() {
    if (uri.getHost() == null) {
      return "this machine";
    }
    return uri.getHost() + (uri.getPort() > 0 ? ":" + uri.getPort() : "");
  }

  /** Returns a name for the repository's files in the cache. */
  String key() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(uri.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether the other has the same scheme, host and port, so that one credential fits both. */
  boolean isSameServer(RepositoryAddress other) {
    return scheme.equals(other.scheme) && isAt(other.scheme, other.uri.getHost(), other.port());
  }

  /** Whether this has that scheme, host and port. */
  boolean isAt(String otherScheme, @Nullable String host, int port) {
    return scheme.equalsIgnoreCase(otherScheme)
        && host != null
        && host.equalsIgnoreCase(uri.getHost())
        && port() == (port > 0 ? port : standardPort(otherScheme));
  }

  private int port() {
    return uri.getPort() > 0 ? uri.getPort() : standardPort(scheme);
  }

  private static int standardPort(String scheme) {
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "https" -> 443;
      case "http" -> 80;
      default -> 22;
    };
  }

  /**
   * Returns the address of a submodule, which may be relative to this one. One that is written for
   * SSH at the host of this is taken by HTTPS if this is: that is what the credential is for.
   *
   * @throws SheaveException {@code INVALID} if it isn't one, or leads to this machine's files
   */
  RepositoryAddress submodule(String url) {
    if (url.startsWith("./") || url.startsWith("../")) {
      return relative(url);
    }
    RepositoryAddress other = parse(url);
    if (other.scheme.equals("file") && !scheme.equals("file")) {
      throw none(" '" + url + "'");
    }
    if (other.isSsh() && isHttps() && uri.getHost().equalsIgnoreCase(other.uri.getHost())) {
      String path = other.uri.getPath();
      return withPath(path.startsWith("/") ? path : "/" + path);
    }
    return other;
  }

  private RepositoryAddress relative(String url) {
    String base = uri.getPath().replaceAll("/+$", "");
    String rest = url;
    while (true) {
      if (rest.startsWith("./")) {
        rest = rest.substring(2);
      } else if (rest.startsWith("../")) {
        rest = rest.substring(3);
        if (base.isEmpty()) {
          throw none(" '" + url + "'");
        }
        base = base.substring(0, Math.max(base.lastIndexOf('/'), 0));
      } else {
        return withPath(
            base.isEmpty() && !uri.getPath().startsWith("/") ? rest : base + "/" + rest);
      }
    }
  }

  RepositoryAddress withPath(String path) {
    return parse(uri.setPath(path).toString());
  }
}
