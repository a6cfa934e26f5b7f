package dev.sheave.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.testkit.storage.FaultyObjectStore;
import dev.sheave.testkit.storage.MemoryObjectStore;
import dev.sheave.testkit.storage.MemoryObjectStore.Operation;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.Warnings;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Puts that die, and puts and gets at the same time. */
class TornTransferTest extends TransferTest {
  private static final Map<String, String> OTHER =
      Map.of("same", "!", "changed", "TWO", "other", "5");

  private static MemoryObjectStore memory(boolean knowsConditions) {
    return knowsConditions ? new MemoryObjectStore() : MemoryObjectStore.withoutConditions();
  }

  @ParameterizedTest
  @CsvSource({"true,true", "false,true", "true,false", "false,false"})
  void aPutThatDiesAtAnyCallNeverLeavesAMixtureForAGetAndTheNextPutMendsIt(
      boolean workIsDone, boolean knowsConditions) {
    for (long dying = 1; ; dying++) {
      MemoryObjectStore memory = memory(knowsConditions);
      FaultyObjectStore mortalStore = new FaultyObjectStore(memory);
      DirectoryTransfer mortal = new DirectoryTransfer(mortalStore);
      mortal.put(tree("old", OLD), PLACE, IMPATIENT);
      mortalStore.heal();
      if (workIsDone) {
        mortalStore.dieAfter(dying);
      } else {
        mortalStore.dieBefore(dying);
      }
      try {
        mortal.put(tree("new", NEW), PLACE, IMPATIENT.withConcurrency(1));
        assertThat(dying).as("calls of a put").isGreaterThan(8);
        return;
      } catch (SheaveException e) {
        assertThat(e.code()).isEqualTo(Code.UNAVAILABLE);
      }
      mortalStore.heal();

      assertThat(getOrRefusal(mortal, "after-" + dying))
          .as("dead at call " + dying)
          .isIn(OLD, NEW, REFUSED);
      mortal.put(tree("third", Map.of("third", "3")), PLACE, IMPATIENT);
      assertThat(getOrRefusal(mortal, "mended-" + dying)).isEqualTo(Map.of("third", "3"));
      assertThat(memory.names())
          .as("dead at call " + dying + ", then put again")
          .filteredOn(name -> !name.contains("/.sheave-"))
          .containsExactly("flows/log/third");
    }
  }

