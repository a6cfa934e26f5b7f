package dev.sheave.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says in a few words why something can't be read or written, to stand in a sentence. Java's own
 * messages may be the path alone, have line ends or a full stop, or be missing.
 */
public final class IoReason {
  private static final List<String> TEMPORARY =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "Read-only file system",
          "Too many open files",
          "Cannot allocate memory",
          "Resource temporarily unavailable",
          "Input/output error");

  private IoReason() {}

  /** The reason, and which file it is about if the error tells. */
  public static String of(Exception e) {
    return of(e, null);
  }

  /**
   * The reason, and which file it is about if it is another than the one that the sentence names.
   *
   * @param named the file that the sentence names
   */
  public static String of(Exception e, @Nullable Path named) {
    Exception cause =
        e instanceof UncheckedIOException && e.getCause() instanceof IOException io ? io : e;
    if (!(cause instanceof FileSystemException error)) {
      return line(cause.getMessage(), cause);
    }
    String file = error.getFile();
    String reason = reason(error);
    return file == null || named != null && file.equals(named.toString())
        ? reason
        : reason + " ('" + file + "')";
  }

  /**
   * Whether the system refuses now what it may allow later: on a disk that is full or read-only, of
   * a quota that is used up, for want of memory, processes or open files. Java has no types for
   * these, so it goes by the C library's words.
   */
  public static boolean isTemporary(Exception e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      String message = String.valueOf(each.getMessage());
      if (each instanceof IOException && TEMPORARY.stream().anyMatch(message::contains)) {
        return true;
      }
    }
    return false;
  }

  private static String reason(FileSystemException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    } else if (e instanceof NoSuchFileException) {
      return "it doesn't exist";
    } else if (e instanceof NotDirectoryException) {
      return "it is not a directory";
    } else if (e instanceof FileAlreadyExistsException) {
      return "it already exists";
    } else if (e instanceof DirectoryNotEmptyException) {
      return "the directory is not empty";
    }
    return line(e.getReason(), e);
  }

  private static String line(@Nullable String message, Exception e) {
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.strip().replaceAll("\\s+", " ").replaceAll("[.]$", "");
  }
}
