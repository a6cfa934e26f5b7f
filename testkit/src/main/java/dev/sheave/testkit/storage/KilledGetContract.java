package dev.sheave.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.WritableStorage;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The contract of gets whose process is killed. Processes get a tree into a directory that has
 * another one, and are killed (on POSIX by {@code SIGKILL}) at random points after all files were
 * fetched, when they are moved to their places. The directory then has the one tree or the other,
 * or is refused as the source of a put. The next get completes it, and says so if it was refused.
 * The counts are logged.
 *
 * <p>The test's class needs a constructor without parameters, since the killed process creates an
 * instance to open its storage.
 */
public abstract class KilledGetContract {
  /** How many gets of each layout are killed; the system property {@code killed.gets} sets it. */
  public static final int KILLS = Integer.getInteger("killed.gets", 6);

  private static final System.Logger LOGGER = System.getLogger(KilledGetContract.class.getName());
  private static final int FILES = 600;
  private static final int MAX_TRIES = 5 * KILLS;

  @TempDir private @Nullable Path temporary;

  /** The state of the directory after a kill. */
  private enum Outcome {
    OLD_TREE,
    NEW_TREE,
    MARKED
  }

  /** For the backend's test. */
  protected KilledGetContract() {}

  /**
   * Returns a block for a place, in this process or in the one that is killed.
   *
   * @param place a name that no other test uses; its second use is for the same place
   */
  protected abstract WritableStorage openStorage(String place);

  @ParameterizedTest
  @EnumSource(
      value = Layout.class,
      names = {"PLAIN", "BUNDLE"})
  void aGetThatIsKilledLeavesNoMixtureThatIsUsed(Layout layout) throws Exception {
    SortedMap<String, String> oldTree = tree("old");
    SortedMap<String, String> newTree = tree("new");
    String place = layout + "-" + UUID.randomUUID();
    WritableStorage storage = openStorage(place);
    storage.putDirectory(
        FileTree.of(Trees.write(path("new"), newTree), IgnoreRules.NONE),
        RelativePath.ROOT,
        TransferOptions.DEFAULTS.withLayout(layout));
    Random random = new Random(layout.name().hashCode());
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    long nanos = Long.MAX_VALUE;
    int killed = 0;
    for (int i = 0; killed < KILLS; i++) {
      assertThat(i).as("tries to kill a get").isLessThan(MAX_TRIES);
      Path target = Trees.write(path("target-" + i), oldTree);
      // the first one isn't killed: it tells how long a get takes
      long after = i == 0 ? nanos : (long) (random.nextDouble() * nanos);
      long took =
          KilledProcess.run(
              KilledGetContract.class, after, getClass().getName(), place, target.toString());
      Warnings warnings = new Warnings();
      Outcome outcome = outcome(target, oldTree, newTree);
      storage.getDirectory(RelativePath.ROOT, target, warnings.options());
      assertThat(withoutParts(Trees.read(target))).isEqualTo(newTree);
      FileTree.of(target, IgnoreRules.NONE);
      if (outcome == Outcome.MARKED) {
        assertThat(warnings.all()).singleElement().asString().contains("was interrupted");
      } else {
        assertThat(warnings.all()).isEmpty();
      }
      if (took > 0) {
        nanos = Math.min(nanos, took);
        assertThat(outcome).isEqualTo(Outcome.NEW_TREE);
      } else {
        killed++;
        outcomes.merge(outcome, 1, Integer::sum);
      }
    }
    if (layout == Layout.PLAIN) { // an archive is unpacked before, which takes most of the time
      assertThat(outcomes).as("kills in the midst of it").containsKey(Outcome.MARKED);
    }
    LOGGER.log(
        System.Logger.Level.INFO,
        getClass().getSimpleName() + ": " + KILLS + " killed gets, " + layout + ": " + outcomes);
  }

  private static SortedMap<String, String> tree(String content) {
    SortedMap<String, String> tree = new TreeMap<>();
    for (int i = 0; i < FILES; i++) {
      tree.put("folder-" + i % 5 + "/file-" + i, content + i);
    }
    return tree;
  }

  private static Outcome outcome(
      Path target, Map<String, String> oldTree, Map<String, String> newTree) {
    try {
      FileTree.of(target, IgnoreRules.NONE);
    } catch (SheaveException e) {
      assertThat(e.code()).isEqualTo(Code.CONFLICT);
      assertThat(e).hasMessageContaining("was interrupted");
      return Outcome.MARKED;
    }
    Map<String, String> found = withoutParts(Trees.read(target));
    assertThat(List.of(oldTree, newTree)).as("a whole tree").contains(new TreeMap<>(found));
    return found.equals(oldTree) ? Outcome.OLD_TREE : Outcome.NEW_TREE;
  }

  /** What a dead get fetched, but didn't move to its place, is never part of a tree. */
  private static SortedMap<String, String> withoutParts(SortedMap<String, String> files) {
    SortedMap<String, String> rest = new TreeMap<>(files);
    rest.keySet().removeIf(IgnoreRules::isReserved);
    return rest;
  }

  /**
   * The process that is killed.
   *
   * @param arguments the test's class, the place, the directory
   */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    var constructor = Class.forName(arguments[0]).getDeclaredConstructor();
    constructor.setAccessible(true);
    KilledGetContract test = (KilledGetContract) constructor.newInstance();
    TransferListener listener =
        new TransferListener() {
          private final AtomicInteger left = new AtomicInteger();

          @Override
          public void planned(int files, long bytes) {
            left.set(files);
          }

          @Override
          public void finished(RelativePath path) {
            if (left.decrementAndGet() == 0) {
              KilledProcess.begin();
            }
          }
        };
    test.openStorage(arguments[1])
        .getDirectory(
            RelativePath.ROOT,
            Path.of(arguments[2]),
            TransferOptions.DEFAULTS.withListener(listener));
    KilledProcess.end();
  }

  private Path path(String name) {
    Path base = temporary;
    assertThat(base).isNotNull();
    return base.resolve(name);
  }
}
