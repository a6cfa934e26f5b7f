package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.WritableFileSystem;
import dev.sheave.storage.WritableStorage;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of storage blocks that flow code is put to and fetched from. */
public abstract class StorageContract {
  private static final Map<String, String> FLOW =
      Map.of(
          "LogFlow.java",
          "class LogFlow {}",
          "data/names.txt",
          "Marvin",
          "Greeter.java",
          "class Greeter {}");

  private static final TransferOptions BUNDLE =
      TransferOptions.DEFAULTS.withLayout(TransferOptions.Layout.BUNDLE);

  @TempDir private @Nullable Path temporary;
  private @Nullable WritableStorage opened;

  /** For the backend's test. */
  protected StorageContract() {}

  /** Returns a block whose place is empty, and isn't used by another test. */
  protected abstract WritableStorage openEmptyStorage() throws Exception;

  /** How many files the test for many puts: more than a page of the backend's listings has. */
  protected int manyFiles() {
    return 1_050;
  }

  @BeforeEach
  final void open() throws Exception {
    opened = openEmptyStorage();
  }

  @Test
  void whatIsPutComesBack() {
    Path source = write("source", FLOW);
    TransferSummary put = put(source, "");
    TransferSummary got = get("", path("target"));

    assertThat(Trees.read(path("target"))).isEqualTo(FLOW);
    assertThat(put.files()).isEqualTo(3);
    assertThat(put.moved()).isEqualTo(3);
    assertThat(got.files()).isEqualTo(3);
    assertThat(got.moved()).isEqualTo(3);
    assertThat(got.bytes()).isEqualTo(put.bytes());
    assertThat(got.digest()).isEqualTo(put.digest()).startsWith("sha256:");
  }

  @Test
  void aSecondPutUploadsNothingAndCountsTheSameFiles() {
    Path source = write("source", FLOW);
    put(source, "");
    TransferSummary second = put(source, "");

    assertThat(second.files()).isEqualTo(3);
    assertThat(second.moved()).isZero();
    assertThat(second.skipped()).isEqualTo(3);
    assertThat(second.bytes()).isZero();
  }

  @Test
  void aSecondGetDownloadsNothing() {
    put(write("source", FLOW), "");
    get("", path("target"));
    TransferSummary second = get("", path("target"));

    assertThat(second.files()).isEqualTo(3);
    assertThat(second.moved()).isZero();
    assertThat(second.skipped()).isEqualTo(3);
  }

  @Test
  void aPathIsWhereATreeIsPutAndComesBackFrom() {
    put(write("one", Map.of("a.txt", "one")), "flows/one");
    put(write("two", Map.of("a.txt", "two", "sub/b.txt", "b")), "/flows/two/");

    get("flows/one", path("target-one"));
    get("flows/two", path("target-two"));
    assertThat(Trees.read(path("target-one"))).isEqualTo(Map.of("a.txt", "one"));
    assertThat(Trees.read(path("target-two"))).isEqualTo(Map.of("a.txt", "two", "sub/b.txt", "b"));
  }

  @Test
  void whatLiesAboveSeveralTreesHasThemAll() {
    put(write("one", Map.of("a.txt", "one")), "flows/one");
    put(write("two", Map.of("b.txt", "two")), "flows/two");

    get("flows", path("target"));
    assertThat(Trees.read(path("target")))
        .isEqualTo(Map.of("one/a.txt", "one", "two/b.txt", "two"));
  }

  @Test
  void aTreeBelowAnotherDoesNotDisturbIt() {
    Map<String, String> outer = Map.of("a.txt", "outer");
    Map<String, String> inner = Map.of("b.txt", "inner");
    put(write("outer", outer), "p");
    put(write("inner", inner), "p/sub");
    put(write("outer", outer), "p");

    get("p", path("target-outer"));
    get("p/sub", path("target-inner"));
    assertThat(Trees.read(path("target-outer"))).isEqualTo(outer);
    assertThat(Trees.read(path("target-inner"))).isEqualTo(inner);
  }

  @Test
  void aPathThatIsTheBeginningOfAnothersNameIsAnother() {
    put(write("one", Map.of("a.txt", "one")), "flow");
    put(write("two", Map.of("b.txt", "two")), "flow-two");

    get("flow", path("target"));
    assertThat(Trees.read(path("target"))).isEqualTo(Map.of("a.txt", "one"));
  }

