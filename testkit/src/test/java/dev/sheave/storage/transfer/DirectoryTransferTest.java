package dev.sheave.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.testkit.storage.MemoryObjectStore;
import dev.sheave.testkit.storage.MemoryObjectStore.Operation;
import dev.sheave.testkit.storage.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryTransferTest {
  private static final RelativePath PLACE = RelativePath.of("flows/log");
  private static final TransferOptions IMPATIENT =
      TransferOptions.DEFAULTS.withPatience(Duration.ZERO);
  private static final Map<String, String> OLD = Map.of("same", "1", "changed", "2", "gone", "3");
  private static final Map<String, String> NEW = Map.of("same", "1", "changed", "two", "new", "4");

  @TempDir Path temporary;
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final DirectoryTransfer transfer = new DirectoryTransfer(store);

  // what a transfer costs

  @Test
  void anUnchangedPutListsAndReadsTheManifestAndWritesNothing() {
    put(OLD);
    store.forgetRequests();
    put(OLD);

    assertThat(store.requests(Operation.LIST)).hasSize(1);
    assertThat(store.requests(Operation.GET)).hasSize(1);
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  void anUnchangedPutOfSeveralPagesAsksForEachOnce() {
    MemoryObjectStore small = new MemoryObjectStore(10);
    Map<String, String> many = new TreeMap<>();
    for (int i = 0; i < 35; i++) {
      many.put("file-" + i, "content");
    }
    FileTree tree = tree("many", many);
    new DirectoryTransfer(small).put(tree, PLACE, IMPATIENT);
    small.forgetRequests();
    new DirectoryTransfer(small).put(tree, PLACE, IMPATIENT);

    assertThat(small.requests(Operation.LIST)).hasSize(4);
    assertThat(small.requests()).hasSize(5);
  }

  @Test
  void aPutCostsFourRequestsAndTwoListingsBesidesItsFiles() {
    put(OLD);

    assertThat(store.requests(Operation.LIST)).hasSize(2);
    assertThat(store.requests(Operation.PUT)).hasSize(OLD.size() + 2);
    assertThat(store.requests(Operation.DELETE)).hasSize(1);
    assertThat(store.requests(Operation.GET)).isEmpty();
  }

  @Test
  void aGetCostsAListingAManifestAndItsFiles() {
    put(OLD);
    store.forgetRequests();
    get();
    assertThat(store.requests()).hasSize(2 + OLD.size());

    store.forgetRequests();
    get();
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  void nothingButTheFilesAndTheManifestStays() {
    put(OLD);

    assertThat(store.names())
        .containsExactlyInAnyOrder(
            "flows/log/same",
            "flows/log/changed",
            "flows/log/gone",
            "flows/log/.sheave-manifest.json");
  }

  // puts that die, and puts at the same time

  @Test
  void aPutThatDiesAtAnyRequestNeverLeavesAMixtureForAGetAndTheNextPutMendsIt() {
    int requests = requestsOfAPutOver(OLD, NEW);
    for (int dying = 1; dying <= requests; dying++) {
      MemoryObjectStore dyingStore = new MemoryObjectStore();
      DirectoryTransfer mortal = new DirectoryTransfer(dyingStore);
      mortal.put(tree("old", OLD), PLACE, IMPATIENT);
      AtomicInteger left = new AtomicInteger(dying);
      dyingStore.beforeEach(
          request -> {
            if (left.decrementAndGet() <= 0) {
              throw new SheaveException(Code.UNAVAILABLE, "dead");
            }
          });
      assertThatThrownBy(() -> mortal.put(tree("new", NEW), PLACE, IMPATIENT.withConcurrency(1)))
          .hasMessage("dead");
      dyingStore.beforeEach(request -> {});

      assertThat(getOrRefusal(mortal, "after-" + dying))
          .as("dead at request " + dying)
          .isIn(OLD, NEW, REFUSED);
      mortal.put(tree("third", Map.of("third", "3")), PLACE, IMPATIENT);
      assertThat(getOrRefusal(mortal, "mended-" + dying)).isEqualTo(Map.of("third", "3"));
      assertThat(dyingStore.names())
          .as("dead at request " + dying + ", then put again")
          .filteredOn(name -> !name.contains("/.sheave-"))
          .containsExactly("flows/log/third");
    }
  }

  @Test
  void twoPutsAtTheSameTimeNeverLeaveAMixtureForAGet() {
    Map<String, String> other = Map.of("same", "!", "changed", "TWO", "other", "5");
    int requests = requestsOfAPutOver(OLD, NEW);
    for (int meeting = 1; meeting <= requests; meeting++) {
      MemoryObjectStore shared = new MemoryObjectStore();
      DirectoryTransfer both = new DirectoryTransfer(shared);
      both.put(tree("old", OLD), PLACE, IMPATIENT);
      AtomicInteger left = new AtomicInteger(meeting);
      shared.beforeEach(
          request -> {
            if (left.decrementAndGet() == 0) {
              both.put(tree("other", other), PLACE, IMPATIENT);
            }
          });
      AtomicReference<@Nullable SheaveException> refused = new AtomicReference<>();
      try {
        both.put(tree("new", NEW), PLACE, IMPATIENT.withConcurrency(1));
      } catch (SheaveException e) {
        assertThat(e.code()).isEqualTo(Code.CONFLICT);
        refused.set(e);
      }
      shared.beforeEach(request -> {});

      Map<String, String> got = getOrRefusal(both, "met-" + meeting);
      if (refused.get() == null) {
        assertThat(got).as("met at request " + meeting).isIn(NEW, other);
      } else {
        assertThat(got).as("met at request " + meeting).isIn(REFUSED, other);
      }
      both.put(tree("new", NEW), PLACE, IMPATIENT);
      assertThat(getOrRefusal(both, "again-" + meeting)).isEqualTo(NEW);
    }
  }

  @Test
  void aGetWaitsForAPutThatIsUnderWay() throws Exception {
    put(OLD);
    CompletableFuture<Void> finishPut = new CompletableFuture<>();
    CompletableFuture<Void> changing = new CompletableFuture<>();
    Thread[] getting = new Thread[1];
    AtomicInteger looks = new AtomicInteger();
    store.beforeEach(
        request -> {
          if (Thread.currentThread() == getting[0]) {
            if (request.operation() == Operation.LIST && looks.incrementAndGet() == 3) {
              finishPut.complete(null);
            }
          } else if (request.path().equals(PLACE.resolve("new"))) {
            changing.complete(null);
            finishPut.join();
          }
        });
    CompletableFuture<TransferSummary> put =
        CompletableFuture.supplyAsync(
            () -> transfer.put(tree("new", NEW), PLACE, IMPATIENT.withConcurrency(1)));
    changing.join();
    getting[0] = Thread.currentThread();
    transfer.get(PLACE, temporary.resolve("target"), TransferOptions.DEFAULTS);

    put.join();
    assertThat(looks.get()).isGreaterThanOrEqualTo(3);
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(NEW);
  }

  @Test
  void aPutThatBeginsAndEndsDuringAGetIsWhatTheGetHandsOut() {
    put(OLD);
    AtomicInteger left = new AtomicInteger(4);
    store.beforeEach(
        request -> {
          if (request.operation() == Operation.GET && left.decrementAndGet() == 0) {
            transfer.put(tree("new", NEW), PLACE, IMPATIENT);
          }
        });
    transfer.get(PLACE, temporary.resolve("target"), TransferOptions.DEFAULTS.withConcurrency(1));

    assertThat(Trees.read(temporary.resolve("target"))).isIn(OLD, NEW);
  }

  @Test
  void aDeadPutsMarkerDoesNotStopGetsOnceAnotherPutIsDone() {
    store.write("flows/log/.sheave-put-1.json", "{\"files\":[]}".getBytes(UTF_8));
    assertThatThrownBy(() -> transfer.get(PLACE, temporary.resolve("target"), IMPATIENT))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT))
        .hasMessageContaining("memory://store/flows/log")
        .hasMessageContaining("upload again");
    put(NEW);

    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(NEW);
  }

  @Test
  void whatADeadPutWroteIsNotMistakenForAUsersOwn() {
    store.write("flows/log/mine", "mine".getBytes(UTF_8));
    AtomicInteger puts = new AtomicInteger();
    store.beforeEach(
        request -> {
          if (request.operation() == Operation.PUT && puts.incrementAndGet() == 3) {
            throw new SheaveException(Code.UNAVAILABLE, "dead");
          }
        });
    assertThatThrownBy(
            () ->
                transfer.put(
                    tree("dead", Map.of("a", "1", "b", "2", "mine", "new")),
                    PLACE,
                    IMPATIENT.withConcurrency(1)))
        .hasMessage("dead");
    store.beforeEach(request -> {});
    put(Map.of("c", "3"));

    assertThat(store.names())
        .contains("flows/log/c", "flows/log/mine")
        .doesNotContain("flows/log/a", "flows/log/b");
  }

  // what isn't what it should be

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
        "a/LPT1"
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
    store.write("flows/log/.sheave-manifest.json", "{\"sheave_manifest\":2}".getBytes(UTF_8));

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
        .hasSize(2)
        .allMatch(request -> request.operation() == Operation.LIST);
    assertThat(temporary.resolve("target")).doesNotExist();
  }

  // this machine

  @Test
  void whatIsInTheWayIsFoundBeforeAnythingIsWritten() {
    put(Map.of("a/b", "1", "c", "2"));
    Trees.write(temporary.resolve("file"), Map.of("a", "a file"));
    Trees.write(temporary.resolve("folder"), Map.of("c/d", "a folder"));

    assertThatThrownBy(() -> transfer.get(PLACE, temporary.resolve("file"), IMPATIENT))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("file/a' is a file");
    assertThatThrownBy(() -> transfer.get(PLACE, temporary.resolve("folder"), IMPATIENT))
        .hasMessageContaining("folder/c' is a directory");
    assertThat(Trees.read(temporary.resolve("file"))).isEqualTo(Map.of("a", "a file"));
    assertThat(Trees.read(temporary.resolve("folder"))).isEqualTo(Map.of("c/d", "a folder"));
  }

  @Test
  void aLinkInTheTargetThatLeadsOutIsNotWrittenThrough() throws IOException {
    put(Map.of("sub/a", "1"));
    Path outside = Files.createDirectories(temporary.resolve("outside"));
    Path target = Files.createDirectories(temporary.resolve("target"));
    Files.createSymbolicLink(target.resolve("sub"), outside);

    assertThatThrownBy(() -> get()).hasMessageContaining("'sub'").hasMessageContaining("leads out");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void anInterruptEndsAPutAndTheNextOneCompletesIt() throws Exception {
    AtomicReference<@Nullable SheaveException> thrown = new AtomicReference<>();
    AtomicReference<Boolean> stillInterrupted = new AtomicReference<>(false);
    Thread thread =
        new Thread(
            () -> {
              try {
                put(OLD);
              } catch (SheaveException e) {
                thrown.set(e);
                stillInterrupted.set(Thread.currentThread().isInterrupted());
              }
            });
    store.beforeEach(
        request -> {
          if (request.path().equals(PLACE.resolve("gone"))) {
            thread.interrupt();
          }
        });
    thread.start();
    thread.join();
    store.beforeEach(request -> {});

    assertThat(thrown.get())
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INTERRUPTED));
    assertThat(stillInterrupted.get()).isTrue();
    put(OLD);
    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(OLD);
  }

  @Test
  void aFileThatChangesWhileItIsPutIsNoticed() {
    Path source = write("source", Map.of("a", "before", "b", "1"));
    FileTree tree = FileTree.of(source, IgnoreRules.NONE);
    store.beforeEach(
        request -> {
          if (request.path().equals(PLACE.resolve("a"))) {
            Trees.write(source, Map.of("a", "b"));
          }
        });

    assertThatThrownBy(() -> transfer.put(tree, PLACE, IMPATIENT))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("source/a' changed");
  }

  @Test
  void aFileThatGoesBeforeItIsPutIsNamed() throws IOException {
    Path source = write("source", Map.of("a", "1", "b", "1"));
    FileTree tree = FileTree.of(source, IgnoreRules.NONE);
    Files.delete(source.resolve("a"));

    assertThatThrownBy(() -> transfer.put(tree, PLACE, IMPATIENT))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("source/a'");
  }

  @Test
  void theListenerHearsOfEachFileAndByte() {
    Map<String, Long> moved = new ConcurrentHashMap<>();
    Map<String, Integer> finished = new ConcurrentHashMap<>();
    AtomicReference<String> planned = new AtomicReference<>("");
    TransferListener listener =
        new TransferListener() {
          @Override
          public void planned(int files, long bytes) {
            planned.set(files + " files, " + bytes + " bytes");
          }

          @Override
          public void moved(RelativePath path, long bytes) {
            moved.merge(path.toString(), bytes, Long::sum);
          }

          @Override
          public void finished(RelativePath path) {
            finished.merge(path.toString(), 1, Integer::sum);
          }
        };
    Map<String, String> files = Map.of("a", "12345", "b", "123", "empty", "");
    transfer.put(tree("source", files), PLACE, IMPATIENT.withListener(listener));
    assertThat(planned).hasValue("3 files, 8 bytes");
    assertThat(moved).isEqualTo(Map.of("a", 5L, "b", 3L));
    assertThat(finished).isEqualTo(Map.of("a", 1, "b", 1, "empty", 1));

    moved.clear();
    finished.clear();
    transfer.get(PLACE, temporary.resolve("target"), IMPATIENT.withListener(listener));
    assertThat(planned).hasValue("3 files, 8 bytes");
    assertThat(moved).isEqualTo(Map.of("a", 5L, "b", 3L));
    assertThat(finished).isEqualTo(Map.of("a", 1, "b", 1, "empty", 1));
  }

  @Test
  void manyFilesOfAFarStoreAreMovedAtOnce() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    store.beforeEach(
        request -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          try {
            Thread.sleep(20); // the way to the store
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } finally {
            now.decrementAndGet();
          }
        });
    Map<String, String> many = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      many.put("file-" + i, "content");
    }
    transfer.put(tree("many", many), PLACE, IMPATIENT);
    assertThat(most.get()).isBetween(32, Lanes.MOST);

    most.set(0);
    transfer.get(PLACE, temporary.resolve("target"), IMPATIENT.withConcurrency(3));
    assertThat(most).hasValue(3);
  }

  private static final Map<String, String> REFUSED = Map.of("", "refused as torn");

  /** What a get hands out, or {@link #REFUSED}. */
  private Map<String, String> getOrRefusal(DirectoryTransfer from, String name) {
    Path target = temporary.resolve(name);
    try {
      from.get(PLACE, target, IMPATIENT);
      return Trees.read(target);
    } catch (SheaveException e) {
      assertThat(e.code()).isEqualTo(Code.CONFLICT);
      return REFUSED;
    }
  }

  private int requestsOfAPutOver(Map<String, String> before, Map<String, String> after) {
    MemoryObjectStore counting = new MemoryObjectStore();
    DirectoryTransfer counted = new DirectoryTransfer(counting);
    counted.put(tree("before", before), PLACE, IMPATIENT);
    counting.forgetRequests();
    counted.put(tree("after", after), PLACE, IMPATIENT);
    return counting.requests().size();
  }

  private TransferSummary put(Map<String, String> files) {
    return transfer.put(tree("source-" + files.hashCode(), files), PLACE, IMPATIENT);
  }

  private TransferSummary get() {
    return transfer.get(PLACE, temporary.resolve("target"), IMPATIENT);
  }

  private FileTree tree(String name, Map<String, String> files) {
    return FileTree.of(write(name, files), IgnoreRules.NONE);
  }

  private Path write(String name, Map<String, String> files) {
    return Trees.write(temporary.resolve(name), files);
  }
}
