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

/** The WebDAV server of {@code bin/services start webdav}. */
final class WebDavService {
  private WebDavService() {}

  static String place() {
    return "127.0.0.1:" + variable("WEBDAV_PORT") + "/tests/" + UUID.randomUUID();
  }

  static String placeWithTls() {
    return "127.0.0.1:" + variable("WEBDAV_TLS_PORT") + "/tests/" + UUID.randomUUID();
  }

  /** A block at a place that nobody has used. */
  static RemoteFileSystem block() {
    return block("webdav://" + place(), settings());
  }

  static RemoteFileSystem block(String basepath, Map<String, String> settings) {
    return RemoteFileSystem.builder().basepath(basepath).settings(SecretMap.of(settings)).build();
  }

  static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("username", variable("WEBDAV_USER"));
    settings.put("password", variable("WEBDAV_PASSWORD"));
    return settings;
  }

  static String certificate() {
    try {
      return Files.readString(Path.of(variable("WEBDAV_CERTIFICATE_FILE")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String variable(String name) {
    return RequiredService.variable("webdav", name);
  }
}
