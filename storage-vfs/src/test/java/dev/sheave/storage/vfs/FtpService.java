package dev.sheave.storage.vfs;

import dev.sheave.block.SecretMap;
import dev.sheave.testkit.RequiredService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The FTP server of {@code bin/services start ftp}. */
final class FtpService {
  private FtpService() {}

  /** A place that nobody has used. */
  static String basepath(String scheme) {
    String port = variable(scheme.equals("ftps") ? "FTP_TLS_PORT" : "FTP_PORT");
    return scheme + "://127.0.0.1:" + port + "/tests/" + UUID.randomUUID();
  }

  /** A block at a place that nobody has used. */
  static RemoteFileSystem block(String scheme) {
    return block(basepath(scheme), settings(scheme));
  }

  static RemoteFileSystem block(String basepath, Map<String, String> settings) {
    return RemoteFileSystem.builder().basepath(basepath).settings(SecretMap.of(settings)).build();
  }

  static Map<String, String> settings(String scheme) {
    Map<String, String> settings = new HashMap<>();
    settings.put("username", variable("FTP_USER"));
    settings.put("password", variable("FTP_PASSWORD"));
    if (scheme.equals("ftps")) {
      settings.put("ca_certificates", certificate());
    }
    return settings;
  }

  static String certificate() {
    try {
      return Files.readString(Path.of(variable("FTP_CA_FILE")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String variable(String name) {
    return RequiredService.variable("ftp", name);
  }
}
