package dev.sheave.benchmarks.transfer;

import dev.sheave.block.Secret;
import dev.sheave.block.SecretMap;
import dev.sheave.storage.LocalFileSystem;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.azure.Azure;
import dev.sheave.storage.gcs.GCS;
import dev.sheave.storage.github.GitHub;
import dev.sheave.storage.s3.S3;
import dev.sheave.storage.smb.SMB;
import dev.sheave.storage.vfs.RemoteFileSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A storage in which every place has its own block, on a server that can be replaced. */
final class MeasuredStorage {
  /** In the order of the table. */
  static final List<String> NAMES =
      List.of("local-file-system", "s3", "azure", "gcs", "sftp", "webdav", "smb", "github");

  private final String name;
  private final @Nullable InetSocketAddress server;
  private final Blocks blocks;

  /** Creates a block. */
  private interface Blocks {
    ReadableStorage at(String address, String place);
  }

  private MeasuredStorage(
      String name, @Nullable String host, @Nullable String port, Blocks blocks) {
    this.name = name;
    this.server =
        host == null || port == null ? null : new InetSocketAddress(host, Integer.parseInt(port));
    this.blocks = blocks;
  }

  String name() {
    return name;
  }

  /** The server; null if there is none. */
  @Nullable InetSocketAddress server() {
    return server;
  }

  /** A block at a place of the server. */
  ReadableStorage at(String place) {
    return blocks.at(server == null ? "" : server.getHostString() + ":" + server.getPort(), place);
  }

  /** The same, by way of a port of this machine. */
  ReadableStorage at(String place, int port) {
    return blocks.at("127.0.0.1:" + port, place);
  }

  /** A storage by its name; where its server is, is in the environment. */
  static MeasuredStorage of(String name, Path work) throws IOException {
    switch (name) {
      case "local-file-system" -> {
        return new MeasuredStorage(
            name,
            null,
            null,
            (address, place) ->
                LocalFileSystem.builder().basepath(work.resolve("storage/" + place)).build());
      }
      case "s3" -> {
        return http(
            name,
            "S3_ENDPOINT",
            (address, place) ->
                S3.builder()
                    .bucketPath(variable("S3_BUCKET") + "/" + place)
                    .endpointUrl("http://" + address)
                    .awsAccessKeyId(secret("S3_ACCESS_KEY_ID"))
                    .awsSecretAccessKey(secret("S3_SECRET_ACCESS_KEY"))
                    .build());
      }
      case "azure" -> {
        String account = URI.create(variable("AZURE_STORAGE_ENDPOINT")).getPath();
        return http(
            name,
            "AZURE_STORAGE_ENDPOINT",
            (address, place) ->
                Azure.builder()
                    .bucketPath(variable("AZURE_CONTAINER") + "/" + place)
                    .endpointUrl("http://" + address + account)
                    .azureStorageAccountName(secret("AZURE_STORAGE_ACCOUNT_NAME"))
                    .azureStorageAccountKey(secret("AZURE_STORAGE_ACCOUNT_KEY"))
                    .build());
      }
      case "gcs" -> {
        return http(
            name,
            "GCS_ENDPOINT",
            (address, place) ->
                GCS.builder()
                    .bucketPath(variable("GCS_BUCKET") + "/" + place)
                    .endpointUrl("http://" + address)
                    .build());
      }
      case "sftp" -> {
        return sftp(name);
      }
      case "webdav" -> {
        return new MeasuredStorage(
            name,
            "127.0.0.1",
            variable("WEBDAV_PORT"),
            (address, place) ->
                RemoteFileSystem.builder()
                    .basepath("webdav://" + address + "/" + place)
                    .settings(
                        SecretMap.of(
                            Map.of(
                                "username",
                                variable("WEBDAV_USER"),
                                "password",
                                variable("WEBDAV_PASSWORD"))))
                    .build());
      }
      case "smb" -> {
        return new MeasuredStorage(
            name,
            variable("SMB_HOST"),
            variable("SMB_PORT"),
            (address, place) ->
                SMB.builder()
                    .sharePath(variable("SMB_SHARE") + "/" + place)
                    .smbHost(address.substring(0, address.indexOf(':')))
                    .smbPort(Integer.valueOf(address.substring(address.indexOf(':') + 1)))
                    .smbUsername(secret("SMB_USER"))
                    .smbPassword(secret("SMB_PASSWORD"))
                    .build());
      }
      case "github" -> {
        String certificate = Files.readString(Path.of(variable("GIT_CA_FILE")));
        return http(
            name,
            "GIT_URL",
            (address, place) ->
                GitHub.builder()
                    .repository("https://" + address + "/" + place + ".git")
                    .accessToken(secret("GIT_TOKEN"))
                    .caCertificate(certificate)
                    .includeGitObjects(false)
                    .build());
      }
      default ->
          throw new IllegalArgumentException(
              "no storage '" + name + "'; there are " + String.join(", ", NAMES));
    }
  }

  private static MeasuredStorage http(String name, String variable, Blocks blocks) {
    URI server = URI.create(variable(variable));
    return new MeasuredStorage(name, server.getHost(), String.valueOf(server.getPort()), blocks);
  }

  private static MeasuredStorage sftp(String name) throws IOException {
    String host = variable("SFTP_HOST");
    String port = variable("SFTP_PORT");
    String known = Files.readString(Path.of(variable("SFTP_KNOWN_HOSTS_FILE")));
    return new MeasuredStorage(
        name,
        host,
        port,
        (address, place) ->
            RemoteFileSystem.builder()
                .basepath("sftp://" + address + variable("SFTP_DIRECTORY") + "/" + place)
                .settings(
                    SecretMap.of(
                        Map.of(
                            "username",
                            variable("SFTP_USER"),
                            "key_filename",
                            variable("SFTP_KEY_FILE"),
                            "known_hosts",
                            known.replace(
                                "[" + host + "]:" + port, "[" + address.replace(":", "]:")))))
                .build());
  }

  private static Secret secret(String name) {
    return Secret.of(variable(name));
  }

  static String variable(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set: see bin/services env");
    }
    return value;
  }
}
