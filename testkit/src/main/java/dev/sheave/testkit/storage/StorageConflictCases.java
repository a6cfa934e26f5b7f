package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The part of {@link StorageContract} that is about files in each other's way, names that the store
 * doesn't distinguish, and files that it lost.
 */
abstract class StorageConflictCases {
  private static final int PUTS = 3;
  private static final int FILES = 12;

  @TempDir private @Nullable Path temporary;
  private @Nullable WritableStorage opened;

  /** Returns a block whose place is empty, and isn't used by another test. */
  protected abstract WritableStorage openEmptyStorage() throws Exception;

  /** See {@link ObjectStoreContract#waived()}. */
  protected Set<String> waived() {
    return Set.of();
  }

  @BeforeEach
  final void open(TestInfo test) throws Exception {
    ObjectStoreContract.assumeNotWaived(test, waived());
    opened = openEmptyStorage();
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

  @ParameterizedTest
  @EnumSource(
      value = Layout.class,
      names = {"PLAIN", "BUNDLE"})
  void putsBesideEachOtherAllEndAndOneOfTheTreesIsWhole(Layout layout) throws Exception {
    put(write("before", Map.of("same", "1", "gone", "2")), "p");
    List<Map<String, String>> trees = new ArrayList<>();
    List<Callable<TransferSummary>> puts = new ArrayList<>();
    for (int i = 0; i < PUTS; i++) {
      Map<String, String> files = new TreeMap<>(Map.of("same", "1"));
      for (int file = 0; file < FILES; file++) {
        files.put("folder/" + (file % 2 == 0 ? "each-has-" : "has-" + i + "-") + file, "of " + i);
      }
      trees.add(files);
      FileTree tree = FileTree.of(write("tree-" + i, files), IgnoreRules.NONE);
      puts.add(
          () ->
              storage()
                  .putDirectory(
                      tree, RelativePath.of("p"), TransferOptions.DEFAULTS.withLayout(layout)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(PUTS);
    try {
      for (Future<TransferSummary> put : threads.invokeAll(puts)) {
        assertThat(put.get().files()).isEqualTo(FILES + 1);
      }
    } finally {
      threads.shutdown();
    }
    get("p", path("target"));

    assertThat(Trees.read(path("target"))).isIn(trees);
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

  final WritableStorage storage() {
    WritableStorage storage = opened;
    assertThat(storage).isNotNull();
    return storage;
  }

  final WritableFileSystem fileSystem() {
    Assumptions.assumeThat(storage()).isInstanceOf(WritableFileSystem.class);
    return (WritableFileSystem) storage();
  }

  final Path path(String name) {
    Path base = temporary;
    assertThat(base).isNotNull();
    return base.resolve(name);
  }

  final Path write(String name, Map<String, String> files) {
    return Trees.write(path(name), files);
  }

  final TransferSummary put(Path source, String to) {
    return storage()
        .putDirectory(
            FileTree.of(source, IgnoreRules.NONE), RelativePath.of(to), TransferOptions.DEFAULTS);
  }

  final TransferSummary get(String from, Path target) {
    return storage().getDirectory(RelativePath.of(from), target, TransferOptions.DEFAULTS);
  }
}
