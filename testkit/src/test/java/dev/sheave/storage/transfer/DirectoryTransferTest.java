package dev.sheave.storage.transfer;

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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What transfers cost, and what they meet on this machine. */
class DirectoryTransferTest extends TransferTest {
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

    assertThatThrownBy(() -> get())
        .hasMessageContaining("'sub'")
        .hasMessageContaining("points outside");
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
  void noneOrTooManyAtOnceAreRefused() {
    for (int concurrency : new int[] {-1, 1_001}) {
      assertThatThrownBy(() -> IMPATIENT.withConcurrency(concurrency))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
          .hasMessageContaining("can't move " + concurrency + " files at once");
    }
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
    assertThat(most.get()).isBetween(32, AdaptiveExecutor.MOST);

    most.set(0);
    transfer.get(PLACE, temporary.resolve("target"), IMPATIENT.withConcurrency(3));
    assertThat(most).hasValue(3);
  }
}
