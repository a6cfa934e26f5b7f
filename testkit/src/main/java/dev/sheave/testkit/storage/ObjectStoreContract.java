package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.storage.StorageCheck;
import dev.sheave.storage.StorageCheck.Operation;
import dev.sheave.storage.StorageCheck.Outcome;
import dev.sheave.storage.StorageCheck.Step;
import dev.sheave.storage.transfer.ObjectSource.StoredObject;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import dev.sheave.storage.transfer.ObjectStore.Feature;
import dev.sheave.storage.transfer.RelativePath;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiPredicate;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@link ObjectStore}. */
public abstract class ObjectStoreContract {
  private ObjectStore store = new MemoryObjectStore();

  /** For the backend's test. */
  protected ObjectStoreContract() {}

  /** Opens a store at a place that is empty, and isn't used by another test. */
  protected abstract ObjectStore openEmptyStore() throws Exception;

  /** The size of an object that the backend moves in parts, if it does so; in bytes. */
  protected int largeObjectBytes() {
    return 3 * 1024 * 1024;
  }

  /**
   * The names of the tests that don't apply, since the store can't do what they ask; its
   * documentation says so. Each is counted as skipped.
   */
  protected Set<String> waived() {
    return Set.of();
  }

  @BeforeEach
  final void open(TestInfo test) throws Exception {
    assumeNotWaived(test, waived());
    store = openEmptyStore();
    assertThat(list("")).as("what an earlier test left").isEmpty();
  }

  static void assumeNotWaived(TestInfo test, Set<String> waived) {
    String name = test.getTestMethod().map(Method::getName).orElse("");
    Assumptions.assumeThat(waived).as(name + " is waived").doesNotContain(name);
  }

  @AfterEach
  final void close() {
    store.close();
  }

  @Test
  void whatIsPutIsThere() throws IOException {
    put("greeting.txt", "Hello");

    assertThat(get("greeting.txt")).isEqualTo("Hello");
    assertThat(list("")).containsExactly("greeting.txt");
  }

  @Test
  void aPutReplacesWhatIsThere() throws IOException {
    put("greeting.txt", "Hello");
    put("greeting.txt", "Hi");

    assertThat(get("greeting.txt")).isEqualTo("Hi");
  }

  @Test
  void anEmptyObjectIsAnObject() throws IOException {
    put("empty", "");

    assertThat(get("empty")).isEmpty();
    assertThat(objects("")).singleElement().extracting(StoredObject::size).isEqualTo(0L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b.txt", "grüße.txt", "日本語", "😀", "100%.txt", "a%20b", "a+b", "a#b", "a?b", "a&b=c;d",
            "a'b",
        ".hidden", "a..b", "…", "deep/er/and/deeper", "x,y", "~tilde", "(1)", "[1]", "{1}", "$HOME",
            "a@b",
        "a!b", "a*b", "`"
      })
  void namesAreKeptAsTheyAre(String name) throws IOException {
    Assumptions.assumeThat(isPossibleName(name)).as(name + " can't be a name here").isTrue();
    put("in/" + name, name);

    assertThat(list("in")).containsExactly("in/" + name);
    assertThat(get("in/" + name)).isEqualTo(name);
    delete("in/" + name);
    assertThat(list("in")).isEmpty();
  }

  /** Whether the backend can keep a name; by default any that can be a file's on this machine. */
  protected boolean isPossibleName(String name) {
    return File.separatorChar == '/' || name.chars().noneMatch(c -> "?*".indexOf(c) >= 0);
  }

  @Test
  void aListingMatchesWholeParts() {
    put("a/one", "1");
    put("a/b/two", "2");
    put("ab/three", "3");

    assertThat(list("a")).containsExactlyInAnyOrder("a/one", "a/b/two");
    assertThat(list("a/b")).containsExactly("a/b/two");
    assertThat(list("")).hasSize(3);
  }

  @Test
  void aListingCanBeOfNamesThatStartSo() {
    put(".sheave-top", "0");
    put("a/.sheave-one", "1");
    put("a/.sheave-two/three", "3");
    put("a/.other", "o");
    put("a/b/.sheave-four", "4");

    assertThat(list("a", ".sheave-"))
        .containsExactlyInAnyOrder("a/.sheave-one", "a/.sheave-two/three");
    assertThat(list("", ".sheave-")).containsExactly(".sheave-top");
    assertThat(list("a", ".nothing")).isEmpty();
    assertThat(list("a", "")).hasSize(4);
  }

