package dev.sheave.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.testkit.storage.MemoryObjectStore.Operation;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.Warnings;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that hold what no put of ours left. */
class StrangeStoreTest extends TransferTest {
  private final Warnings warnings = new Warnings();
  private final TransferOptions warned = IMPATIENT.withListener(warnings);

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
        "data/"
      })
  void aNameThatCanNotBeIsLeftOutAndSaidAndTheRestIsFetched(String name) {
    store.write("flows/log/good", "1".getBytes(UTF_8));
    store.write("flows/log/" + name, "2".getBytes(UTF_8));
    transfer.get(PLACE, temporary.resolve("target"), warned);

    assertThat(Trees.read(temporary)).isEqualTo(Map.of("target/good", "1"));
    assertThat(warnings.all())
        .containsExactly(
            "1 object at 'memory://store/flows/log' can't be a file on this machine and is left"
                + " out: '"
                + name.replace("\u0000", "\\u0000").replace("\n", "\\u000a")
                + "'.");
  }

  @Test
  void manyNamesThatCanNotBeAreCountedInOneWarning() {
    store.write("flows/log/good", "1".getBytes(UTF_8));
    for (int i = 0; i < 5; i++) {
      store.write("flows/log/" + i + "//x", "2".getBytes(UTF_8));
    }
    transfer.get(PLACE, temporary.resolve("target"), warned);

    assertThat(warnings.all())
        .containsExactly(
            "5 objects at 'memory://store/flows/log' can't be a file on this machine and are left"
                + " out: '0//x', '1//x', '2//x' and others.");
  }

  @Test
  void namesThatCanNotBeAreLeftAloneByAPut() {
    store.write("flows/log/../x", "1".getBytes(UTF_8));
    store.write("flows/log/a//b", "1".getBytes(UTF_8));
    put(OLD);
    put(NEW);
    get();

    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(NEW);
    assertThat(store.names()).contains("flows/log/../x", "flows/log/a//b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"con", "aux.txt", "a/LPT1", "COM1.tar.gz", "a/NUL/b", "a:b", "x?"})
  void aNameThatOnlyWindowsForbidsIsLeftOutThereAlone(String name) throws IOException {
    store.write("flows/log/good", "1".getBytes(UTF_8));
    store.write("flows/log/" + name, "2".getBytes(UTF_8));
    try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
      Path directory = windows.getPath("C:\\work\\here");
      transfer.get(PLACE, directory, warned);

      assertThat(Trees.read(directory)).isEqualTo(Map.of("good", "1"));
      assertThat(warnings.all()).singleElement().asString().contains("left out: '" + name + "'");
    }
    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(Map.of("good", "1", name, "2"));
  }

  @Test
  void anUploadWithANameThatThisMachineForbidsIsRefusedAsAWhole() throws IOException {
    put(Map.of("good", "1", "aux.txt", "2"));
    try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
      Path directory = windows.getPath("C:\\work\\here");

      Refusal.of(
          () -> transfer.get(PLACE, directory, IMPATIENT),
          Code.INVALID,
          "'aux.txt' can't be the name of a file on this machine");
      assertThat(directory).doesNotExist();
    }
  }

  @ParameterizedTest
  @CsvSource({"x,256", "\u00e9,128", "x,4096"})
  void aNameThatNoDiskTakesIsLeftOut(String letter, int times) {
    store.write("flows/log/a", "1".getBytes(UTF_8));
    store.write("flows/log/folder/" + letter.repeat(times), "2".getBytes(UTF_8));
    transfer.get(PLACE, temporary.resolve("target"), warned);

    assertThat(Trees.read(temporary)).isEqualTo(Map.of("target/a", "1"));
    assertThat(warnings.all()).singleElement().asString().contains("'folder/" + letter);
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
        "{\"sheave_manifest\":1}",
        "{\"sheave_manifest\":1,\"files\":null}",
        "{\"sheave_manifest\":1,\"files\":[{}]}",
        "{\"sheave_manifest\":1,\"files\":[null]}",
        "{\"sheave_manifest\":1,\"files\":[5]}",
        "{\"sheave_manifest\":1,\"files\":[[]]}",
        "{\"sheave_manifest\":1,\"files\":[{\"path\":null,\"size\":1,\"sha256\":\"00\"}]}",
        "{\"sheave_manifest\":1,\"files\":[{\"path\":\"a\",\"size\":1,\"sha256\":\"00\"}]}",
        "{\"sheave_manifest\":1,\"files\":[],\"bundle\":null}",
        "{\"sheave_manifest\":null,\"files\":[]}",
        "{\"sheave_manifest\":1,\"files\":[]} {}",
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
  void anObjectThatIsAlsoAFolderIsLeftOut() {
    store.write("flows/log/a", "1".getBytes(UTF_8));
    store.write("flows/log/a/b", "2".getBytes(UTF_8));
    store.write("flows/log/empty", new byte[0]);
    store.write("flows/log/empty/b", "3".getBytes(UTF_8));
    transfer.get(PLACE, temporary.resolve("target"), warned);

    assertThat(Trees.read(temporary.resolve("target")))
        .isEqualTo(Map.of("a/b", "2", "empty/b", "3"));
    assertThat(warnings.all()).singleElement().asString().contains("left out: 'a'.");
  }

  @Test
  void aTreeWithAFileThatIsAlsoAFolderIsRefused() {
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
  void marksThatConsolesAndHadoopLeaveForFoldersAreNoFiles() {
    store.write("flows/log/", new byte[0]);
    store.write("flows/log/sub/", new byte[0]);
    store.write("flows/log/sub/a", "1".getBytes(UTF_8));
    store.write("flows/log/sub_$folder$", new byte[0]);
    transfer.get(PLACE, temporary.resolve("target"), warned);

    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(Map.of("sub/a", "1"));
    assertThat(warnings.all()).isEmpty();
    List<String> names = new ArrayList<>();
    transfer.list(PLACE, object -> names.add(object.name()));
    assertThat(names).containsExactly("flows/log/sub/a");
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
  void aFileThatIsNotListedAfterItsUploadIsSaid() {
    AtomicInteger listings = new AtomicInteger();
    store.beforeEach(
        request -> {
          if (request.operation() == Operation.LIST && listings.incrementAndGet() == 2) {
            store.remove("flows/log/trail.");
            store.write("flows/log/.sheave-put-other.json", "{}".getBytes(UTF_8));
          }
        });

    Refusal.of(
        () -> put(Map.of("a", "1", "trail.", "2")),
        Code.CONFLICT,
        "doesn't list what was uploaded to 'memory://store/flows/log' ('trail.'): if nobody else"
            + " removed it, the server can't keep such a name; rename it");
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
