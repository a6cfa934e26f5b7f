package dev.sheave.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import dev.sheave.testkit.storage.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A get to a disk that is too small for it. */
class FullDiskTest extends TransferTest {
  private static final Map<String, String> FILES =
      Map.of("kept", "new", "small", "1", "large", "line\n".repeat(1 << 20));

  private Path disk = Path.of("");
  private boolean mounted;

  @BeforeEach
  void aSmallDisk() throws Exception {
    disk = Files.createDirectories(temporary.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
    assumeTrue(mounted, "root alone may mount a small disk");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such command
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "BUNDLE"})
  void isSaidAndLeavesWhatWasThere(Layout layout) {
    transfer.put(tree("source", FILES), PLACE, IMPATIENT.withLayout(layout));
    Path target = Trees.write(disk.resolve("target"), Map.of("kept", "old"));

    assertThatThrownBy(() -> transfer.get(PLACE, target, IMPATIENT))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INTERNAL))
        .hasMessageMatching("'" + target + "/[^\n]*' can't be written: No space[^.]*[.]")
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(Trees.read(disk)).isEqualTo(Map.of("target/kept", "old"));
  }
}