  @Test
  void onlyWhatChangedIsUploadedAndWhatIsGoneIsRemoved() {
    put(write("source", Map.of("same", "1", "changed", "2", "gone/gone", "3")), "p");
    TransferSummary second =
        put(write("changed", Map.of("same", "1", "changed", "two", "new", "4")), "p");

    assertThat(second.moved()).isEqualTo(2);
    assertThat(second.skipped()).isEqualTo(1);
    assertThat(second.removed()).isEqualTo(1);
    get("p", path("target"));
    assertThat(Trees.read(path("target")))
        .isEqualTo(Map.of("same", "1", "changed", "two", "new", "4"));
  }

  @Test
  void aChangeThatKeepsTheSizeIsAChange() {
    put(write("source", Map.of("a", "one")), "");
    assertThat(put(write("source", Map.of("a", "two")), "").moved()).isEqualTo(1);

    get("", path("target"));
    assertThat(Trees.read(path("target"))).isEqualTo(Map.of("a", "two"));
  }

  @Test
  void oddNamesComeBack() {
    Map<String, String> odd = new TreeMap<>();
    for (String name :
        """
        with space.txt
        grüße/日本語.txt
        😀
        100%.txt
        a%20b
        a+b
        a#b
        .hidden/.file
        dots...in.name
        deep/deep/deep/deep/deep/deep/deep/deep/deep.txt
        a&b=c;d
        empty"""
            .split("\n", -1)) {
      odd.put(name, name.equals("empty") ? "" : name);
    }
    put(write("source", odd), "with space/ü+%");
    get("with space/ü+%", path("target"));

    assertThat(Trees.read(path("target"))).isEqualTo(odd);
  }

  @Test
  void executableFilesStaySo() throws IOException {
    Path source = write("source", Map.of("run.sh", "#!/bin/sh", "data", "1"));
    Assumptions.assumeThat(source.resolve("run.sh").toFile().setExecutable(true)).isTrue();
    Assumptions.assumeThat(Files.isExecutable(source.resolve("data"))).isFalse();
    put(source, "");
    get("", path("target"));

    assertThat(path("target").resolve("run.sh")).isExecutable();
    assertThat(Files.isExecutable(path("target").resolve("data"))).isFalse();

    assertThat(source.resolve("run.sh").toFile().setExecutable(false)).isTrue();
    put(source, "");
    get("", path("target"));
    assertThat(Files.isExecutable(path("target").resolve("run.sh"))).isFalse();
  }

  @Test
  void aTreeWithoutFilesIsATree() throws IOException {
    Path empty = Files.createDirectories(path("empty"));
    assertThat(put(empty, "p").files()).isZero();
    assertThat(get("p", path("target")).files()).isZero();
    assertThat(path("target")).isEmptyDirectory();
  }

  @Test
  void whereNothingIsThereIsNothingToGet() {
    put(write("source", FLOW), "flows");

    for (String place : List.of("nowhere", "flows/no", "no/such", "flows/LogFlow.java")) {
      Refusal.of(
          () -> get(place, path("target")),
          Code.NOT_FOUND,
          "'" + storage().location(RelativePath.of(place)) + "'");
      assertThat(path("target")).doesNotExist();
    }
  }

  @Test
  void whatTheDirectoryHasBesidesStays() {
    put(write("source", FLOW), "");
    write("target", Map.of("mine.txt", "mine", "LogFlow.java", "old", "data/other.txt", "other"));
    get("", path("target"));

    Map<String, String> all = new TreeMap<>(FLOW);
    all.put("mine.txt", "mine");
    all.put("data/other.txt", "other");
    assertThat(Trees.read(path("target"))).isEqualTo(all);
  }

  @Test
  void whatIsIgnoredIsNotPut() {
    Path source =
        write(
            "source",
            Map.ofEntries(
                Map.entry("Flow.java", "1"),
                Map.entry("target/Flow.class", "2"),
                Map.entry(".git/config", "3"),
                Map.entry("deployment.yaml", "4"),
                Map.entry(".env", "5")));
    IgnoreRules rules = IgnoreRules.in(source).excluding(RelativePath.of("deployment.yaml"));
    TransferSummary put =
        storage()
            .putDirectory(FileTree.of(source, rules), RelativePath.ROOT, TransferOptions.DEFAULTS);
    get("", path("target"));

    assertThat(put.files()).isEqualTo(1);
    assertThat(Trees.read(path("target"))).isEqualTo(Map.of("Flow.java", "1"));
  }

