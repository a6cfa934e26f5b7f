package dev.sheave.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.StorageCheck;
import dev.sheave.storage.StorageCheck.Operation;
import dev.sheave.storage.StorageCheck.Outcome;
import dev.sheave.storage.StorageCheck.Step;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of storage blocks that can only be read. {@link StorageContract} is for those that
 * can be written, too.
 */
public abstract class ReadableStorageContract {
  private static final Map<String, String> FILES =
      Map.of(
          "LogFlow.java",
          "class LogFlow {}",
          "flows/one/a.txt",
          "one",
          "flows/two/a.txt",
          "two",
          "flows/two/sub/b.txt",
          "b",
          "flows-of-others/c.txt",
          "c");

  @TempDir private @Nullable Path temporary;

  /** For the backend's test. */
  protected ReadableStorageContract() {}

  /**
   * Returns a block whose place has these files and no others.
   *
   * @param files their texts, by their paths
   */
  protected abstract ReadableStorage openStorage(Map<String, String> files) throws Exception;

  @Test
  void allOfItIsFetched() throws Exception {
    TransferSummary got = get(openStorage(FILES), "");

    assertThat(Trees.read(target())).isEqualTo(FILES);
    assertThat(got.files()).isEqualTo(FILES.size());
    assertThat(got.digest()).startsWith("sha256:");
  }

  @Test
  void whatIsBelowAPathIsFetchedRelativeToIt() throws Exception {
    get(openStorage(FILES), "/flows/two/");

    assertThat(Trees.read(target())).isEqualTo(Map.of("a.txt", "two", "sub/b.txt", "b"));
  }

  @Test
  void aPathThatIsTheBeginningOfAnothersNameIsAnother() throws Exception {
    get(openStorage(FILES), "flows");

    assertThat(Trees.read(target()).keySet())
        .containsExactlyInAnyOrder("one/a.txt", "two/a.txt", "two/sub/b.txt");
  }

  @Test
  void aSecondGetLeavesTheSame() throws Exception {
    ReadableStorage storage = openStorage(FILES);
    TransferSummary first = get(storage, "flows/two");
    TransferSummary second = get(storage, "flows/two");

    assertThat(second.digest()).isEqualTo(first.digest());
    assertThat(Trees.read(target())).isEqualTo(Map.of("a.txt", "two", "sub/b.txt", "b"));
  }

  @Test
  void whatTheDirectoryHasBesidesStays() throws Exception {
    Trees.write(target(), Map.of("mine.txt", "mine", "a.txt", "old"));
    get(openStorage(FILES), "flows/one");

    assertThat(Trees.read(target())).isEqualTo(Map.of("mine.txt", "mine", "a.txt", "one"));
  }

  @Test
  void oddNamesComeBack() throws Exception {
    Map<String, String> odd = new TreeMap<>();
    for (String name :
        List.of(
            "with space.txt",
            "grüße/日本語.txt",
            "100%.txt",
            "a%20b",
            "a+b",
            "a#b",
            ".hidden/.file",
            "a&b=c;d",
            "empty")) {
      odd.put(name, name.equals("empty") ? "" : name);
    }
    get(openStorage(odd), "");

    assertThat(Trees.read(target())).isEqualTo(odd);
  }

  @Test
  void whereNothingIsThereIsNothingToGet() throws Exception {
    ReadableStorage storage = openStorage(FILES);

    assertThatThrownBy(() -> get(storage, "nowhere"))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
        .hasMessageContaining(storage.location(RelativePath.of("nowhere")));
    assertThat(target()).doesNotExist();
  }

  @Test
  void aCheckTriesToReadAlone() throws Exception {
    ReadableStorage storage = openStorage(FILES);
    StorageCheck check = storage.check();

    check.orThrow();
    assertThat(check.passed()).isTrue();
    assertThat(check.location()).isEqualTo(storage.location(RelativePath.ROOT));
    assertThat(check.steps())
        .extracting(Step::operation)
        .contains(Operation.CONNECT, Operation.READ)
        .doesNotContain(Operation.WRITE, Operation.DELETE);
    assertThat(check.steps()).extracting(Step::outcome).containsOnly(Outcome.OK);
  }

  @Test
  void noPathLeadsOut() throws Exception {
    ReadableStorage storage = openStorage(FILES);

    for (String path : List.of("../outside", "flows/../../outside", "flows/..")) {
      assertThatThrownBy(() -> get(storage, path))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
          .hasMessageContaining(path);
    }
  }

  private Path target() {
    Path base = temporary;
    assertThat(base).isNotNull();
    return base.resolve("target");
  }

  private TransferSummary get(ReadableStorage storage, String from) {
    return storage.getDirectory(RelativePath.of(from), target(), TransferOptions.DEFAULTS);
  }
}
