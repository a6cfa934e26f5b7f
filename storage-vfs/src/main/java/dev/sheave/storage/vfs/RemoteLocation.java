package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a base path. Its path is taken literally: {@code %20} isn't a space.
 *
 * @param scheme which protocol
 * @param user the name of the user, if the base path has one
 * @param host where the server is; the address of the archive for zip and jar; the whole base path
 *     for other schemes
 * @param port of the server; 0 if the base path has none
 * @param home whether the folder is below the user's home, and not the server's root
 * @param folder on the server, or in the archive
 */
record RemoteLocation(
    Scheme scheme,
    @Nullable String user,
    String host,
    int port,
    boolean home,
    RelativePath folder) {

  /** The protocols. */
  enum Scheme {
    SFTP(22),
    WEBDAV(80),
    WEBDAVS(443),
    HTTP(80),
    HTTPS(443),
    ZIP(0),
    JAR(0),
    FTP(21),
    FTPS(21),
    /** Those of other providers of VFS. */
    OTHER(0);

    private final int defaultPort;

    Scheme(int defaultPort) {
      this.defaultPort = defaultPort;
    }

    int defaultPort() {
      return defaultPort;
    }

    boolean isArchive() {
      return this == ZIP || this == JAR;
    }

    /** Whether its connections have TLS. */
    boolean isEncrypted() {
      return this == WEBDAVS || this == HTTPS || this == FTPS;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static String all() {
      return Arrays.stream(values())
          .filter(scheme -> scheme != OTHER)
          .map(Scheme::text)
          .collect(Collectors.joining(", "));
    }
  }

  private static final String INSIDE_ARCHIVE = "!";
  private static final int MAX_PORT = 65_535;

  /**
   * Reads a base path; slashes at its end don't matter.
   *
   * @throws SheaveException {@code INVALID}
   */
  static RemoteLocation parse(String basepath) {
    String text = basepath.strip();
    int colon = text.indexOf(':');
    if (colon <= 0 || !text.substring(0, colon).chars().allMatch(RemoteLocation::isInScheme)) {
      throw invalid(
          "The base path must start with a scheme such as sftp://: '" + shown(text) + "'.");
    }
    Scheme scheme = scheme(text.substring(0, colon), text);
    String rest = text.substring(colon + 1);
    if (scheme == Scheme.OTHER) {
      return other(text);
    }
    return scheme.isArchive() ? archive(scheme, rest, text) : server(scheme, rest, text);
  }

  private static boolean isInScheme(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+';
  }

  private static Scheme scheme(String name, String text) {
    for (Scheme scheme : Scheme.values()) {
      if (scheme != Scheme.OTHER && scheme.text().equalsIgnoreCase(name)) {
        return scheme;
      }
    }
    if (name.equalsIgnoreCase("file")) {
      throw invalid(
          "The scheme of a base path can't be 'file': use a local-file-system block instead of '"
              + shown(text)
              + "'.");
    }
    if (FileSystems.schemes().contains(name.toLowerCase(Locale.ROOT))) {
      return Scheme.OTHER;
    }
    throw invalid(
        "The scheme '"
            + name
            + "' of the base path isn't supported: it must be one of "
            + Scheme.all()
            + ", or of a provider of Commons VFS on the class path or in the plugins.");
  }

  private static RemoteLocation other(String text) {
    if (!withoutUser(text).equals(text)
        && text.substring(0, text.lastIndexOf('@')).indexOf(':', text.indexOf("://") + 3) >= 0) {
      throw password(text);
    }
    String base = text.replaceAll("/+$", "");
    return new RemoteLocation(Scheme.OTHER, null, base, 0, false, RelativePath.ROOT);
  }

  private static SheaveException password(String text) {
    return invalid(
        "The base path '"
            + shown(text)
            + "' contains a password, which isn't kept secret there: set 'password' in the settings"
            + " instead.");
  }

  private static RemoteLocation archive(Scheme scheme, String rest, String text) {
    int end = rest.indexOf(INSIDE_ARCHIVE);
    String archive = end < 0 ? rest : rest.substring(0, end);
    int inner = archive.indexOf(':');
    String protocol = inner < 0 ? "" : archive.substring(0, inner).toLowerCase(Locale.ROOT);
    switch (protocol) {
      case "file" -> {}
      case "sftp", "http", "https", "webdav", "webdavs" -> parse(archive);
      default ->
          throw invalid(
              "The base path '"
                  + shown(text)
                  + "' must name an archive, such as 'zip:file:///path/archive.zip'.");
    }
    RelativePath folder = RelativePath.of(end < 0 ? "" : rest.substring(end + 1));
    return new RemoteLocation(scheme, null, archive, 0, false, folder);
  }

  private static RemoteLocation server(Scheme scheme, String rest, String text) {
    if (!rest.startsWith("//") || rest.startsWith("///") || rest.length() == 2) {
      throw invalid("The base path must name a host after the scheme: '" + shown(text) + "'.");
    }
    int slash = rest.indexOf('/', 2);
    String authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
    String path = slash < 0 ? "" : rest.substring(slash + 1);
    int at = authority.lastIndexOf('@');
    String user = at < 0 ? null : authority.substring(0, at);
    if (user != null && user.indexOf(':') >= 0) {
      throw password(text);
    }
    String host = authority.substring(at + 1);
    int port = 0;
    int colon = host.lastIndexOf(':');
    if (colon >= 0 && colon > host.indexOf(']')) {
      port = port(host.substring(colon + 1), text);
      host = host.substring(0, colon);
    }
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '\\' || c == 0x7f)) {
      throw invalid("The base path must name a host after the scheme: '" + shown(text) + "'.");
    }
    boolean home = scheme == Scheme.SFTP && (path.equals("~") || path.startsWith("~/"));
    RelativePath folder = RelativePath.of(home ? path.substring(1) : path);
    return new RemoteLocation(scheme, user, host, port, home, folder);
  }

  private static int port(String digits, String text) {
    try {
      int port = Integer.parseInt(digits);
      if (port > 0 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw invalid(
        "The port of the base path '" + shown(text) + "' must be a number from 1 to 65535.");
  }

  private static SheaveException invalid(String message) {
    return new SheaveException(Code.INVALID, message);
  }

  private static String shown(String text) {
    return withoutUser(text);
  }

  /** Returns an address without user name and password. */
  static String withoutUser(String address) {
    int start = address.indexOf("://");
    if (start < 0) {
      return address;
    }
    int slash = address.indexOf('/', start + 3);
    int at = address.lastIndexOf('@', slash < 0 ? address.length() : slash);
    return at < start ? address : address.substring(0, start + 3) + address.substring(at + 1);
  }

  /** The server: {@code host:port}, without the port where it is the usual one. */
  String server() {
    return port == 0 || port == scheme.defaultPort() ? host : host + ":" + port;
  }

  /** Returns the address of a path, for messages; without the user name. */
  String of(RelativePath path) {
    RelativePath full = folder.resolve(path);
    if (scheme == Scheme.OTHER) {
      return withoutUser(host) + (full.isRoot() ? "" : "/" + full);
    }
    if (scheme.isArchive()) {
      return scheme.text() + ":" + withoutUser(host) + (full.isRoot() ? "" : "!/" + full);
    }
    String start = scheme.text() + "://" + server() + (home ? "/~" : "");
    return full.isRoot() ? start : start + "/" + full;
  }
}