  @Test
  void whereEverythingIsIgnoredNothingIsPutAndNothingRemoved() {
    put(write("source", FLOW), "");
    Warnings warnings = new Warnings();
    TransferSummary put =
        storage()
            .putDirectory(
                FileTree.of(path("source"), IgnoreRules.of("*")),
                RelativePath.ROOT,
                TransferOptions.DEFAULTS.withListener(warnings));
    get("", path("target"));

    assertThat(put.files()).isZero();
    assertThat(warnings.all).singleElement().asString().contains("ignored");
    assertThat(Trees.read(path("target"))).isEqualTo(FLOW);
  }

  @Test
  void othersFilesAreNeitherFetchedNorRemoved() {
    WritableFileSystem files = fileSystem();
    files.writePath("p/mine.txt", "mine".getBytes(UTF_8));
    put(write("source", Map.of("a", "1", "b", "2")), "p");
    put(write("smaller", Map.of("a", "1")), "p");
    get("p", path("target"));

    assertThat(Trees.read(path("target"))).isEqualTo(Map.of("a", "1"));
    assertThat(files.readPath("p/mine.txt")).asString(UTF_8).isEqualTo("mine");
  }

  @Test
  void whatAnotherToolPutIsTakenAsItIs() {
    WritableFileSystem files = fileSystem();
    put(write("source", Map.of("a", "1", "b", "2")), "p");
    files.writePath("p/a", "changed".getBytes(UTF_8));
    files.writePath("p/new", "new".getBytes(UTF_8));
    Warnings warnings = new Warnings();
    storage()
        .getDirectory(
            RelativePath.of("p"), path("target"), TransferOptions.DEFAULTS.withListener(warnings));

    assertThat(Trees.read(path("target")))
        .isEqualTo(Map.of("a", "changed", "b", "2", "new", "new"));
    assertThat(warnings.all).singleElement().asString().contains("another tool");
  }

  @Test
  void aPutOverWhatAnotherToolChangedPutsItRight() {
    WritableFileSystem files = fileSystem();
    Path source = write("source", Map.of("a", "1", "b", "2"));
    put(source, "p");
    files.writePath("p/a", "0".getBytes(UTF_8));
    assertThat(put(source, "p").moved()).isEqualTo(1);
    get("p", path("target"));

    assertThat(Trees.read(path("target"))).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void manyFilesComeBack() {
    Map<String, String> many = new TreeMap<>();
    for (int i = 0; i < manyFiles(); i++) {
      many.put("folder-" + i % 7 + "/file-" + i, "content " + i);
    }
    Path source = write("source", many);
    put(source, "many");
    assertThat(put(source, "many").moved()).isZero();
    get("many", path("target"));

    assertThat(Trees.read(path("target"))).isEqualTo(many);
  }

  @Test
  void aBundleComesBackAndIsReplacedWhole() {
    put(write("source", FLOW), "p");
    for (Map<String, String> files : List.of(Map.of("a", "1", "ü/b", ""), Map.of("a", "2"))) {
      FileTree tree = FileTree.of(write("bundle-" + files.size(), files), IgnoreRules.NONE);
      storage().putDirectory(tree, RelativePath.of("p"), BUNDLE);
      assertThat(storage().putDirectory(tree, RelativePath.of("p"), BUNDLE).moved()).isZero();
      get("p", path("target-" + files.size()));

      assertThat(Trees.read(path("target-" + files.size()))).isEqualTo(files);
    }
  }

  @Test
  void itsCheckPasses() {
    storage().check().orThrow();
  }

  @Test
  void noPathLeadsOut() {
    for (String path : List.of("../outside", "a/../../outside", "a/..")) {
      assertThatThrownBy(() -> put(write("source", FLOW), path))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
          .hasMessageContaining(path);
    }
  }

  private static final class Warnings implements TransferListener {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public void warning(String message) {
      all.add(message);
    }
  }

  private WritableStorage storage() {
    WritableStorage storage = opened;
    assertThat(storage).isNotNull();
    return storage;
  }

  private WritableFileSystem fileSystem() {
    Assumptions.assumeThat(storage()).isInstanceOf(WritableFileSystem.class);
    return (WritableFileSystem) storage();
  }

  private Path path(String name) {
    Path base = temporary;
    assertThat(base).isNotNull();
    return base.resolve(name);
  }

  private Path write(String name, Map<String, String> files) {
    return Trees.write(path(name), files);
  }

  private TransferSummary put(Path source, String to) {
    return storage()
        .putDirectory(
            FileTree.of(source, IgnoreRules.NONE), RelativePath.of(to), TransferOptions.DEFAULTS);
  }

  private TransferSummary get(String from, Path target) {
    return storage().getDirectory(RelativePath.of(from), target, TransferOptions.DEFAULTS);
  }
}
