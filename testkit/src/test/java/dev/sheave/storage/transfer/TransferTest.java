package dev.sheave.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.testkit.storage.MemoryObjectStore;
import dev.sheave.testkit.storage.Trees;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** A store, a place in it, and an old and a new tree to put there. */
abstract class TransferTest {
  static final RelativePath PLACE = RelativePath.of("flows/log");
  static final TransferOptions IMPATIENT = TransferOptions.DEFAULTS.withTimeout(Duration.ZERO);
  static final Map<String, String> OLD = Map.of("same", "1", "changed", "2", "gone", "3");
  static final Map<String, String> NEW = Map.of("same", "1", "changed", "two", "new", "4");

  @TempDir Path temporary;
  final MemoryObjectStore store = new MemoryObjectStore();
  final DirectoryTransfer transfer = new DirectoryTransfer(store);

  static final Map<String, String> REFUSED = Map.of("", "refused as torn");

  /** What a get hands out, or {@link #REFUSED}. */
  Map<String, String> getOrRefusal(DirectoryTransfer from, String name) {
    Path target = temporary.resolve(name);
    try {
      from.get(PLACE, target, IMPATIENT);
      return Trees.read(target);
    } catch (SheaveException e) {
      assertThat(e.code()).isEqualTo(Code.CONFLICT);
      return REFUSED;
    }
  }

  int requestsOfAPutOver(Map<String, String> before, Map<String, String> after) {
    return requestsOfAPutOver(new MemoryObjectStore(), before, after);
  }

  int requestsOfAPutOver(
      MemoryObjectStore counting, Map<String, String> before, Map<String, String> after) {
    DirectoryTransfer counted = new DirectoryTransfer(counting);
    counted.put(tree("before", before), PLACE, IMPATIENT);
    counting.forgetRequests();
    counted.put(tree("after", after), PLACE, IMPATIENT);
    return counting.requests().size();
  }

  TransferSummary put(Map<String, String> files) {
    return transfer.put(tree("source-" + files.hashCode(), files), PLACE, IMPATIENT);
  }

  TransferSummary get() {
    return transfer.get(PLACE, temporary.resolve("target"), IMPATIENT);
  }

  FileTree tree(String name, Map<String, String> files) {
    return FileTree.of(write(name, files), IgnoreRules.NONE);
  }

  Path write(String name, Map<String, String> files) {
    return Trees.write(temporary.resolve(name), files);
  }
}
