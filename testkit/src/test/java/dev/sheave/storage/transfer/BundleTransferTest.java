package dev.sheave.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import dev.sheave.testkit.storage.FaultyObjectStore;
import dev.sheave.testkit.storage.MemoryObjectStore;
import dev.sheave.testkit.storage.MemoryObjectStore.Operation;
import dev.sheave.testkit.storage.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Trees as one archive. */
class BundleTransferTest extends TransferTest {
  static final TransferOptions BUNDLE = IMPATIENT.withLayout(Layout.BUNDLE);
  static final TransferOptions PLAIN = IMPATIENT.withLayout(Layout.PLAIN);
  private static final Duration LONG = ObsoleteObjects.GRACE.plusMinutes(1);

  private TransferSummary bundle(Map<String, String> files) {
    return transfer.put(tree("source-" + files.hashCode(), files), PLACE, BUNDLE);
  }

  private Map<String, String> got(String name, TransferOptions options) {
    transfer.get(PLACE, temporary.resolve(name), options);
    return Trees.read(temporary.resolve(name));
  }

  private List<String> archives(MemoryObjectStore of) {
    return of.names().stream().filter(name -> name.contains(".sheave-bundle-")).sorted().toList();
  }

  @Test
  void whatIsPutComesBackAndOnlyTheArchiveAndItsManifestLieThere() throws IOException {
    Map<String, String> files = new TreeMap<>(OLD);
    files.put("deep/er/ünï #%+.txt", "content");
    files.put("empty", "");
    files.put("run.sh", "#!/bin/sh");
    Path source = write("source", files);
    assertThat(source.resolve("run.sh").toFile().setExecutable(true)).isTrue();
    TransferSummary put = transfer.put(FileTree.of(source, IgnoreRules.NONE), PLACE, BUNDLE);

    assertThat(got("target", IMPATIENT)).isEqualTo(files);
    assertThat(temporary.resolve("target/run.sh")).isExecutable();
    assertThat(Files.isExecutable(temporary.resolve("target/empty"))).isFalse();
    assertThat(store.names()).hasSize(2).contains("flows/log/.sheave-manifest.json");
    assertThat(archives(store)).hasSize(1);
    assertThat(put.files()).isEqualTo(files.size());
    assertThat(put.moved()).isEqualTo(files.size());
    assertThat(put.digest()).isEqualTo(Source.digest(FileTree.of(source, IgnoreRules.NONE)));
  }

  @Test
  void aTreeWithoutFilesIsATree() throws IOException {
    Path empty = Files.createDirectories(temporary.resolve("empty"));
    transfer.put(FileTree.of(empty, IgnoreRules.NONE), PLACE, BUNDLE);

    assertThat(got("target", IMPATIENT)).isEmpty();
  }

  @Test
  void theSameTreeHasTheSameBytesWheneverItWasWritten() throws IOException {
    Map<String, String> files = Map.of("a", "1".repeat(10_000), "b/c", "2", "d", "");
    bundle(files);
    String first = archives(store).get(0);
    store.remove(first);
    store.remove("flows/log/.sheave-manifest.json");
    Path again = write("again", files);
    for (String name : files.keySet()) {
      Files.setLastModifiedTime(again.resolve(name), FileTime.from(Instant.ofEpochSecond(1)));
    }
    transfer.put(FileTree.of(again, IgnoreRules.NONE), PLACE, BUNDLE);

    int digestEnds = "flows/log/.sheave-bundle-".length() + 64;
    assertThat(archives(store))
        .singleElement()
        .asString()
        .startsWith(first.substring(0, digestEnds));
  }

  @Test
  void anUnchangedPutListsAndReadsTheManifestAndWritesNothing() {
    bundle(OLD);
    store.forgetRequests();
    TransferSummary second = bundle(OLD);

    assertThat(store.requests(Operation.LIST)).hasSize(1);
    assertThat(store.requests(Operation.GET)).hasSize(1);
    assertThat(store.requests()).hasSize(2);
    assertThat(second.moved()).isZero();
    assertThat(second.skipped()).isEqualTo(OLD.size());
  }

