package dev.sheave.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import dev.sheave.testkit.storage.FaultyObjectStore;
import dev.sheave.testkit.storage.MemoryObjectStore;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Puts of bundles that die, and puts at the same time. */
class TornBundleTest extends TransferTest {
  private static final Map<String, String> THIRD = Map.of("third", "3");

  @ParameterizedTest
  @CsvSource({"BUNDLE,true", "BUNDLE,false", "PLAIN,true", "PLAIN,false"})
  void aBundlesPutThatDiesAnywhereLeavesTheOldTreeWholeOrTheNewOne(
      Layout before, boolean workIsDone) {
    long died = 0;
    for (long dying = 1; ; dying++) {
      MemoryObjectStore memory = new MemoryObjectStore();
      FaultyObjectStore mortal = new FaultyObjectStore(memory);
      DirectoryTransfer both = new DirectoryTransfer(mortal);
      both.put(tree("old", OLD), PLACE, IMPATIENT.withLayout(before));
      mortal.heal();
      if (workIsDone) {
        mortal.dieAfter(dying);
      } else {
        mortal.dieBefore(dying);
      }
      try {
        both.put(tree("new", NEW), PLACE, IMPATIENT.withLayout(Layout.BUNDLE));
        break;
      } catch (SheaveException e) {
        assertThat(e.code()).isEqualTo(Code.UNAVAILABLE);
        died++;
      }
      mortal.heal();

      assertThat(getOrRefusal(both, "after-" + dying)).as("dead at call " + dying).isIn(OLD, NEW);
      both.put(tree("third", THIRD), PLACE, IMPATIENT.withLayout(Layout.BUNDLE));
      assertThat(getOrRefusal(both, "mended-" + dying)).isEqualTo(THIRD);
    }

    assertThat(died).as("listing, manifest, archive, listing, manifest").isGreaterThanOrEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPlainPutOverABundleThatDiesLeavesTheBundleWhole(boolean workIsDone) {
    for (long dying = 1; ; dying++) {
      FaultyObjectStore mortal = new FaultyObjectStore(new MemoryObjectStore());
      DirectoryTransfer both = new DirectoryTransfer(mortal);
      both.put(tree("old", OLD), PLACE, IMPATIENT.withLayout(Layout.BUNDLE));
      mortal.heal();
      if (workIsDone) {
        mortal.dieAfter(dying);
      } else {
        mortal.dieBefore(dying);
      }
      try {
        both.put(tree("new", NEW), PLACE, IMPATIENT.withLayout(Layout.PLAIN));
        return;
      } catch (SheaveException e) {
        mortal.heal();
      }

      assertThat(getOrRefusal(both, "after-" + dying)).as("dead at call " + dying).isIn(OLD, NEW);
      both.put(tree("third", THIRD), PLACE, IMPATIENT.withLayout(Layout.PLAIN));
      assertThat(getOrRefusal(both, "mended-" + dying)).isEqualTo(THIRD);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Layout.class,
      names = {"PLAIN", "BUNDLE"})
  void ofTwoPutsAtTheSameTimeAGetSeesOneWhole(Layout layoutOfTheOther) {
    Map<String, String> other = Map.of("same", "!", "changed", "TWO", "other", "5");
    AtomicInteger asked = new AtomicInteger();
    for (int meeting = 1; meeting <= Math.max(1, asked.get()); meeting++) {
      MemoryObjectStore shared = new MemoryObjectStore();
      DirectoryTransfer both = new DirectoryTransfer(shared);
      both.put(tree("old", OLD), PLACE, IMPATIENT.withLayout(Layout.BUNDLE));
      asked.set(0);
      int at = meeting;
      shared.beforeEach(
          request -> {
            if (asked.incrementAndGet() == at) {
              shared.beforeEach(next -> asked.incrementAndGet());
              both.put(tree("other", other), PLACE, IMPATIENT.withLayout(layoutOfTheOther));
            }
          });
      both.put(tree("new", NEW), PLACE, IMPATIENT.withLayout(Layout.BUNDLE));
      shared.beforeEach(request -> {});

      assertThat(getOrRefusal(both, "met-" + meeting)).as("met at " + meeting).isIn(NEW, other);
      both.put(tree("third", THIRD), PLACE, IMPATIENT);
      assertThat(getOrRefusal(both, "again-" + meeting)).isEqualTo(THIRD);
    }
  }
}
