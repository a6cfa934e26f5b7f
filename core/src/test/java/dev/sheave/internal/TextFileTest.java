package dev.sheave.internal;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text files as other programs write them. */
class TextFileTest {
  @TempDir Path folder;

  private String read(byte[] bytes) throws IOException {
    return TextFile.read(Files.write(folder.resolve("f.txt"), bytes), "file 'f.txt'");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheText() throws IOException {
    assertThat(read("\uFEFFgrüße\r\n".getBytes(UTF_8))).isEqualTo("grüße\r\n");
    assertThat(read("a\uFEFFb".getBytes(UTF_8))).isEqualTo("a\uFEFFb");
    assertThat(read("\uFEFF".getBytes(UTF_8))).isEmpty();
    assertThat(read(new byte[0])).isEmpty();
  }

  @Test
  void anotherEncodingIsSaid() {
    for (byte[] utf16 :
        new byte[][] {
          "abc".getBytes(UTF_16),
          "abc".getBytes(UTF_16LE),
          "abc".getBytes(UTF_16BE),
          "\uFEFFabc".getBytes(UTF_16LE)
        }) {
      assertThatThrownBy(() -> read(utf16))
          .hasMessage("The file 'f.txt' can't be read: it is UTF-16 text; save it as UTF-8.");
    }
    assertThatThrownBy(() -> read(new byte[] {'a', (byte) 0xe4}))
        .hasMessage("The file 'f.txt' can't be read: it isn't UTF-8 text.");
  }

  @Test
  void aFileThatIsNotThereOrTooLargeIsSaid() throws IOException {
    assertThatThrownBy(() -> TextFile.read(folder.resolve("none"), "file 'none'"))
        .hasMessage("The file 'none' doesn't exist.")
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
    Path large = folder.resolve("large");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(TextFile.MAX_BYTES + 1L);
    }
    assertThatThrownBy(() -> TextFile.read(large, "file 'large'"))
        .hasMessage("The file 'large' can't be read: it is larger than 64 MB.");
  }

  @Test
  void linesEndAsGitHasIt() {
    assertThat(TextFile.lines("a\nb\r\nc\rd\r\r\n\ne"))
        .containsExactly("a", "b", "c\rd\r", "", "e");
    assertThat(TextFile.lines("a\r\n")).containsExactly("a");
    assertThat(TextFile.lines("a\r")).containsExactly("a");
    assertThat(TextFile.lines("")).isEmpty();
  }

  @Test
  void keysAndCertificatesAreAsTheirToolsWriteThem() {
    assertThat(TextFile.normalized("\uFEFF-----BEGIN\r\nab\rcd\n-----END\n\n"))
        .isEqualTo("-----BEGIN\nab\ncd\n-----END\n");
  }
}
