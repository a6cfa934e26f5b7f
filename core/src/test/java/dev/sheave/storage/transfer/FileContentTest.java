package dev.sheave.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.internal.Digests;
import dev.sheave.storage.transfer.Source.LocalFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileContentTest {
  private static final int SIZE = 300_000;
  private static final int PART = 100_000;

  @TempDir Path temporary;
  private Path file = Path.of(".");
  private String sha256 = "";
  private byte[] bytes = new byte[0];

  @BeforeEach
  void writeFile() throws IOException {
    bytes = new byte[SIZE];
    new Random(7).nextBytes(bytes);
    file = Files.write(temporary.resolve("file"), bytes);
    sha256 = Digests.sha256(file);
  }

  @Test
  void aFileThatIsReadInPartsIsDigestedOnTheWay() throws IOException {
    FileContent content = content();

    read(content, 0);
    read(content, PART);
    read(content, 2 * PART);
    Files.delete(file);

    assertThat(content.sha256()).isEqualTo(sha256);
  }

  @Test
  void partsThatAreReadAgainCountOnce() throws IOException {
    FileContent content = content();

    read(content, 0);
    read(content, 0);
    read(content, PART);
    try (InputStream in = content.openAt(2 * PART)) {
      assertThat(in.readNBytes(PART / 2)).hasSize(PART / 2);
    }
    read(content, 2 * PART);
    Files.delete(file);

    assertThat(content.sha256()).isEqualTo(sha256);
  }

  @Test
  void aFileThatIsReadInAnotherOrderIsReadOnceMore() throws IOException {
    FileContent content = content();

    read(content, 2 * PART);
    read(content, PART);
    read(content, 0);

    assertThat(content.sha256()).isEqualTo(sha256);
  }

  private FileContent content() {
    return FileContent.digested(
        new LocalFile(RelativePath.of("file"), file, SIZE, false), bytes -> {});
  }

  private void read(FileContent content, int offset) throws IOException {
    try (InputStream in = content.openAt(offset)) {
      assertThat(in.readNBytes(PART)).isEqualTo(Arrays.copyOfRange(bytes, offset, offset + PART));
    }
  }
}
