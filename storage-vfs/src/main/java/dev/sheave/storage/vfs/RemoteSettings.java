package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretMap;
import dev.sheave.storage.backend.LocalFiles;
import dev.sheave.storage.transfer.RelativePath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The settings by their names. Never printed: its leaves are secrets. */
record RemoteSettings(
    @Nullable Secret username,
    @Nullable Secret password,
    @Nullable Secret privateKey,
    @Nullable Secret keyFilename,
    @Nullable Secret passphrase,
    @Nullable Secret knownHosts,
    @Nullable Secret knownHostsFilename,
    @Nullable Secret caCertificates,
    int port) {

  private static final Set<String> FOR_ALL = Set.of("username", "password");
  private static final Set<String> FOR_SFTP =
      Set.of(
          "private_key",
          "key_filename",
          "passphrase",
          "known_hosts",
          "known_hosts_filename",
          "port");
  private static final Set<String> FILES = Set.of("key_filename", "known_hosts_filename");
  private static final Set<String> FOR_TLS = Set.of("ca_certificates");

  /**
   * Reads them.
   *
   * @throws SheaveException {@code INVALID} for one that isn't known here or is of another type
   */
  static RemoteSettings read(SecretMap settings, RemoteLocation location) {
    Map<String, @Nullable Object> values = settings.reveal();
    Set<String> known = new TreeSet<>(FOR_ALL);
    String place = location.scheme().isArchive() ? location.host() : location.scheme().text() + ":";
    if (place.startsWith("sftp:")) {
      known.addAll(FOR_SFTP);
    } else if (place.startsWith("https:")
        || place.startsWith("webdavs:")
        || place.startsWith("ftps:")) {
      known.addAll(FOR_TLS);
    }
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw new SheaveException(
            Code.INVALID,
            "The setting '"
                + name
                + "' isn't known for '"
                + location.of(RelativePath.ROOT)
                + "': the settings are "
                + String.join(", ", known)
                + ".");
      }
    }
    Secret key = text(values, "private_key");
    Secret keyFilename = text(values, "key_filename");
    if (key != null && keyFilename != null) {
      throw new SheaveException(
          Code.INVALID, "Set either 'private_key' or 'key_filename' in the settings, not both.");
    }
    Secret username = text(values, "username");
    String user = location.user();
    return new RemoteSettings(
        username == null && user != null ? Secret.of(user) : username,
        text(values, "password"),
        key,
        keyFilename,
        text(values, "passphrase"),
        text(values, "known_hosts"),
        text(values, "known_hosts_filename"),
        text(values, "ca_certificates"),
        port(values, location));
  }

  /** Returns settings in which files of this machine have absolute names. */
  static SecretMap withAbsoluteFiles(SecretMap settings) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(settings.reveal());
    for (String name : FILES) {
      if (values.get(name) instanceof String file && !file.isEmpty() && !Secret.isMask(file)) {
        values.put(name, LocalFiles.path(file).toString());
      }
    }
    return SecretMap.of(values);
  }

  private static @Nullable Secret text(Map<String, @Nullable Object> values, String name) {
    Object value = values.get(name);
    if (value == null) {
      return null;
    }
    // a password may look like a number
    if (value instanceof String || value instanceof Number) {
      return value.toString().isEmpty() ? null : Secret.of(value.toString());
    }
    throw new SheaveException(Code.INVALID, "The setting '" + name + "' must be a string.");
  }

  private static int port(Map<String, @Nullable Object> values, RemoteLocation location) {
    if (location.port() != 0) {
      return location.port();
    }
    Secret port = text(values, "port");
    try {
      return port == null ? location.scheme().defaultPort() : Integer.parseInt(port.reveal());
    } catch (NumberFormatException e) {
      throw new SheaveException(Code.INVALID, "The setting 'port' must be a number.");
    }
  }
}
