package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's errors as sentences. */
final class SqliteErrors {
  private static final int PRIMARY_CODE = 0xff;

  private SqliteErrors() {}

  static SheaveException translate(SQLException error, Path path, Duration lockTimeout) {
    int code = error instanceof SQLiteException e ? e.getResultCode().code : error.getErrorCode();
    int primary = code & PRIMARY_CODE;
    if (primary == SQLiteErrorCode.SQLITE_BUSY.code
        || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return locked(path, lockTimeout, error);
    }
    if (primary == SQLiteErrorCode.SQLITE_READONLY.code
        || primary == SQLiteErrorCode.SQLITE_PERM.code
        || primary == SQLiteErrorCode.SQLITE_AUTH.code) {
      return new SheaveException(
          Code.PERMISSION_DENIED,
          "The database "
              + path
              + " can't be written; make the file and its folder writable, or name another"
              + " database.",
          error);
    }
    if (primary == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
      return new SheaveException(
          Code.PERMISSION_DENIED,
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
    if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
      return new SheaveException(
          Code.INTERNAL,
          "The database " + path + " can't grow: the disk is full. Nothing was changed.",
          error);
    }
    return new SheaveException(
        Code.INTERNAL, "The database " + path + " failed: " + error.getMessage(), error);
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
