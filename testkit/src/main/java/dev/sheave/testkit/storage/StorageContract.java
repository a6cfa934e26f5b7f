package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.WritableFileSystem;
import dev.sheave.storage.WritableStorage;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import dev.sheave.storage.transfer.TransferSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
                warnings.options());
    get("", path("target"));

    assertThat(put.files()).isZero();
    assertThat(warnings.all()).singleElement().asString().contains("ignored");
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
    files.writePath("p/new", "new".getBytes(UTF_8));
    Warnings warnings = new Warnings();
    getOnceTheClockTicked(files, "p/a", "changed", warnings);

    assertThat(Trees.read(path("target")))
        .isEqualTo(Map.of("a", "changed", "b", "2", "new", "new"));
    assertThat(warnings.all()).singleElement().asString().contains("another tool");
  }

  /**
   * A store's clock may tell seconds alone; until the next one, a file of another size could as
   * well be a damaged one.
   */
  private void getOnceTheClockTicked(
      WritableFileSystem files, String file, String content, Warnings warnings) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      files.writePath(file, content.getBytes(UTF_8));
      try {
        storage().getDirectory(RelativePath.of("p"), path("target"), warnings.options());
        return;
      } catch (SheaveException e) {
        assertThat(e).hasMessageContaining("is damaged");
        assertThat(System.nanoTime()).as("the store's clock ticks").isLessThan(deadline);
      }
    }
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

  @ParameterizedTest
  @EnumSource(
      value = Layout.class,
      names = {"PLAIN", "BUNDLE"})
  void filesAndFoldersTakeEachOthersPlace(Layout layout) {
    List<Map<String, String>> trees =
        List.of(
            Map.of("config", "a file", "lib/a/b", "1", "other", "2"),
            Map.of("config/app.yml", "3", "lib/a/b/c", "4", "other", "2"),
            Map.of("config/app/x", "5", "lib", "6"),
            Map.of("config", "7", "lib/a", "8"));
    int i = 0;
    for (Map<String, String> tree : trees) {
      i++;
      storage()
          .putDirectory(
              FileTree.of(write("source-" + i, tree), IgnoreRules.NONE),
              RelativePath.of("p"),
              TransferOptions.DEFAULTS.withLayout(layout));
      get("p", path("target-" + i));
      assertThat(Trees.read(path("target-" + i))).isEqualTo(tree);
    }
  }

  @Test
  void anotherToolsFileInTheWayIsNamedBeforeAnythingIsWritten() {
    WritableFileSystem files = fileSystem();
    Map<String, String> before = Map.of("a", "1");
    Map<String, String> after = Map.of("config/app.yml", "2");
    put(write("before", before), "p");
    files.writePath("p/config", "mine".getBytes(UTF_8));
    Map<String, String> got = before;
    try {
      put(write("after", after), "p");
      got = after; // a store without folders holds both
    } catch (SheaveException e) {
      assertThat(e.code()).isEqualTo(Code.INVALID);
      assertThat(e).hasMessageContainingAll("'config/app.yml'", "'config'", "move or remove it");
    }
    get("p", path("target"));

    assertThat(Trees.read(path("target"))).isEqualTo(got);
    assertThat(files.readPath("p/config")).asString(UTF_8).isEqualTo("mine");
  }

  @Test
  void aNameThatChangesInCaseAloneIsTheNewOne() {
    put(write("before", Map.of("Readme.md", "1", "Data/Input.csv", "2", "x", "3")), "p");
    Map<String, String> after = Map.of("README.md", "1", "data/input.csv", "4", "x", "3");
    put(write("after", after), "p");
    get("p", path("target"));

    assertThat(Trees.read(path("target"))).isEqualTo(after);
    if (storage() instanceof ObjectStorage listed) {
      List<String> names = new ArrayList<>();
      listed.list(RelativePath.of("p"), object -> names.add(object.name()));
      assertThat(names).containsExactlyInAnyOrder("p/README.md", "p/data/input.csv", "p/x");
    }
    assertThat(put(path("after"), "p").moved()).isZero();
  }

  @Test
  void namesThatDifferInCaseAloneComeBackOrAreRefusedBeforeAnythingIsWritten() {
    Map<String, String> before = Map.of("x", "1");
    Map<String, String> twins = Map.of("a.txt", "2", "A.txt", "3");
    Path source = write("twins", twins);
    Assumptions.assumeThat(Trees.read(source)).as("this disk distinguishes them").isEqualTo(twins);
    put(write("before", before), "p");
    Map<String, String> got = twins;
    try {
      put(source, "p");
    } catch (SheaveException e) {
      assertThat(e.code()).isEqualTo(Code.INVALID);
      assertThat(e).hasMessageContainingAll("'a.txt'", "'A.txt'", "rename one");
      got = before;
    }
    get("p", path("target"));

    assertThat(Trees.read(path("target"))).isEqualTo(got);
  }

  @Test
  void aFileThatTheStoreLostIsNamed() {
    WritableFileSystem files = fileSystem();
    put(write("source", Map.of("a", "1", "b", "2")), "p");
    byte[] manifest = files.readPath("p/.sheave-manifest.json");
    put(write("smaller", Map.of("a", "1")), "p");
    files.writePath("p/.sheave-manifest.json", manifest);

    Refusal.of(() -> get("p", path("target")), Code.CONFLICT, "'b' is missing or cut");
    assertThat(Trees.read(write("target", Map.of()))).isEmpty();
    put(path("source"), "p");
    get("p", path("target"));
    assertThat(Trees.read(path("target"))).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void whatIsInTheWayInTheDirectoryIsNamedBeforeAnythingIsWritten() {
    put(write("source", Map.of("a", "1", "folder/b", "2")), "");
    Map<String, String> file = Map.of("folder", "mine", "a", "mine");
    Map<String, String> folder = Map.of("a/mine", "mine");

    Refusal.of(() -> get("", write("file", file)), Code.INVALID, "folder' is a file");
    assertThat(Trees.read(path("file"))).isEqualTo(file);
    Refusal.of(() -> get("", write("folder", folder)), Code.INVALID, "a' is a directory");
    assertThat(Trees.read(path("folder"))).isEqualTo(folder);
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
