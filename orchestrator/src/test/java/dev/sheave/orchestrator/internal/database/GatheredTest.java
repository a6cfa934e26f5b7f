package dev.sheave.orchestrator.internal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sheave.SheaveException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What several threads ask for is done together. */
@Timeout(60)
class GatheredTest {
  private final List<List<String>> done = new CopyOnWriteArrayList<>();
  private final CountDownLatch go = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  /**
   * Asks about the first letter; "wait" takes until it may go on, "bad" fails, and "late" is asked
   * for when the store is away.
   */
  private final Gathered<String, String> gathered =
      new Gathered<>(ask -> Set.of(new UUID(0, ask.charAt(0))), this::work);

  private List<String> work(List<String> asks) {
    done.add(asks);
    if (asks.contains("wait")) {
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    if (asks.contains("late")) {
      throw new SheaveException(SheaveException.Code.UNAVAILABLE, "it is away");
    }
    if (asks.contains("bad")) {
      throw new IllegalArgumentException("it is bad");
    }
    return asks.stream().map(ask -> "done " + ask).toList();
  }

  /** Asks in a thread of its own, and returns when it waits. */
  private CompletableFuture<String> ask(String what) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                answer.complete(gathered.ask(what));
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            });
    threads.add(thread);
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);
    return answer;
  }

  @Test
  void whatHasComeMeanwhileIsDoneTogether() {
    CompletableFuture<String> first = ask("wait");
    CompletableFuture<String> second = ask("a");
    CompletableFuture<String> third = ask("b");
    go.countDown();

    assertThat(List.of(first.join(), second.join(), third.join()))
        .containsExactly("done wait", "done a", "done b");
    assertThat(done).containsExactly(List.of("wait"), List.of("a", "b"));
    assertThat(gathered.ask("alone")).isEqualTo("done alone");
  }

  @Test
  void whatFailsFailsAlone() {
    CompletableFuture<String> first = ask("wait");
    CompletableFuture<String> good = ask("good");
    CompletableFuture<String> bad = ask("bad");
    go.countDown();

    assertThat(List.of(first.join(), good.join())).containsExactly("done wait", "done good");
    assertThatThrownBy(bad::join).hasRootCauseMessage("it is bad");
  }

  @Test
  void whatMayBeDoneIsNotDoneAgain() {
    CompletableFuture<String> first = ask("wait");
    CompletableFuture<String> good = ask("good");
    CompletableFuture<String> late = ask("late");
    go.countDown();

    assertThat(first.join()).isEqualTo("done wait");
    assertThatThrownBy(good::join).hasRootCauseMessage("it is away");
    assertThatThrownBy(late::join).hasRootCauseMessage("it is away");
    assertThat(done).containsExactly(List.of("wait"), List.of("good", "late"));
  }

  @Test
  void thoseAboutOneSubjectAreDoneOneAfterTheOther() {
    CompletableFuture<String> first = ask("wait");
    CompletableFuture<String> one = ask("a1");
    CompletableFuture<String> two = ask("a2");
    CompletableFuture<String> other = ask("b");
    go.countDown();

    assertThat(List.of(first.join(), one.join(), two.join(), other.join())).hasSize(4);
    assertThat(done).containsExactly(List.of("wait"), List.of("a1", "b"), List.of("a2"));
  }

  @Test
  void whoIsInterruptedGetsTheAnswerNonetheless() throws Exception {
    CompletableFuture<String> first = ask("wait");
    CompletableFuture<String> second = ask("a");
    threads.get(1).interrupt();
    go.countDown();

    assertThat(List.of(first.get(), second.get())).containsExactly("done wait", "done a");
  }
}