  /** A store with the old tree, in which another one is put before a request. */
  private DirectoryTransfer metByAnother(MemoryObjectStore shared, int request) {
    DirectoryTransfer both = new DirectoryTransfer(shared);
    both.put(tree("old", OLD), PLACE, IMPATIENT);
    AtomicInteger left = new AtomicInteger(request);
    shared.beforeEach(
        each -> {
          if (left.decrementAndGet() == 0) {
            both.put(tree("other", OTHER), PLACE, IMPATIENT);
          }
        });
    return both;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twoPutsAtTheSameTimeNeverLeaveAMixtureForAGet(boolean knowsConditions) {
    int requests = requestsOfAPutOver(memory(knowsConditions), OLD, NEW);
    for (int meeting = 1; meeting <= requests; meeting++) {
      MemoryObjectStore shared = memory(knowsConditions);
      DirectoryTransfer both = metByAnother(shared, meeting);
      boolean refused = false;
      try {
        both.put(tree("new", NEW), PLACE, IMPATIENT.withConcurrency(1));
      } catch (SheaveException e) {
        assertThat(e.code()).isEqualTo(Code.CONFLICT);
        refused = true;
      }
      shared.beforeEach(request -> {});

      Map<String, String> got = getOrRefusal(both, "met-" + meeting);
      if (!refused) {
        assertThat(got).as("met at request " + meeting).isIn(NEW, OTHER);
      } else {
        assertThat(got).as("met at request " + meeting).isIn(REFUSED, OTHER);
      }
      both.put(tree("new", NEW), PLACE, IMPATIENT);
      assertThat(getOrRefusal(both, "again-" + meeting)).isEqualTo(NEW);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPutThatMeetsAnotherIsMadeAgain(boolean knowsConditions) {
    int requests = requestsOfAPutOver(memory(knowsConditions), OLD, NEW);
    int repeated = 0;
    for (int meeting = 1; meeting <= requests; meeting++) {
      MemoryObjectStore shared = memory(knowsConditions);
      DirectoryTransfer both = metByAnother(shared, meeting);
      Warnings warnings = new Warnings();
      both.put(tree("new", NEW), PLACE, warnings.options().withConcurrency(1));
      shared.beforeEach(request -> {});

      repeated += warnings.all().size();
      assertThat(warnings.all()).allMatch(warning -> warning.contains("is made again"));
      assertThat(getOrRefusal(both, "met-" + meeting))
          .as("met at request " + meeting)
          .isIn(NEW, OTHER);
      assertThat(shared.names())
          .as("met at request " + meeting)
          .noneMatch(name -> name.contains(ReservedNames.MARKER_PREFIX));
    }
    assertThat(repeated).as("puts that came in each other's way").isPositive();
  }

  @Test
  void aGetWaitsForAPutThatIsUnderWay() throws Exception {
    put(OLD);
    CompletableFuture<Void> finishPut = new CompletableFuture<>();
    CompletableFuture<Void> changing = new CompletableFuture<>();
    Thread[] getting = new Thread[1];
    AtomicInteger looks = new AtomicInteger();
    store.beforeEach(
        request -> {
          if (Thread.currentThread() == getting[0]) {
            if (request.operation() == Operation.LIST && looks.incrementAndGet() == 3) {
              finishPut.complete(null);
            }
          } else if (request.path().equals(PLACE.resolve("new"))) {
            changing.complete(null);
            finishPut.join();
          }
        });
    CompletableFuture<TransferSummary> put =
        CompletableFuture.supplyAsync(
            () -> transfer.put(tree("new", NEW), PLACE, IMPATIENT.withConcurrency(1)));
    changing.join();
    getting[0] = Thread.currentThread();
    transfer.get(PLACE, temporary.resolve("target"), TransferOptions.DEFAULTS);

    put.join();
    assertThat(looks.get()).isGreaterThanOrEqualTo(3);
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(NEW);
  }

  @Test
  void aPutThatBeginsAndEndsDuringAGetIsWhatTheGetHandsOut() {
    put(OLD);
    AtomicInteger left = new AtomicInteger(4);
    store.beforeEach(
        request -> {
          if (request.operation() == Operation.GET && left.decrementAndGet() == 0) {
            transfer.put(tree("new", NEW), PLACE, IMPATIENT);
          }
        });
    transfer.get(PLACE, temporary.resolve("target"), TransferOptions.DEFAULTS.withConcurrency(1));

    assertThat(Trees.read(temporary.resolve("target"))).isIn(OLD, NEW);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPutWhoseClientTriesAgainAfterALostAnswerKnowsItsOwnManifest(boolean somethingIsThere) {
    if (somethingIsThere) {
      put(OLD);
    }
    FaultyObjectStore faulty = new FaultyObjectStore(store);
    faulty.repeat(PLACE.resolve(ReservedNames.MANIFEST)::equals);
    new DirectoryTransfer(faulty).put(tree("new", NEW), PLACE, IMPATIENT);

    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(NEW);
  }

  @Test
  void aPutThatAnotherOneOverwritesRightNowSaysSo() {
    put(OLD);
    AtomicInteger looks = new AtomicInteger();
    store.beforeEach(
        request -> {
          if (request.operation() == Operation.LIST && looks.incrementAndGet() == 2) {
            store.write(
                "flows/log/.sheave-put-1.json", "{\"files\":[\"changed\"]}".getBytes(UTF_8));
            store.write("flows/log/changed", "by another put".getBytes(UTF_8));
          }
        });
    Refusal.of(() -> put(NEW), Code.CONFLICT, "'changed'");
  }

  @Test
  void aManifestThatSomethingElseWroteAtTheLastMomentIsNotItsOwn() {
    put(OLD);
    beforeTheManifestIsWritten(
        () -> store.write("flows/log/.sheave-manifest.json", "{}".getBytes(UTF_8)));
    Refusal.of(() -> put(NEW), Code.CONFLICT, "'.sheave-manifest.json'");
  }

  @Test
  void aManifestThatSomethingElseRemovedAtTheLastMomentIsNotItsOwn() {
    put(OLD);
    beforeTheManifestIsWritten(() -> store.remove("flows/log/.sheave-manifest.json"));
    Refusal.of(() -> put(NEW), Code.CONFLICT, "'.sheave-manifest.json'");
  }

  private void beforeTheManifestIsWritten(Runnable deed) {
    store.beforeEach(
        request -> {
          if (request.operation() == Operation.PUT
              && request.path().equals(PLACE.resolve(ReservedNames.MANIFEST))) {
            deed.run();
          }
        });
  }

  @Test
  void aDeadPutsMarkerDoesNotStopGetsOnceAnotherPutIsDone() {
    store.write("flows/log/.sheave-put-1.json", "{\"files\":[]}".getBytes(UTF_8));
    Refusal.of(
            () -> transfer.get(PLACE, temporary.resolve("target"), IMPATIENT),
            Code.CONFLICT,
            "memory://store/flows/log")
        .says("began at 1970-01-01T00:00:01Z", "upload again", "--bundle");
    put(NEW);

    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(NEW);
  }

  @Test
  void namesInAMarkerThatCannotBeAreLeftOut() {
    store.write(
        "flows/log/.sheave-put-1.json",
        "{\"files\":[\"../mine\",\"left\",\"/etc/x\"]}".getBytes(UTF_8));
    store.write("flows/log/left", "by the dead".getBytes(UTF_8));
    store.write("flows/mine", "mine".getBytes(UTF_8));
    put(NEW);

    assertThat(store.names()).contains("flows/mine").doesNotContain("flows/log/left");
  }

  @Test
  void whatADeadPutWroteIsNotMistakenForAUsersOwn() {
    store.write("flows/log/mine", "mine".getBytes(UTF_8));
    AtomicInteger puts = new AtomicInteger();
    store.beforeEach(
        request -> {
          if (request.operation() == Operation.PUT && puts.incrementAndGet() == 3) {
            throw new SheaveException(Code.UNAVAILABLE, "dead");
          }
        });
    assertThatThrownBy(
            () ->
                transfer.put(
                    tree("dead", Map.of("a", "1", "b", "2", "mine", "n")),
                    PLACE,
                    IMPATIENT.withConcurrency(1)))
        .hasMessage("dead");
    store.beforeEach(request -> {});
    put(Map.of("c", "3"));

    assertThat(store.names())
        .contains("flows/log/c", "flows/log/mine")
        .doesNotContain("flows/log/a", "flows/log/b");
  }
}
