package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.dist.Installed.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks that can be read alone say so when somebody puts to them, and nobody else is asked. */
@Tag("distribution")
class ReadOnlyStorageTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "github,repository=https://127.0.0.1:9/org/name,https://127.0.0.1:9/org/name",
    "remote-file-system,basepath=http://127.0.0.1:9/flows,http://127.0.0.1:9/flows",
    "remote-file-system,basepath=zip:file:///nowhere.zip!/flows,nowhere.zip!/flows",
  })
  void nothingIsPutThere(String type, String field, String location) throws Exception {
    Installed user = new Installed(folder);
    Files.writeString(Files.createDirectories(folder.resolve("code")).resolve("a"), "1");
    Result made =
        user.sheave(Installed.DISTRIBUTION, "block", "create", type, "code", "--set", field);
    assertThat(made.code()).as(made.err()).isZero();

    for (String source : new String[] {"code", "code/a"}) {
      Result put = user.sheave(Installed.DISTRIBUTION, "storage", "put", type + "/code/x", source);
      assertThat(put.code()).isEqualTo(1);
      assertThat(put.out()).isEmpty();
      assertThat(put.err().lines()).hasSize(1);
      assertThat(put.err()).contains(location, "can only be read");
    }
  }
}
