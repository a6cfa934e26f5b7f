package dev.sheave.storage.vfs;

import dev.sheave.block.SecretMap;
import dev.sheave.testkit.RequiredService;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The SFTP server of {@code bin/services start sftp}. */
final class SftpService {
  private SftpService() {}

  static String server() {
    return "sftp://" + variable("SFTP_HOST") + ":" + variable("SFTP_PORT");
  }

  /** The folder of the server that its user may write to, on this machine's disk. */
  static Path directory() {
    return Path.of(variable("SFTP_DIRECTORY"));
  }

  /** A place that nobody has used. */
  static String basepath() {
    return server() + directory() + "/tests/" + UUID.randomUUID();
  }

  /** A block at a place that nobody has used; it logs in with a key. */
  static RemoteFileSystem block() {
    return block(settings());
  }

  static RemoteFileSystem block(Map<String, String> settings) {
    return RemoteFileSystem.builder().basepath(basepath()).settings(SecretMap.of(settings)).build();
  }

  static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("username", variable("SFTP_USER"));
    settings.put("key_filename", variable("SFTP_KEY_FILE"));
    settings.put("known_hosts_filename", variable("SFTP_KNOWN_HOSTS_FILE"));
    return settings;
  }

  static String variable(String name) {
    return RequiredService.variable("sftp", name);
  }
}
