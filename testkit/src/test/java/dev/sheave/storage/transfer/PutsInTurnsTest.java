package dev.sheave.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.testkit.storage.MemoryObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two puts at the same time, their requests in many orders. */
@Timeout(120)
class PutsInTurnsTest extends TransferTest {
  private static final int ORDERS = 200;

  /** Which put a thread works for; its own threads do, too. */
  private static final InheritableThreadLocal<Integer> PUT = new InheritableThreadLocal<>();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void neverLeaveAMixture(boolean oneIsOfTheOldTree) throws Exception {
    Map<String, String> other =
        oneIsOfTheOldTree ? OLD : Map.of("same", "!", "changed", "TWO", "other", "5");
    FileTree old = tree("old", OLD);
    List<FileTree> trees = List.of(tree("new", NEW), tree("other", other));
    int refusals = 0;
    for (int order = 0; order < ORDERS; order++) {
      MemoryObjectStore shared = new MemoryObjectStore();
      DirectoryTransfer both = new DirectoryTransfer(shared);
      both.put(old, PLACE, IMPATIENT);
      Turns turns = new Turns(new Random(order), Set.of(0, 1));
      shared.beforeEach(request -> turns.await());
      List<CompletableFuture<Void>> puts = new ArrayList<>();
      for (FileTree tree : trees) {
        int id = puts.size();
        puts.add(
            CompletableFuture.runAsync(
                () -> {
                  PUT.set(id);
                  try {
                    both.put(tree, PLACE, IMPATIENT.withConcurrency(1));
                  } finally {
                    turns.ends(id);
                    PUT.remove();
                  }
                },
                command -> new Thread(command).start()));
      }
      boolean refused = false;
      for (CompletableFuture<Void> put : puts) {
        try {
          put.join();
        } catch (CompletionException e) {
          assertThat(e.getCause())
              .isInstanceOfSatisfying(
                  SheaveException.class, why -> assertThat(why.code()).isEqualTo(Code.CONFLICT));
          refused = true;
        }
      }
      shared.beforeEach(request -> {});

      Map<String, String> got = getOrRefusal(both, "order-" + oneIsOfTheOldTree + order);
      if (refused) {
        refusals++;
        assertThat(got).as("order " + order).isIn(NEW, other, REFUSED);
      } else {
        assertThat(got).as("order " + order).isIn(NEW, other);
      }
    }
    assertThat(refusals).as("puts that came in each other's way").isBetween(1, ORDERS - 1);
  }

  /** Lets requests of puts through, one at a time, in an order that is drawn. */
  private static final class Turns {
    private final Random random;

    /** How often the first one is let through: in some orders it is mostly done first, or last. */
    private final double share;

    private final Set<Integer> running = new TreeSet<>();
    private final Set<Integer> waiting = new TreeSet<>();
    private int turn = -1;

    Turns(Random random, Set<Integer> puts) {
      this.random = random;
      this.share = random.nextDouble();
      this.running.addAll(puts);
    }

    synchronized void ends(int put) {
      running.remove(put);
      draw();
    }

    synchronized void await() {
      int put = PUT.get();
      waiting.add(put);
      draw();
      try {
        while (turn != put) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      turn = -1;
      waiting.remove(put);
    }

    private void draw() {
      if (turn < 0 && !waiting.isEmpty() && waiting.equals(running)) {
        List<Integer> both = List.copyOf(waiting);
        turn = both.get(random.nextDouble() < share ? 0 : both.size() - 1);
        notifyAll();
      }
    }
  }
}
