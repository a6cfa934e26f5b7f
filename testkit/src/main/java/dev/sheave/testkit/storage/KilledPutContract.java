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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of puts whose process is killed. Processes put a tree over another and are killed
 * (on POSIX by {@code SIGKILL}) at some random points after they began to write. A get after that
 * never returns a mixture of both trees: a plain put that is half done is refused, and a bundle is
 * either the old or the new one. The next put completes, and leaves nothing of the dead one. The
 * counts are logged.
 *
 * <p>The test's class needs a constructor without parameters, since the killed process creates an
 * instance to open its storage.
 */
public abstract class KilledPutContract {
  /** How many puts of each layout are killed; the system property {@code killed.puts} sets it. */
  public static final int KILLS = Integer.getInteger("killed.puts", 6);

  private static final System.Logger LOGGER = System.getLogger(KilledPutContract.class.getName());
  private static final int FILES = 60;
  private static final int MAX_TRIES = 5 * KILLS;
  private static final TransferOptions IMPATIENT =
      TransferOptions.DEFAULTS.withTimeout(Duration.ZERO);

  @TempDir private @Nullable Path temporary;

  /** The result of a get after a kill. */
  private enum Outcome {
    OLD_TREE,
    NEW_TREE,
    REFUSED
  }

  /** For the backend's test. */
  protected KilledPutContract() {}

  /**
   * Returns a block for a place, in this process or in the one that is killed.
   *
   * @param place a name that no other test uses; its second use is for the same place
   */
  protected abstract WritableStorage openStorage(String place);

  /**
   * The directory of this machine in which a place's files are, to see what no listing shows; empty
   * if there is none.
   */
  protected Optional<Path> directory(String place) {
    return Optional.empty();
  }

  @Test
  void aPlainPutThatIsKilledIsNoticed() throws Exception {
    Map<Outcome, Integer> outcomes = killAll(Layout.PLAIN);
    report("plain", outcomes);

    assertThat(outcomes).as("kills in the midst of it").containsKey(Outcome.REFUSED);
  }

  @Test
  void ofABundleWhosePutIsKilledTheOldTreeIsReadWhole() throws Exception {
    Map<Outcome, Integer> outcomes = killAll(Layout.BUNDLE);
    report("bundle", outcomes);

    assertThat(outcomes).containsKey(Outcome.OLD_TREE).doesNotContainKey(Outcome.REFUSED);
  }

  private void report(String layout, Map<Outcome, Integer> outcomes) {
    LOGGER.log(
        System.Logger.Level.INFO,
        getClass().getSimpleName() + ": " + KILLS + " killed puts, " + layout + ": " + outcomes);
  }

  /** Checks that every get returns a whole tree or refuses, and that the next put completes. */
  private Map<Outcome, Integer> killAll(Layout layout) throws Exception {
    SortedMap<String, String> oldTree = tree("old", 0);
    SortedMap<String, String> newTree = tree("new", FILES / 4);
    Path oldFiles = Trees.write(path("old"), oldTree);
    Path newFiles = Trees.write(path("new"), newTree);
    Random random = new Random(layout.name().hashCode());
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    long nanos = Long.MAX_VALUE;
    int killed = 0;
    for (int i = 0; killed < KILLS; i++) {
      assertThat(i).as("tries to kill a put").isLessThan(MAX_TRIES);
      String place = layout + "-" + UUID.randomUUID();
      WritableStorage storage = openStorage(place);
      put(storage, oldFiles, layout);
      // the first one isn't killed: it tells how long a put takes
      long after = i == 0 ? nanos : (long) (random.nextDouble() * nanos);
      long took =
          KilledProcess.run(
              KilledPutContract.class,
              after,
              getClass().getName(),
              place,
              newFiles.toString(),
              layout.name());
      if (took > 0) {
        nanos = Math.min(nanos, took);
      } else {
        killed++;
        outcomes.merge(outcome(storage, "got-" + i, oldTree, newTree), 1, Integer::sum);
      }
      put(storage, newFiles, layout);
      assertThat(get(storage, "mended-" + i)).isEqualTo(newTree);
      for (Path directory : directory(place).stream().toList()) {
        try (Stream<Path> all = Files.walk(directory)) {
          assertThat(all).noneMatch(path -> path.toString().contains(".sheave-part-"));
        }
      }
    }
    return outcomes;
  }

  private static SortedMap<String, String> tree(String content, int first) {
    SortedMap<String, String> tree = new TreeMap<>();
    for (int i = first; i < first + FILES; i++) {
      // one in three is the same in both
      String text = i % 3 == 0 ? "same" : content;
      tree.put("folder-" + i % 5 + "/file-" + i, (text + i + "\n").repeat(1 + i * 80));
    }
    // a file that becomes a folder, a folder that becomes a file, a name that changes in case
    boolean isOld = first == 0;
    tree.put(isOld ? "config" : "config/app.yml", content);
    tree.put(isOld ? "lib/a/b" : "lib", content);
    tree.put(isOld ? "Readme.md" : "README.md", content);
    return tree;
  }

  private Outcome outcome(
      WritableStorage storage,
      String name,
      Map<String, String> oldTree,
      Map<String, String> newTree) {
    try {
      Map<String, String> got = get(storage, name);
      assertThat(got.equals(oldTree) || got.equals(newTree)).as("a whole tree").isTrue();
      return got.equals(oldTree) ? Outcome.OLD_TREE : Outcome.NEW_TREE;
    } catch (SheaveException e) {
      assertThat(e.code()).isEqualTo(Code.CONFLICT);
      return Outcome.REFUSED;
    }
  }

  private static void put(WritableStorage storage, Path files, Layout layout) {
    storage.putDirectory(
        FileTree.of(files, IgnoreRules.NONE), RelativePath.ROOT, IMPATIENT.withLayout(layout));
  }

  private Map<String, String> get(WritableStorage storage, String name) {
    storage.getDirectory(RelativePath.ROOT, path(name), IMPATIENT);
    return Trees.read(path(name));
  }

  /**
   * The process that is killed.
   *
   * @param arguments the test's class, the place, the directory, the layout
   */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    var constructor = Class.forName(arguments[0]).getDeclaredConstructor();
    constructor.setAccessible(true);
    KilledPutContract test = (KilledPutContract) constructor.newInstance();
    WritableStorage storage = test.openStorage(arguments[1]);
    TransferListener atFirstWrite =
        new TransferListener() {
          @Override
          public void planned(int files, long bytes) {
            KilledProcess.begin();
          }
        };
    storage.putDirectory(
        FileTree.of(Path.of(arguments[2]), IgnoreRules.NONE),
        RelativePath.ROOT,
        IMPATIENT.withLayout(Layout.valueOf(arguments[3])).withListener(atFirstWrite));
    KilledProcess.end();
  }

  private Path path(String name) {
    Path base = temporary;
    assertThat(base).isNotNull();
    return base.resolve(name);
  }
}