  @Test
  void anUnchangedGetIsOneSmallRead() {
    TransferOptions cached = IMPATIENT.withCache(temporary.resolve("cache"));
    bundle(OLD);
    store.forgetRequests();
    TransferSummary first = transfer.get(PLACE, temporary.resolve("one"), cached);
    assertThat(store.requests()).hasSize(2).allMatch(asked -> asked.operation() == Operation.GET);
    assertThat(first.bytes()).isPositive();

    store.forgetRequests();
    TransferSummary second = transfer.get(PLACE, temporary.resolve("two"), cached);
    assertThat(store.requests(Operation.GET))
        .containsExactly(PLACE.resolve(".sheave-manifest.json"));
    assertThat(store.requests()).hasSize(1);
    assertThat(second.bytes()).isZero();
    assertThat(second.moved()).isEqualTo(OLD.size());
    assertThat(Trees.read(temporary.resolve("two"))).isEqualTo(OLD);

    bundle(NEW);
    assertThat(got("three", cached)).isEqualTo(NEW);
  }

  @Test
  void aPutKeepsTheLayoutThatIsThere() {
    bundle(OLD);
    put(NEW);
    assertThat(store.names()).doesNotContain("flows/log/same");
    assertThat(got("one", IMPATIENT)).isEqualTo(NEW);

    transfer.put(tree("plain", OLD), PLACE, PLAIN);
    assertThat(store.names()).contains("flows/log/same");
    assertThat(got("two", IMPATIENT)).isEqualTo(OLD);
    put(NEW);
    assertThat(store.names()).contains("flows/log/new");
  }

  @Test
  void whatTheDirectoryHasAlreadyIsLeftAloneAndWhatItHasBesidesStays() {
    bundle(OLD);
    write("target", Map.of("same", "1", "changed", "other", "mine", "m"));
    TransferSummary got = transfer.get(PLACE, temporary.resolve("target"), IMPATIENT);

    Map<String, String> all = new TreeMap<>(OLD);
    all.put("mine", "m");
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(all);
    assertThat(got.moved()).isEqualTo(2);
    assertThat(got.skipped()).isEqualTo(1);
  }

  @Test
  void aReplacedArchiveStaysForAWhileAndIsThenRemoved() {
    bundle(OLD);
    store.advance(Duration.ofDays(30)); // old, but read until now
    bundle(NEW);
    assertThat(archives(store)).hasSize(2);

    store.advance(Duration.ofMinutes(30));
    bundle(OLD);
    assertThat(archives(store)).hasSize(3);

    store.advance(Duration.ofMinutes(40));
    bundle(NEW);
    assertThat(archives(store)).as("the first is gone, the second isn't old enough").hasSize(3);

    store.advance(LONG);
    bundle(OLD);
    assertThat(archives(store)).hasSize(2);
    assertThat(got("target", IMPATIENT)).isEqualTo(OLD);
  }

  @Test
  void theArchiveOfAPutThatDiedIsRemovedToo() {
    FaultyObjectStore faulty = new FaultyObjectStore(store);
    bundle(OLD);
    faulty.dieAfter(3); // listing, manifest, archive
    assertThatThrownBy(() -> new DirectoryTransfer(faulty).put(tree("new", NEW), PLACE, BUNDLE))
        .hasMessageContaining("doesn't answer");
    assertThat(archives(store)).hasSize(2);
    for (Map<String, String> tree : List.of(NEW, OLD, NEW)) {
      store.advance(LONG);
      bundle(tree);
    }

    assertThat(archives(store)).hasSize(2);
  }

  @Test
  void thePlainTreeThatABundleReplacedIsRemovedLater() {
    put(OLD);
    store.write("flows/log/mine", new byte[1]);
    bundle(NEW);
    assertThat(store.names()).contains("flows/log/same", "flows/log/gone");
    assertThat(got("target", IMPATIENT)).isEqualTo(NEW);

    store.advance(LONG);
    bundle(OLD);
    assertThat(store.names())
        .contains("flows/log/mine")
        .doesNotContain("flows/log/same", "flows/log/gone", "flows/log/changed")
        .noneMatch(name -> name.contains("replaced"));
  }

