package dev.sheave.cli.training;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Unpacks the native library of the SQLite driver, which does so itself at each start unless it is
 * told where the library lies.
 */
final class NativeLibraries {

  private NativeLibraries() {}

  /**
   * Unpacks what fits this machine; nothing if there is no driver, or none of its libraries fits.
   */
  static void unpack(Path folder) throws IOException {
    String resource;
    try {
      // by reflection: the driver is the orchestrator's affair, and may be another one
      Class<?> system = Class.forName("org.sqlite.util.OSInfo");
      Object place = system.getMethod("getNativeLibFolderPathForCurrentOS").invoke(null);
      resource = "/org/sqlite/native/" + place + "/" + System.mapLibraryName("sqlitejdbc");
    } catch (ReflectiveOperationException e) {
      return;
    }
    try (InputStream in = NativeLibraries.class.getResourceAsStream(resource)) {
      if (in == null) {
        return;
      }
      Path library = Files.createDirectories(folder).resolve(System.mapLibraryName("sqlitejdbc"));
      Path beside = Files.createTempFile(folder, "unpacking", null);
      Files.copy(in, beside, StandardCopyOption.REPLACE_EXISTING);
      Files.move(
          beside, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
