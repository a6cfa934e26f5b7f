package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.StorageCheck;
import dev.sheave.storage.StorageCheck.Outcome;
import dev.sheave.storage.StorageCheck.Step;
import dev.sheave.storage.transfer.DirectoryTransfer;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.MemoryObjectStore.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without a fault it does what stores do; and each fault is what its name says. */
class FaultyObjectStoreTest extends ObjectStoreContract {
  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final FaultyObjectStore faulty = new FaultyObjectStore(memory);

  @Override
  protected ObjectStore openEmptyStore() {
    return new FaultyObjectStore(new MemoryObjectStore());
  }

  private void write(String key) {
    faulty.put(RelativePath.of(key), Content.of(key.getBytes(UTF_8)), Condition.NONE);
  }

  private String read(String key) throws IOException {
    try (InputStream in = faulty.get(RelativePath.of(key))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void oneCallFails() {
    faulty.failAt(2, Code.PERMISSION_DENIED);
    write("a");
    assertThatThrownBy(() -> write("b"))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.PERMISSION_DENIED));
    write("c");

    assertThat(memory.names()).containsExactlyInAnyOrder("a", "c");
    assertThat(faulty.calls()).isEqualTo(3);
  }

  @Test
  void itDiesBeforeACallOrAfterIt() {
    faulty.dieBefore(2);
    write("a");
    assertThatThrownBy(() -> write("b")).hasMessageContaining("doesn't answer");
    assertThatThrownBy(() -> write("c")).hasMessageContaining("doesn't answer");
    assertThat(memory.names()).containsExactly("a");

    faulty.heal();
    faulty.dieAfter(1);
    assertThatThrownBy(() -> write("d")).hasMessageContaining("doesn't answer");
    assertThatThrownBy(() -> write("e")).hasMessageContaining("doesn't answer");
    assertThat(memory.names()).containsExactlyInAnyOrder("a", "d");
  }

  @Test
  void itIsSlow() {
    faulty.slowDown(Duration.ofMillis(20));
    long start = System.nanoTime();
    write("a");

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(19));
  }

  @Test
  void objectsEndEarlyOrHaveOtherBytes() throws IOException {
    write("abc");
    write("xyz");
    faulty.truncate(key -> key.toString().equals("abc"), 2);
    faulty.corrupt(key -> key.toString().equals("xyz"));

    assertThat(read("abc")).isEqualTo("ab");
    assertThat(read("xyz")).hasSize(3).isNotEqualTo("xyz");
    faulty.heal();
    assertThat(read("abc") + read("xyz")).isEqualTo("abcxyz");
  }

  @Test
  void itLiesAboutWhatItDidAndHas() {
    faulty.lose(key -> key.toString().equals("lost"));
    faulty.hide(key -> key.toString().equals("hidden"));
    write("lost");
    write("hidden");
    write("seen");
    List<String> listed = new ArrayList<>();
    faulty.list(RelativePath.ROOT, object -> listed.add(object.name()));

    assertThat(memory.names()).containsExactlyInAnyOrder("hidden", "seen");
    assertThat(listed).containsExactly("seen");
  }

  @Test
  void aClientThatLostAnAnswerPutsAgain() {
    faulty.repeat(key -> key.toString().equals("a"));
    write("a");
    write("b");
    assertThat(memory.requests(Operation.PUT))
        .extracting(RelativePath::toString)
        .containsExactly("a", "a", "b");
    assertThatThrownBy(
            () -> faulty.put(RelativePath.of("a"), Content.of(new byte[0]), Condition.ABSENT))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT));
  }

  @ParameterizedTest
  @CsvSource({"1, LIST", "2, WRITE", "3, READ", "4, DELETE"})
  void aCheckTellsWhichOperationIsDenied(int call, StorageCheck.Operation denied) {
    faulty.failAt(faulty.calls() + call, Code.PERMISSION_DENIED);
    StorageCheck check = StorageCheck.of(faulty);

    assertThat(check.steps())
        .filteredOn(step -> step.outcome() == Outcome.FAILED)
        .extracting(Step::operation)
        .containsExactly(denied);
    assertThat(check.steps())
        .filteredOn(step -> step.operation() == StorageCheck.Operation.CONNECT)
        .extracting(Step::outcome)
        .containsExactly(Outcome.OK);
  }

  @Test
  void aListingThatNeverEndsIsGivenUp(@TempDir Path temporary) {
    Path target = temporary.resolve("target");
    write("a");
    faulty.listForEver();
    DirectoryTransfer transfer = new DirectoryTransfer(faulty);
    FileTree tree =
        FileTree.of(Trees.write(temporary.resolve("tree"), Map.of("a", "1")), IgnoreRules.NONE);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> transfer.get(RelativePath.ROOT, target, TransferOptions.DEFAULTS),
            () -> transfer.put(tree, RelativePath.ROOT, TransferOptions.DEFAULTS),
            () -> transfer.list(RelativePath.ROOT, object -> {}),
            () -> StorageCheck.of(faulty).orThrow())) {
      Refusal.of(call, Code.UNAVAILABLE, "memory://store").says("lists more than 2000000 files");
    }
    assertThat(target).doesNotExist();
  }
}
