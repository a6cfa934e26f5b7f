package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.WritableFileSystem;
import dev.sheave.storage.transfer.ObjectSource.StoredObject;
import dev.sheave.storage.transfer.RelativePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of blocks that flows read and write files with: the capabilities {@code read-path}
 * and {@code write-path}.
 */
public abstract class FileSystemContract {
  @TempDir private @Nullable Path temporary;
  private @Nullable WritableFileSystem opened;

  /** For the backend's test. */
  protected FileSystemContract() {}

  /** Returns a block whose place is empty, and isn't used by another test. */
  protected abstract WritableFileSystem openEmptyFileSystem() throws Exception;

  @BeforeEach
  final void open() throws Exception {
    opened = openEmptyFileSystem();
  }

  private WritableFileSystem files() {
    WritableFileSystem files = opened;
    assertThat(files).isNotNull();
    return files;
  }

  @Test
  void whatIsWrittenIsRead() {
    String location = files().writePath("results/one.txt", "1".getBytes(UTF_8));

    assertThat(files().readPath("results/one.txt")).asString(UTF_8).isEqualTo("1");
    assertThat(location).endsWith("one.txt");
  }

  @Test
  void whatIsWrittenFromAStreamIsReadAsOne() throws IOException {
    byte[] content = new byte[3_000_000];
    new Random(1).nextBytes(content);

    String location = files().writePath("results/large", new ByteArrayInputStream(content));

    try (InputStream in = files().openPath("results/large")) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    assertThat(location).endsWith("large");
    assertThatThrownBy(() -> files().openPath("results/none"))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
  }

  @Test
  void aStreamThatBreaksOffLeavesWhatWasThere() {
    files().writePath("results/one.txt", "1".getBytes(UTF_8));
    InputStream broken =
        new SequenceInputStream(
            new ByteArrayInputStream(new byte[100]),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("gone");
              }

              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
              }
            });

    assertThatThrownBy(() -> files().writePath("results/one.txt", broken))
        .hasMessageContaining("can't be read: gone")
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));

    assertThat(files().readPath("results/one.txt")).asString(UTF_8).isEqualTo("1");
  }

  @Test
  void bytesAreKeptAsTheyAre() {
    byte[] bytes = new byte[70_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 256);
    }
    files().writePath("binary", bytes);
    files().writePath("empty", new byte[0]);

    assertThat(files().readPath("binary")).isEqualTo(bytes);
    assertThat(files().readPath("empty")).isEmpty();
  }

  @Test
  void aWriteReplacesWhatIsThere() {
    files().writePath("a", "a long text".getBytes(UTF_8));
    files().writePath("a", "short".getBytes(UTF_8));

    assertThat(files().readPath("a")).asString(UTF_8).isEqualTo("short");
  }

  @Test
  void slashesAtEitherEndDoNotMatter() {
    files().writePath("/deep/er/file", "1".getBytes(UTF_8));

    assertThat(files().readPath("./deep/er/file")).asString(UTF_8).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "grüße/日本語.txt", "100%", "a%20b", "a+b", "a#b", ".hidden"})
  void oddNamesAreKept(String name) {
    files().writePath(name, name.getBytes(UTF_8));

    assertThat(files().readPath(name)).asString(UTF_8).isEqualTo(name);
  }

  @Test
  void aMissingFileIsNotFound() {
    files().writePath("folder/file", "1".getBytes(UTF_8));

    for (String name : new String[] {"missing.txt", "folder", "folder/missing.txt"}) {
      assertThatThrownBy(() -> files().readPath(name))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
          .hasMessageContaining(name);
    }
  }

  @Test
  void aFileOfThisMachineComesBackAsItWas() throws IOException {
    Assumptions.assumeThat(files()).isInstanceOf(ObjectStorage.class);
    ObjectStorage storage = (ObjectStorage) files();
    Path folder = temporary;
    assertThat(folder).isNotNull();
    Path file = Files.writeString(folder.resolve("may.csv"), "1,2");
    storage.putFile(file, RelativePath.of("reports/may.csv"));
    List<StoredObject> found = new ArrayList<>();
    storage.list(RelativePath.of("reports"), found::add);
    storage.getFile(RelativePath.of("reports/may.csv"), folder.resolve("back.csv"));

    assertThat(found).extracting(StoredObject::name).containsExactly("reports/may.csv");
    assertThat(folder.resolve("back.csv")).hasContent("1,2");
  }

  @Test
  void thePlaceItselfIsNoFile() {
    assertThatThrownBy(() -> files().readPath(""))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
    assertThatThrownBy(() -> files().writePath("/", new byte[1]))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside", "a/../../outside", "a/..", "a//b", "a\\b"})
  void noPathLeadsOut(String path) {
    assertThatThrownBy(() -> files().writePath(path, new byte[0]))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
    assertThatThrownBy(() -> files().readPath(path))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }
}
