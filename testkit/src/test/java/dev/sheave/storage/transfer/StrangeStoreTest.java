package dev.sheave.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.testkit.storage.MemoryObjectStore.Operation;
import dev.sheave.testkit.storage.Trees;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that hold what no put of ours left. */
class StrangeStoreTest extends TransferTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside",
        "a/../../outside",
        "/etc/passwd",
        "//host/share",
        "a//b",
        ".",
        "a/./b",
        "a\\b",
        "C:/x",
        "nul\u0000",
        "new\nline",
        "con",
        "aux.txt",
        "a/LPT1",
        "COM1.tar.gz",
        "a/NUL/b",
        "con .txt"
      })
  void aHostileNameIsNamedAndNothingIsWritten(String name) {
    store.write("flows/log/good", "1".getBytes(UTF_8));
    store.write("flows/log/" + name, "2".getBytes(UTF_8));

    assertThatThrownBy(() -> get())
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("memory://store/flows/log")
        .hasMessageContaining(name.replace("\u0000", "\\u0000").replace("\n", "\\u000a"));
    assertThat(Trees.read(temporary)).isEmpty();
  }

  @Test
  void aNameOfFourKibibytesIsRefused() {
    store.write("flows/log/" + "x".repeat(4096), "1".getBytes(UTF_8));

    assertThatThrownBy(() -> get()).hasMessageContaining("xxx").hasMessageContaining("longer");
  }

  @ParameterizedTest
  @CsvSource({"x,256", "\u00e9,128"})
  void aNameThatNoDiskTakesIsRefusedBeforeAnythingIsWritten(String letter, int times) {
    store.write("flows/log/a", "1".getBytes(UTF_8));
    store.write("flows/log/folder/" + letter.repeat(times), "2".getBytes(UTF_8));

    assertThatThrownBy(() -> get())
        .hasMessageContaining("folder/" + letter)
        .hasMessageContaining("a part of it is longer than 255 bytes");
    assertThat(Trees.read(temporary)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Readme.md,README.md", "caf\u00e9,cafe\u0301", "a/Data/x,a/data/y"})
  void namesThatADiskDoesNotTellApartAreRefusedThere(String name, String twin) throws IOException {
    store.write("flows/log/" + name, "1".getBytes(UTF_8));
    store.write("flows/log/" + twin, "2".getBytes(UTF_8));

    try (FileSystem mac = Jimfs.newFileSystem(Configuration.osX())) {
      Path directory = mac.getPath("/work/here");
      assertThatThrownBy(() -> transfer.get(PLACE, directory, IMPATIENT))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
          .hasMessageContaining("'/work/here', whose file system doesn't distinguish them")
          .hasMessageContaining(name.substring(0, 3));
      try (Stream<Path> left = Files.list(directory)) {
        assertThat(left).isEmpty();
      }
    }
    transfer.get(PLACE, temporary, IMPATIENT);
    assertThat(Trees.read(temporary)).hasSize(2);
  }

  @Test
  void aManifestThatLeadsOutIsRefused() {
    store.write("flows/log/a", "1".getBytes(UTF_8));
    store.write(
        "flows/log/.sheave-manifest.json",
        "{\"sheave_manifest\":1,\"files\":[{\"path\":\"../a\",\"size\":1,\"sha256\":\"00\"}]}"
            .getBytes(UTF_8));

    assertThatThrownBy(() -> get()).hasMessageContaining("../a");
    assertThat(Trees.read(temporary)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"sheave_manifest\":1,\"files\":[{}]}",
        "no json",
        "{\"files\":"
      })
  void aManifestThatIsNoneIsRefused(String text) {
    store.write("flows/log/.sheave-manifest.json", text.getBytes(UTF_8));

    assertThatThrownBy(() -> get())
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining("memory://store/flows/log/.sheave-manifest.json");
  }

  @Test
  void aManifestOfANewerVersionIsRefused() {
    store.write("flows/log/.sheave-manifest.json", "{\"sheave_manifest\":3}".getBytes(UTF_8));

    assertThatThrownBy(() -> get())
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNSUPPORTED));
  }

  @Test
  void aFileThatIsAlsoAFolderIsRefused() {
    store.write("flows/log/a", "1".getBytes(UTF_8));
    store.write("flows/log/a/b", "2".getBytes(UTF_8));

    assertThatThrownBy(() -> get())
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("'a'")
        .hasMessageContaining("'a/b'");
    assertThatThrownBy(
            () ->
                transfer.put(
                    FileTree.builder()
                        .add(RelativePath.of("x"), write("x", Map.of("1", "1")).resolve("1"))
                        .add(RelativePath.of("x/y"), write("x", Map.of("1", "1")).resolve("1"))
                        .build(),
                    PLACE,
                    IMPATIENT))
        .hasMessageContaining("'x/y'");
  }

  @Test
  void foldersThatAConsoleMadeAreNoFiles() {
    store.write("flows/log/", new byte[0]);
    store.write("flows/log/sub/", new byte[0]);
    store.write("flows/log/sub/a", "1".getBytes(UTF_8));

    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(Map.of("sub/a", "1"));
  }

  @Test
  void aDamagedFileIsNotHandedOut() {
    put(OLD);
    store.corrupt("flows/log/same", "0".getBytes(UTF_8));

    assertThatThrownBy(
            () -> transfer.get(PLACE, temporary.resolve("target"), TransferOptions.DEFAULTS))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT))
        .hasMessageContaining("memory://store/flows/log/same")
        .hasMessageContaining("SHA-256");
    assertThat(Trees.read(temporary.resolve("target"))).isEmpty();
  }

  @Test
  void whatAnotherToolWroteAgainIsTakenAsItIsWithWhatItPutBesides() {
    put(OLD);
    OLD.forEach((name, content) -> store.write("flows/log/" + name, content.getBytes(UTF_8)));
    store.write("flows/log/helper", "h".getBytes(UTF_8));
    get();

    Map<String, String> all = new TreeMap<>(OLD);
    all.put("helper", "h");
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(all);
  }

  @Test
  void whatAnotherToolChangedIsNotRemovedAsStale() {
    put(OLD);
    store.write("flows/log/gone", "somebody's".getBytes(UTF_8));
    put(NEW);

    assertThat(store.names()).contains("flows/log/gone");
  }

  @Test
  void withoutPruningNothingIsRemoved() {
    put(OLD);
    transfer.put(tree("new", NEW), PLACE, IMPATIENT.withPrune(false));

    assertThat(store.names()).contains("flows/log/gone");
    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(NEW);
  }

  @Test
  void whatCanNotBeReachedIsFoundBeforeAnythingIsWritten() {
    store.beforeEach(
        request -> {
          throw new SheaveException(Code.NOT_FOUND, "no such bucket");
        });

    assertThatThrownBy(() -> put(OLD)).hasMessage("no such bucket");
    assertThatThrownBy(() -> get()).hasMessage("no such bucket");
    assertThat(store.requests())
        .hasSize(3)
        .allMatch(request -> request.operation() != Operation.PUT);
    assertThat(temporary.resolve("target")).doesNotExist();
  }
}