  @Test
  void aPrefixWithNothingBelowItIsNoError() {
    put("a/one", "1");

    assertThat(list("nowhere")).isEmpty();
    assertThat(list("a/one")).isEmpty();
  }

  @Test
  void aListingTellsSizes() {
    put("a", "12345");

    assertThat(objects("")).singleElement().extracting(StoredObject::size).isEqualTo(5L);
  }

  @Test
  void theVersionThatAPutTellsIsTheListings() {
    List<String> told = new ArrayList<>();
    for (String content : List.of("one", "two", "six")) {
      put("a", content);
      told.add(String.valueOf(objects("").get(0).version()));
    }
    String version = put("a", "ten");
    assertThat(version).as("a put tells the version if a listing does").isNotEmpty();
    assertThat(objects("")).singleElement().extracting(StoredObject::version).isEqualTo(version);
    told.add(version);

    assertThat(told).doesNotHaveDuplicates();
  }

  @Test
  void aMissingObjectIsNotFound() {
    assertThatThrownBy(() -> get("missing.txt"))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
        .hasMessageContaining("missing.txt")
        .hasMessageContaining(store.location());
  }

  @Test
  void whatIsDeletedIsGone() {
    put("a/one", "1");
    put("a/two", "2");
    put("a/three", "3");
    delete("a/one", "a/three");

    assertThat(list("")).containsExactly("a/two");
  }

  @Test
  void deletingWhatIsNotThereIsNoError() {
    put("a", "1");
    delete("b", "c/d", "a");
    delete("b");

    assertThat(list("")).isEmpty();
  }

  @Test
  void aFolderWithoutObjectsIsNotInTheWayOfAnObject() throws IOException {
    put("a/b/c", "1");
    put("a/d", "2");
    if (store.features().contains(Feature.FOLDERS)) {
      put("a/b/.sheave-part-of-a-dead-put", "3");
    }
    delete("a/b/c", "a/d");
    put("a", "4");

    assertThat(list("")).contains("a").doesNotContain("a/b/c", "a/d");
    assertThat(get("a")).isEqualTo("4");
  }

  @Test
  void whatADeadPutLeftIsRemovedByTheNext() throws IOException {
    Assumptions.assumeThat(store.features()).contains(Feature.FOLDERS);
    put("a", "1");
    // names of processes with the id of this one: one that had it before, and this one itself
    String own = OwnedTemporary.name(".sheave-part-");
    String dead = own.replaceFirst("~([^~]*~[^~]*)$", "~1$1");
    for (String part : List.of(dead, "deep/er/" + dead, own)) {
      put(part, "2");
    }
    assertThat(list("")).containsExactly("a");
    put("b", "3");

    assertThatThrownBy(() -> get(dead)).isInstanceOf(SheaveException.class);
    assertThatThrownBy(() -> get("deep/er/" + dead)).isInstanceOf(SheaveException.class);
    assertThat(get(own)).as("what a living put writes").isEqualTo("2");
    delete(own);
  }

  @Test
  void aFileIsNotTheFolderOfAnother() throws IOException {
    Assumptions.assumeThat(store.features()).contains(Feature.FOLDERS);
    put("file", "1");
    put("folder/b", "2");

    assertThatThrownBy(() -> put("file/x", "3"))
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining("file");
    assertThatThrownBy(() -> put("folder", "3"))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("folder");
    assertThat(get("file")).isEqualTo("1");
    assertThat(get("folder/b")).isEqualTo("2");
    assertThat(list("")).containsExactlyInAnyOrder("file", "folder/b");
  }

  @Test
  void aLargeObjectComesBackWhole() throws IOException {
    byte[] bytes = new byte[largeObjectBytes()];
    new Random(42).nextBytes(bytes);
    put("large", Content.of(bytes), Condition.NONE);

    assertThat(objects(""))
        .singleElement()
        .extracting(StoredObject::size)
        .isEqualTo((long) bytes.length);
    try (InputStream in = store.get(path("large"))) {
      assertThat(Arrays.equals(in.readAllBytes(), bytes)).isTrue();
    }
  }

