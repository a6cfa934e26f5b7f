package dev.sheave.infrastructure.docker;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import dev.sheave.block.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The file with a run's API key. The engine copies it into the container's own file system before
 * it starts, as an archive, since a file system in memory is there only from the start on.
 */
final class KeyFile {
  static final String FOLDER = "/etc/sheave";
  static final String PATH = FOLDER + "/api-key";

  private static final int BLOCK = 512;
  private static final char FILE = '0';
  private static final char DIRECTORY = '5';

  private KeyFile() {}

  /**
   * Copies the key into a container that isn't running.
   *
   * @param isVolume whether its folder is a volume, which is all that can be written
   */
  static void copy(Engine engine, String container, Secret key, boolean isVolume) {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    String folder = isVolume ? "" : FOLDER.substring(1) + "/";
    if (!isVolume) {
      entry(archive, folder, DIRECTORY, 0755, new byte[0]);
    }
    entry(
        archive,
        folder + "api-key",
        FILE,
        0444, // of whatever user the container has
        (key.reveal().strip() + "\n").getBytes(StandardCharsets.UTF_8));
    archive.writeBytes(new byte[2 * BLOCK]);
    engine
        .open(
            Request.Method.PUT,
            "/containers/" + container + "/archive?path=" + (isVolume ? FOLDER : "/"),
            Map.of("Content-Type", "application/x-tar"),
            archive.toByteArray(),
            "copy the API key into the container '" + container + "'")
        .close();
  }

  /** Writes an entry of a tar archive, in the format that POSIX calls ustar. */
  private static void entry(
      ByteArrayOutputStream out, String name, char type, int mode, byte[] content) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, String.format("%07o", mode));
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, String.format("%011o", content.length));
    put(header, 136, "00000000000");
    put(header, 148, "        "); // counts as spaces in the sum
    put(header, 156, String.valueOf(type));
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    put(header, 148, String.format("%06o\0 ", sum));
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
