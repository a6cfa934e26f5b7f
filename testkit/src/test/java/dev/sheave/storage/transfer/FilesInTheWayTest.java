package dev.sheave.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import dev.sheave.testkit.storage.FaultyObjectStore;
import dev.sheave.testkit.storage.MemoryObjectStore;
import dev.sheave.testkit.storage.MemoryObjectStore.Operation;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Puts to a store of files whose disk doesn't distinguish the case of letters. */
class FilesInTheWayTest extends TransferTest {
  private static final Map<String, String> BEFORE =
      Map.of(
          "config",
          "a file",
          "data/Input.csv",
          "1",
          "lib/a/b",
          "2",
          "Src/Main.java",
          "3",
          "x",
          "4");
  private static final Map<String, String> AFTER =
      Map.of(
          "config/app.yml", "5", "data/input.csv", "1", "lib", "6", "src/Main.java", "7", "x", "4");

  private final MemoryObjectStore disk = MemoryObjectStore.ofFiles();
  private final DirectoryTransfer toDisk = new DirectoryTransfer(disk);

  private void putToDisk(Map<String, String> files, TransferOptions options) {
    toDisk.put(tree("tree-" + files.hashCode(), files), PLACE, options);
  }

  private Map<String, String> gotFromDisk(String name) {
    toDisk.get(PLACE, temporary.resolve(name), IMPATIENT);
    return Trees.read(temporary.resolve(name));
  }

  @ParameterizedTest
  @EnumSource(
      value = Layout.class,
      names = {"PLAIN", "BUNDLE"})
  void filesAndFoldersTakeEachOthersPlace(Layout layout) {
    int got = 0;
    for (Map<String, String> tree : List.of(BEFORE, AFTER, BEFORE)) {
      putToDisk(tree, IMPATIENT.withLayout(layout));
      assertThat(gotFromDisk("got-" + got++)).isEqualTo(tree);
    }
  }

  @Test
  void theNewFilesAreThereByTheirNewNamesAndTheOldOnesAreGone() {
    putToDisk(BEFORE, IMPATIENT);
    putToDisk(AFTER, IMPATIENT);

    assertThat(disk.names().stream().filter(name -> !name.contains("/.sheave-")))
        .containsExactlyInAnyOrderElementsOf(
            AFTER.keySet().stream().map(name -> PLACE + "/" + name).toList());
  }

  @Test
  void whatIsInTheWayGoesEvenIfStaleFilesStay() {
    putToDisk(Map.of("config", "1", "stale", "2"), IMPATIENT);
    putToDisk(Map.of("config/app.yml", "3"), IMPATIENT.withPrune(false));

    assertThat(disk.names()).contains(PLACE + "/config/app.yml", PLACE + "/stale");
  }

  @Test
  void aPutThatDiesAtAnyCallNeverLeavesAMixtureAndTheNextOneCompletes() {
    for (Map<String, String> next : List.of(AFTER, BEFORE)) {
      for (boolean workIsDone : new boolean[] {true, false}) {
        dieAtEachCall(next, workIsDone);
      }
    }
  }

  private void dieAtEachCall(Map<String, String> next, boolean workIsDone) {
    for (long dying = 1; ; dying++) {
      FaultyObjectStore mortalStore = new FaultyObjectStore(MemoryObjectStore.ofFiles());
      DirectoryTransfer mortal = new DirectoryTransfer(mortalStore);
      mortal.put(tree("before", BEFORE), PLACE, IMPATIENT);
      mortalStore.heal();
      if (workIsDone) {
        mortalStore.dieAfter(dying);
      } else {
        mortalStore.dieBefore(dying);
      }
      boolean died = false;
      try {
        mortal.put(tree("after", AFTER), PLACE, IMPATIENT.withConcurrency(1));
      } catch (SheaveException e) {
        assertThat(e.code()).isEqualTo(Code.UNAVAILABLE);
        died = true;
      }
      mortalStore.heal();
      String name = next.hashCode() + "-" + workIsDone + "-" + dying;
      assertThat(getOrRefusal(mortal, "after-" + name))
          .as("dead at call " + dying)
          .isIn(BEFORE, AFTER, REFUSED);
      mortal.put(tree("next-" + next.hashCode(), next), PLACE, IMPATIENT);
      assertThat(getOrRefusal(mortal, "next-got-" + name)).as("call " + dying).isEqualTo(next);
      if (!died) {
        assertThat(dying).as("calls of a put").isGreaterThan(10);
        return;
      }
    }
  }

  @Test
  void aPlainTreeThatABundleReplacedIsNotInTheWayOfALaterOne() {
    putToDisk(BEFORE, IMPATIENT);
    putToDisk(AFTER, IMPATIENT.withLayout(Layout.BUNDLE));
    putToDisk(AFTER, IMPATIENT.withLayout(Layout.PLAIN));

    assertThat(gotFromDisk("got")).isEqualTo(AFTER);
  }

  @Test
  void anotherToolsFileInTheWayIsNamedBeforeAnythingIsWritten() {
    putToDisk(Map.of("x", "1"), IMPATIENT);
    disk.write(PLACE + "/config", "mine".getBytes(UTF_8));
    disk.write(PLACE + "/Lib/mine", "mine".getBytes(UTF_8));
    Set<String> before = disk.names();

    Refusal.of(
        () -> putToDisk(AFTER, IMPATIENT),
        Code.INVALID,
        "because of 'Lib/mine', 'config', which Sheave didn't upload: move or remove it.");
    assertThat(disk.names()).isEqualTo(before);
    assertThat(gotFromDisk("got")).isEqualTo(Map.of("x", "1"));
  }

  @Test
  void anotherToolsFileInAFolderThatIsNotInTheWayStays() {
    putToDisk(BEFORE, IMPATIENT);
    disk.write(PLACE + "/Src/mine", "mine".getBytes(UTF_8));
    putToDisk(AFTER, IMPATIENT);

    assertThat(disk.names()).contains(PLACE + "/Src/mine");
    assertThat(gotFromDisk("got")).isEqualTo(AFTER);
  }

  @Test
  void namesThatTheStoreDoesNotDistinguishAreRefusedBeforeAnythingIsWritten() {
    Refusal.of(
            () -> putToDisk(Map.of("a.txt", "1", "A.txt", "2"), IMPATIENT), Code.INVALID, "'a.txt'")
        .says("'A.txt'", "'memory://store/flows/log'");
    Refusal.of(
        () -> putToDisk(Map.of("Data/x", "1", "data/y", "2"), IMPATIENT), Code.INVALID, "'Data'");
    assertThat(disk.names()).isEmpty();

    Map<String, String> twins = Map.of("a.txt", "1", "A.txt", "2");
    toDisk.put(tree("twins", twins), PLACE, IMPATIENT.withLayout(Layout.BUNDLE));
    assertThat(gotFromDisk("got")).isEqualTo(twins);
  }

  @Test
  void whatTheStoreFoldsIsAskedOnceAndOnlyIfItMatters() {
    putToDisk(BEFORE, IMPATIENT);
    putToDisk(Map.of("y", "1"), IMPATIENT);
    assertThat(disk.requests(Operation.PUT)).noneMatch(path -> path.toString().contains("part-"));

    putToDisk(Map.of("Y", "1"), IMPATIENT);
    putToDisk(Map.of("y", "1"), IMPATIENT);
    assertThat(disk.requests(Operation.PUT))
        .filteredOn(path -> path.toString().contains("part-"))
        .hasSize(1);
  }
}
