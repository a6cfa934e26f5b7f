package dev.sheave.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import dev.sheave.testkit.SmallDisk;
import dev.sheave.testkit.storage.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A get to a disk that is too small for it. */
class FullDiskTest extends TransferTest {
  private static final Map<String, String> FILES =
      Map.of("kept", "new", "small", "1", "large", "line\n".repeat(1 << 20));

  private Path disk = Path.of("");
  private @Nullable SmallDisk mounted;

  @BeforeEach
  void aSmallDisk() throws IOException {
    mounted = SmallDisk.mount(temporary.resolve("disk"), 1);
    disk = mounted.path();
  }

  @AfterEach
  void unmount() {
    if (mounted != null) {
      mounted.close();
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