  @Test
  void aStreamThatIsClosedEarlyGivesUpTheRest() throws IOException {
    put("large", Content.of(new byte[largeObjectBytes()]), Condition.NONE);
    for (int i = 0; i < 50; i++) {
      try (InputStream in = store.get(path("large"))) {
        assertThat(in.read()).isZero();
      }
    }
  }

  @Test
  void contentThatEndsEarlyIsNotPut() throws IOException {
    put("a", "before");
    Content tooShort =
        new Content() {
          @Override
          public long size() {
            return 100;
          }

          @Override
          public InputStream openAt(long offset) {
            return new ByteArrayInputStream(new byte[50]);
          }
        };

    assertThatThrownBy(() -> put("a", tooShort, Condition.NONE))
        .isInstanceOf(RuntimeException.class);
    assertThat(get("a")).isEqualTo("before");
    assertThat(list("")).containsExactly("a");
  }

  @Test
  void aConditionThatDoesNotHoldIsAConflict() throws IOException {
    Assumptions.assumeThat(store.features()).contains(Feature.CONDITIONAL_PUT);
    String first = put("a", Content.of("one".getBytes(UTF_8)), Condition.ABSENT);
    assertThatThrownBy(() -> put("a", Content.of("two".getBytes(UTF_8)), Condition.ABSENT))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT));
    put("a", Content.of("two".getBytes(UTF_8)), Condition.version(first));
    assertThatThrownBy(
            () -> put("a", Content.of("three".getBytes(UTF_8)), Condition.version(first)))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT));

    assertThat(get("a")).isEqualTo("two");
  }

  @Test
  void manyThreadsMayUseIt() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Callable<String>> tasks = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String name = "many/" + i;
        tasks.add(
            () -> {
              put(name, name);
              return get(name);
            });
      }
      int i = 0;
      for (Future<String> answer : threads.invokeAll(tasks)) {
        assertThat(answer.get()).isEqualTo("many/" + i++);
      }
    } finally {
      threads.shutdown();
    }
    assertThat(list("many")).hasSize(64);
  }

  @Test
  void aCheckTriesEverythingAndLeavesNothingBehind() {
    put("a", "1");
    StorageCheck check = StorageCheck.of(store);

    check.orThrow();
    assertThat(check.passed()).isTrue();
    assertThat(check.location()).isEqualTo(store.location());
    assertThat(check.steps()).extracting(Step::operation).containsExactly(Operation.values());
    assertThat(check.steps()).extracting(Step::outcome).containsOnly(Outcome.OK);
    assertThat(list("")).containsExactly("a");
  }

  /** The store of the test that runs. */
  protected final ObjectStore store() {
    return store;
  }

  /**
   * Checks how the store renames a file, which it does only for itself.
   *
   * @param rename renames one, and says whether it did
   */
  protected final void checkThatARenameReplacesNothing(
      BiPredicate<RelativePath, RelativePath> rename) {
    put("aside/one", "1");
    put("folder/two", "2");

    assertThat(rename.test(path("aside/one"), path("folder/two"))).isFalse();
    assertThat(list("")).containsExactlyInAnyOrder("aside/one", "folder/two");
    assertThat(rename.test(path("aside/one"), path("folder/one"))).isTrue();
    assertThat(list("")).containsExactlyInAnyOrder("folder/one", "folder/two");
  }

  private static RelativePath path(String name) {
    return RelativePath.of(name);
  }

  private String put(String name, String content) {
    return put(name, Content.of(content.getBytes(UTF_8)), Condition.NONE);
  }

  private String put(String name, Content content, Condition condition) {
    return store.put(path(name), content, condition).orElse("");
  }

  private String get(String name) throws IOException {
    try (InputStream in = store.get(path(name))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private void delete(String... names) {
    store.delete(Arrays.stream(names).map(ObjectStoreContract::path).toList());
  }

  private List<StoredObject> objects(String prefix) {
    List<StoredObject> found = new ArrayList<>();
    store.list(path(prefix), found::add);
    return found;
  }

  private List<String> list(String folder, String start) {
    List<String> names = new ArrayList<>();
    store.list(path(folder), start, object -> names.add(object.name()));
    return names;
  }

  private List<String> list(String prefix) {
    return objects(prefix).stream().map(StoredObject::name).toList();
  }
}
