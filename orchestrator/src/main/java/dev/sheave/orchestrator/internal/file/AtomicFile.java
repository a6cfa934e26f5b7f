package dev.sheave.orchestrator.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Creates files beside their place and moves them there when they are complete, so that no process
 * ever sees half of one, even after a crash of a process or of the machine.
 */
public final class AtomicFile {

  private AtomicFile() {}

  /** Returns where a file lies while it is made. */
  public static Path unfinished(Path place) {
    return place.resolveSibling(place.getFileName() + ".new");
  }

  /** Moves a file that is whole to its place; replaces what is there. */
  public static void finish(Path place) throws IOException {
    Path unfinished = unfinished(place);
    try (FileChannel content = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      content.force(true);
    }
    Files.move(
        unfinished, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = place.toAbsolutePath().getParent();
    if (folder != null) {
      forceFolder(folder);
    }
  }

  private static void forceFolder(Path folder) {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    } catch (IOException e) {
      // some systems, such as Windows, don't open folders, and keep names safe without being asked
    }
  }
}
