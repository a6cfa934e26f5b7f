package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoReasonTest {
  @Test
  void itIsWhatTheSystemSays() {
    assertThat(IoReason.of(new IOException("Connection reset"))).isEqualTo("Connection reset");
    assertThat(IoReason.of(new FileSystemException("a", null, "No space left on device")))
        .isEqualTo("No space left on device ('a')");
    assertThat(IoReason.of(new UncheckedIOException(new IOException("Stale file handle"))))
        .isEqualTo("Stale file handle");
  }

  @Test
  void javaSaysNothingButThePath(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    assertThat(IoReason.of(new AccessDeniedException("a"))).isEqualTo("permission denied ('a')");
    assertThat(IoReason.of(error(() -> Files.readString(folder.resolve("missing")))))
        .isEqualTo("it doesn't exist ('" + folder.resolve("missing") + "')");
    assertThat(IoReason.of(error(() -> openDirectory(file)), file))
        .isEqualTo("it is not a directory");
    assertThat(IoReason.of(error(() -> Files.createDirectory(folder)), folder))
        .isEqualTo("it already exists");
    assertThat(IoReason.of(error(() -> Files.delete(folder)), folder))
        .isEqualTo("the directory is not empty");
  }

  @Test
  void aFileIsNamedOnce() {
    Path named = Path.of("folder");
    assertThat(IoReason.of(new AccessDeniedException("folder"), named))
        .isEqualTo("permission denied");
    assertThat(IoReason.of(new AccessDeniedException("folder/a"), named))
        .isEqualTo("permission denied ('folder/a')");
  }

  @Test
  void itFitsIntoASentence() {
    assertThat(IoReason.of(new IOException("It broke.\n  Twice.\n"))).isEqualTo("It broke. Twice");
    assertThat(IoReason.of(new EOFException())).isEqualTo("EOFException");
  }

  private interface Deed {
    void run() throws IOException;
  }

  private static void openDirectory(Path file) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(file)) {
      throw new AssertionError(entries + " of a file");
    }
  }

  private static IOException error(Deed deed) {
    try {
      deed.run();
    } catch (IOException e) {
      return e;
    }
    throw new AssertionError("it worked");
  }
}
