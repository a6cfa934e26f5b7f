package dev.sheave.storage.smb;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.Endpoint;
import dev.sheave.storage.transfer.RelativePath;
import java.util.regex.Pattern;

/**
 * A server, a share of it and a folder in that.
 *
 * @param host its name or address
 * @param port of the server
 * @param share its name
 * @param folder {@link RelativePath#ROOT} for all of it
 */
record SmbLocation(String host, int port, String share, RelativePath folder) {
  private static final String SCHEME = "smb://";
  private static final Pattern ADDRESS = Pattern.compile("\\s*(?:[Ss][Mm][Bb]:|//|\\\\\\\\).");
  private static final int MAX_PORT = 65_535;

  /**
   * Reads them; slashes at either end don't matter, nor does {@code smb://} in front of the host.
   *
   * @throws SheaveException {@code INVALID}
   */
  static SmbLocation parse(String host, int port, String sharePath) {
    String server = host.strip();
    server = server.startsWith(SCHEME) ? server.substring(SCHEME.length()) : server;
    server = server.replaceAll("/+$", "");
    boolean address = server.startsWith("[") && server.endsWith("]");
    if (server.isEmpty()
        || server.chars().anyMatch(c -> c <= ' ' || "/\\@?#".indexOf(c) >= 0)
        || (!address && server.indexOf(':') >= 0)) {
      throw new SheaveException(
          Code.INVALID,
          "The smb_host must be only the name or address of a server, such as 'files.example.com'.");
    }
    if (port < 1 || port > MAX_PORT) {
      throw new SheaveException(
          Code.INVALID, "The smb_port " + port + " isn't valid: it must be from 1 to 65535.");
    }
    Endpoint.refuseLogin("share_path", sharePath, "set smb_host, smb_username and smb_password");
    if (ADDRESS.matcher(sharePath).lookingAt()) {
      throw new SheaveException(
          Code.INVALID,
          "The share_path '"
              + sharePath
              + "' starts with a host: give only SHARE/folder, and the host in smb_host.");
    }
    RelativePath path = RelativePath.of(sharePath);
    if (path.isRoot()) {
      throw new SheaveException(
          Code.INVALID,
          "The share_path '" + sharePath + "' must name a share, such as '/SHARE/a/folder'.");
    }
    String text = path.toString();
    int slash = text.indexOf('/');
    return slash < 0
        ? new SmbLocation(server, port, text, RelativePath.ROOT)
        : new SmbLocation(
            server, port, text.substring(0, slash), RelativePath.of(text.substring(slash + 1)));
  }

  /** The server, for messages. */
  String server() {
    return port == SMB.DEFAULT_PORT ? host : host + ":" + port;
  }

  /** Returns the address of a path, for messages; without the user name. */
  String of(RelativePath path) {
    RelativePath full = folder.resolve(path);
    return SCHEME + server() + "/" + share + (full.isRoot() ? "" : "/" + full);
  }

  /** The address of the share for the client. */
  String shareAddress() {
    return SCHEME + host + ":" + port + "/" + share + "/";
  }
}
