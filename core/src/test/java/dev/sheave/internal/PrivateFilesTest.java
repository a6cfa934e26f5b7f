package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
  @TempDir Path folder;

  @Test
  void whoReadsAFileThatIsReplacedSeesItsOldText() throws Exception {
    Path file = folder.resolve("position");
    PrivateFiles.write(file, "12");
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      PrivateFiles.write(file, "345");

      assertThat(reader.readLine()).isEqualTo("12");
    }
    assertThat(file).hasContent("345");
    assertThat(folder).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void nothingIsLeftOfAFileThatCantBeReplaced() throws Exception {
    Path taken = folder.resolve("taken");
    Files.createDirectories(taken.resolve("inside"));

    assertThatIOException().isThrownBy(() -> PrivateFiles.write(taken, "12"));

    assertThat(folder.toFile().list()).containsExactly("taken");
  }
}
