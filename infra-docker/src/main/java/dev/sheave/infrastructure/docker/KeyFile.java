package dev.sheave.infrastructure.docker;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import dev.sheave.block.Secret;
import dev.sheave.infrastructure.ApiKeyFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The file with a run's API key. The engine copies it into the container's own file system before
 * it starts, as an archive, since a file system in memory is there only from the start on.
 */
final class KeyFile {
  private KeyFile() {}

  /**
   * Copies the key into a container that isn't running.
   *
   * @param isVolume whether its folder is a volume, which is all that can be written
   */
  static void copy(Engine engine, String container, Secret key, boolean isVolume) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String folder = isVolume ? "" : ApiKeyFile.FOLDER.substring(1) + "/";
    try (TarArchive archive = new TarArchive(bytes)) {
      if (!isVolume) {
        archive.addFolder(folder);
      }
      // of whatever user the container has
      archive.add(
          folder + ApiKeyFile.NAME, 0444, ApiKeyFile.content(key).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written to
    }
    engine
        .open(
            Request.Method.PUT,
            "/containers/" + container + "/archive?path=" + (isVolume ? ApiKeyFile.FOLDER : "/"),
            Map.of("Content-Type", "application/x-tar"),
            bytes.toByteArray(),
            "copy the API key into the container '" + container + "'")
        .close();
  }
}
