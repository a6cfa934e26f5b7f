package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import dev.sheave.orchestrator.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Copies a SQLite database. The copy is one state of it, read while others read and write, and
 * comes to its place when it is whole and on the disk.
 */
final class SqliteBackup {
  private SqliteBackup() {}

  static void write(SqliteDialect source, Path file) {
    Path unfinished = AtomicFile.unfinished(file);
    try {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      Files.deleteIfExists(unfinished);
      // SQLite takes an empty file for a new one, so the copy is never another's to read
      PrivateFiles.createFileIfMissing(unfinished);
      boolean isWhole = false;
      try {
        copy(source, unfinished);
        AtomicFile.finish(file);
        isWhole = true;
      } finally {
        if (!isWhole) {
          Files.deleteIfExists(unfinished);
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw new SheaveException(
          Code.ALREADY_EXISTS, "The file " + file + " exists already; name a new one.", e);
    } catch (NoSuchFileException e) {
      throw new SheaveException(
          Code.INVALID,
          "The folder of the file " + file + " doesn't exist; make it, or name another file.",
          e);
    } catch (IOException e) {
      throw new SheaveException(
          IoReason.isTemporary(e) ? Code.UNAVAILABLE : Code.PERMISSION_DENIED,
          "The file " + file + " can't be written: " + IoReason.of(e, file) + ".",
          e);
    }
  }

  private static void copy(SqliteDialect source, Path copy) {
    SqliteDialect target = source.of(copy);
    try (Connection connection = source.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement("vacuum into ?")) {
      statement.setString(1, copy.toString());
      statement.execute();
    } catch (SQLException e) {
      throw (SqliteErrors.isFull(e) ? target : source).translate(e);
    }
    // the mode of a file isn't copied; as in each new database
    try (Connection connection = target.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("pragma journal_mode = wal");
    } catch (SQLException e) {
      throw target.translate(e);
    }
  }
}