  @Test
  void aPlainPutOverABundleRemovesItsArchiveLater() {
    bundle(OLD);
    transfer.put(tree("plain", OLD), PLACE, PLAIN);
    assertThat(archives(store)).hasSize(1);
    store.advance(LONG);
    put(NEW);

    assertThat(archives(store)).isEmpty();
    assertThat(got("target", IMPATIENT)).isEqualTo(NEW);
  }

  @Test
  void aGetWhoseArchiveIsGoneTakesTheOneThatIsNamedByThen() {
    bundle(OLD);
    AtomicInteger reads = new AtomicInteger();
    store.beforeEach(
        request -> {
          if (request.operation() == Operation.GET && reads.incrementAndGet() == 2) {
            bundle(NEW);
            store.advance(LONG);
            bundle(Map.of("third", "3"));
          }
        });

    transfer.get(PLACE, temporary.resolve("target"), TransferOptions.DEFAULTS);
    assertThat(Trees.read(temporary.resolve("target"))).isIn(OLD, Map.of("third", "3"));
  }

  @Test
  void anArchiveThatIsGoneForGoodIsRefusedAtOnce() {
    bundle(OLD);
    store.remove(archives(store).get(0));

    assertThatThrownBy(
            () -> transfer.get(PLACE, temporary.resolve("target"), TransferOptions.DEFAULTS))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT))
        .hasMessageContaining("memory://store/flows/log/.sheave-bundle-");
    bundle(OLD);
    assertThat(got("target", IMPATIENT)).isEqualTo(OLD);
  }

  @Test
  void anArchiveThatEndsEarlyOrIsDamagedIsNotUnpacked() {
    bundle(OLD);
    FaultyObjectStore faulty = new FaultyObjectStore(store);
    faulty.truncate(key -> key.toString().endsWith(".zip"), 200);
    assertThatThrownBy(
            () -> new DirectoryTransfer(faulty).get(PLACE, temporary.resolve("target"), IMPATIENT))
        .hasMessageContaining("SHA-256");
    faulty.heal();
    faulty.corrupt(key -> key.toString().endsWith(".zip"));
    assertThatThrownBy(
            () -> new DirectoryTransfer(faulty).get(PLACE, temporary.resolve("target"), IMPATIENT))
        .hasMessageContaining("SHA-256");

    assertThat(Trees.read(temporary)).doesNotContainKey("target/same");
  }

  @Test
  void anArchiveThatTheStoreLostIsNoticedByThePut() {
    FaultyObjectStore faulty = new FaultyObjectStore(store);
    faulty.lose(key -> key.toString().endsWith(".zip"));

    assertThatThrownBy(() -> new DirectoryTransfer(faulty).put(tree("new", NEW), PLACE, BUNDLE))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT));
    assertThat(store.names()).isEmpty();
  }

  @Test
  void aFolderWithABundleBelowItIsNotTakenForEmpty() {
    bundle(OLD);

    assertThatThrownBy(
            () -> transfer.get(RelativePath.of("flows"), temporary.resolve("target"), IMPATIENT))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("'log'");
  }

  @Test
  void aFileThatChangesWhileItIsPackedIsNoticed() {
    Path source = write("source", Map.of("large", "before".repeat(20_000), "b", "1"));
    FileTree tree = FileTree.of(source, IgnoreRules.NONE);
    Source.Reading reading = Source.of(tree, store, PLACE).read();
    Trees.write(source, Map.of("large", "after!".repeat(20_000)));

    assertThatThrownBy(
            () -> BundleWriter.write(temporary.resolve("archive"), reading, tree.files()))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("source/large' changed");
  }

  @Test
  void aSmallFileThatGrowsBeforeItIsReadIsNoticed() {
    Path source = write("source", Map.of("log", "a line"));
    Source.LocalFile log =
        Source.of(FileTree.of(source, IgnoreRules.NONE), store, PLACE).look().get(0);
    Trees.write(source, Map.of("log", "a line, and one more"));

    assertThatThrownBy(log::content)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("source/log' changed");
  }
}
