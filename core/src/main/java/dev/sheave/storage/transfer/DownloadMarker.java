package dev.sheave.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A file in a directory of this machine into which a download moves its files, one after the other.
 * If the process is killed, it stays, and says that the directory holds a mixture. The next
 * download removes it when all its files are there; until then the directory isn't used as code.
 */
final class DownloadMarker {
  private static final String PREFIX = ReservedNames.PREFIX + "get-";

  private DownloadMarker() {}

  /** Whether a path, with slashes, is that of a marker in some directory. */
  static boolean isIn(String path) {
    return ("/" + path).contains("/" + PREFIX);
  }

  /** Writes one; its content is for people. */
  static Path create(Path directory, String from) throws IOException {
    String text =
        "Files of '"
            + from
            + "' are being moved to this directory. If this file stays, that was interrupted:"
            + " download them again.\n";
    return Files.write(directory.resolve(PREFIX + UUID.randomUUID()), text.getBytes(UTF_8));
  }

  /** The markers in a directory. */
  static List<Path> find(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> markers = Files.newDirectoryStream(directory, PREFIX + "*")) {
      markers.forEach(found::add);
    }
    return found;
  }

  /** The error for a directory that can't be used because of a marker in it. */
  static SheaveException unfinished(String directory, String marker) {
    return new SheaveException(
        Code.CONFLICT,
        "A download into '"
            + directory
            + "' was interrupted: download the files again, or remove '"
            + marker
            + "' if they are right.");
  }
}
