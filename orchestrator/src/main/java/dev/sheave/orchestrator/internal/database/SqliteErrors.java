package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * SQLite's errors as sentences. What the disk or another process refuses now and may allow later is
 * {@code UNAVAILABLE}: those who must not lose what they have to write wait for it.
 */
final class SqliteErrors {
  private static final int PRIMARY_CODE = 0xff;

  private SqliteErrors() {}

  /**
   * Makes a sentence of an error.
   *
   * @param hasWritten whether this process has written to the database before, so that it may
   */
  static SheaveException translate(
      SQLException error, Path path, Duration lockTimeout, boolean hasWritten) {
    int primary = codeOf(error) & PRIMARY_CODE;
    if (primary == SQLiteErrorCode.SQLITE_BUSY.code
        || primary == SQLiteErrorCode.SQLITE_LOCKED.code
        || primary == SQLiteErrorCode.SQLITE_PROTOCOL.code) {
      return locked(path, lockTimeout, error);
    }
    if (primary == SQLiteErrorCode.SQLITE_READONLY.code
        || primary == SQLiteErrorCode.SQLITE_PERM.code
        || primary == SQLiteErrorCode.SQLITE_AUTH.code) {
      return new SheaveException(
          hasWritten || isOnReadOnlyDisk(path) ? Code.UNAVAILABLE : Code.PERMISSION_DENIED,
          "The database "
              + path
              + " can't be written; make the file and its folder writable, or name another"
              + " database.",
          error);
    }
    if (primary == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
      return new SheaveException(
          hasWritten ? Code.UNAVAILABLE : Code.PERMISSION_DENIED,
          "The database "
              + path
              + " can't be opened; make the file and its folder readable and writable, or name"
              + " another database.",
          error);
    }
    if (primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return notADatabase(path, error);
    }
    if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code) {
      return new SheaveException(
          Code.INTERNAL, "The database " + path + " is damaged; restore it from a backup.", error);
    }
    if (isFull(error)) {
      return new SheaveException(
          Code.UNAVAILABLE,
          "The database "
              + path
              + " can't grow: the disk is full, or a quota is used up. Nothing was changed; free some"
              + " space and try again.",
          error);
    }
    if (primary == SQLiteErrorCode.SQLITE_IOERR.code) {
      return new SheaveException(
          Code.UNAVAILABLE,
          "The database "
              + path
              + " can't be read or written: "
              + error.getMessage()
              + ". Check the disk, and try again.",
          error);
    }
    return new SheaveException(
        error instanceof SQLTransientException ? Code.UNAVAILABLE : Code.INTERNAL,
        "The database " + path + " failed: " + error.getMessage(),
        error);
  }

  /** Whether the disk that was written to is full. */
  static boolean isFull(SQLException error) {
    int code = codeOf(error);
    return (code & PRIMARY_CODE) == SQLiteErrorCode.SQLITE_FULL.code
        || code == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE.code; // the file beside it can't grow
  }

  /** A pool's error is about one of SQLite's. */
  private static int codeOf(SQLException error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof SQLiteException e) {
        return e.getResultCode().code;
      }
    }
    return error.getErrorCode();
  }

  private static boolean isOnReadOnlyDisk(Path path) {
    try {
      return Files.getFileStore(path).isReadOnly();
    } catch (IOException e) {
      return false;
    }
  }

  static SheaveException locked(Path path, Duration lockTimeout, @Nullable SQLException cause) {
    return new SheaveException(
        Code.UNAVAILABLE,
        "The database "
            + path
            + " was locked by another process for more than "
            + lockTimeout.toMillis() / 1000.0
            + " s; try again.",
        cause);
  }

  static SheaveException notADatabase(Path path, @Nullable Throwable cause) {
    return new SheaveException(
        Code.INVALID,
        "The file " + path + " isn't a Sheave database; name another file, or move this one away.",
        cause);
  }
}
