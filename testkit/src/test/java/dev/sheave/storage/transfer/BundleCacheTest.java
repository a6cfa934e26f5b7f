package dev.sheave.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.storage.transfer.TransferOptions.Layout;
import dev.sheave.testkit.storage.MemoryObjectStore.Operation;
import dev.sheave.testkit.storage.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Archives that gets keep on this machine. */
class BundleCacheTest extends TransferTest {
  private Path folder() {
    return temporary.resolve("cache/bundles");
  }

  private void put(String name, Map<String, String> files, String place) {
    transfer.put(tree(name, files), RelativePath.of(place), IMPATIENT.withLayout(Layout.BUNDLE));
  }

  private Map<String, String> get(String place, String target) {
    transfer.get(
        RelativePath.of(place),
        temporary.resolve(target),
        IMPATIENT.withCache(temporary.resolve("cache")));
    return Trees.read(temporary.resolve(target));
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.sorted().toList();
    }
  }

  @Test
  void aDamagedArchiveIsReplaced() throws IOException {
    put("old", OLD, "p");
    get("p", "one");
    Path archive = cached().get(0);
    byte[] bytes = Files.readAllBytes(archive);
    for (int i = 0; i < bytes.length; i += 7) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 0x55;
      Files.write(archive, damaged);
      assertThat(get("p", "damaged-" + i)).as("byte " + i).isEqualTo(OLD);
    }
    Files.write(archive, new byte[0]);

    assertThat(get("p", "two")).isEqualTo(OLD);
    assertThat(archive).hasBinaryContent(bytes);
  }

  @Test
  void oneArchiveServesAllPlacesThatHaveTheTree() throws IOException {
    put("old", OLD, "p");
    put("old", OLD, "q");
    get("p", "one");
    store.forgetRequests();

    assertThat(get("q", "two")).isEqualTo(OLD);
    assertThat(store.requests(Operation.GET)).hasSize(1);
    assertThat(cached()).hasSize(1);
  }

  @Test
  void whatCanNotBeCachedIsFetchedAllTheSame() throws IOException {
    put("old", OLD, "p");
    Files.writeString(temporary.resolve("cache"), "a file in the way");

    assertThat(get("p", "one")).isEqualTo(OLD);
  }

  @Test
  void whatWasNotUsedForLongestGoesFirst() throws IOException {
    BundleCache cache = new BundleCache(temporary.resolve("cache"), 250);
    for (int i = 0; i < 3; i++) {
      keep(cache, "archive-" + i, 100);
      if (i < 2) {
        Files.setLastModifiedTime(
            folder().resolve("archive-" + i + ".zip"), FileTime.from(Instant.ofEpochSecond(i)));
      }
      if (i == 1) {
        assertThat(cache.find("archive-0")).as("used again").isPresent();
      }
    }

    assertThat(cache.find("archive-0")).isPresent();
    assertThat(cache.find("archive-1")).isEmpty();
    assertThat(cache.find("archive-2")).isPresent();
    assertThat(cache.hasRoomFor(251)).isFalse();
  }

  private static void keep(BundleCache cache, String sha256, int size) throws IOException {
    Path part = cache.newPart();
    Files.write(part, new byte[size]);
    cache.keep(part, sha256);
  }

  @Test
  void whatDeadProcessesLeftIsRemovedAndWhatLiveOnesWriteIsNot() throws IOException {
    BundleCache cache = new BundleCache(temporary.resolve("cache"), 250);
    Path dead = cache.newPart();
    Path alive = cache.newPart();
    Files.setLastModifiedTime(dead, FileTime.from(Instant.now().minusSeconds(3 * 24 * 3600)));
    keep(cache, "archive", 100);

    assertThat(dead).doesNotExist();
    assertThat(alive).exists();
  }

  /** Each get has a cache object of its own, as processes have; what they share is the folder. */
  @Test
  void manyGetsShareACacheThatIsTooSmallForAll() throws Exception {
    List<Map<String, String>> trees = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      trees.add(Map.of("a", "tree " + i, "b", "x".repeat(i * 1_000)));
      put("tree-" + i, trees.get(i), "p" + i);
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> gets = new ArrayList<>();
      Random random = new Random(1);
      for (int i = 0; i < 120; i++) {
        int which = random.nextInt(trees.size());
        String target = "target-" + i;
        boolean clears = i % 5 == 0;
        gets.add(
            () -> {
              if (clears) {
                for (Path archive : cached()) {
                  if (archive.toString().endsWith(".zip")) {
                    Files.deleteIfExists(archive);
                  }
                }
              }
              return get("p" + which, target).equals(trees.get(which));
            });
      }
      get("p0", "first");
      for (Future<Boolean> right : threads.invokeAll(gets)) {
        assertThat(right.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(cached()).noneMatch(file -> String.valueOf(file.getFileName()).startsWith("part-"));
  }
}
