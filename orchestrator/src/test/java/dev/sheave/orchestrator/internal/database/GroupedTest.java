package dev.sheave.orchestrator.internal.database;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests are words; a word's length in tenths is its share, and its result is in capitals. */
@Timeout(60)
class GroupedTest {
  private static final String FIRST = "first";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile CountDownLatch hasFirstBegun = new CountDownLatch(1);
  private volatile CountDownLatch isFirstToEnd = new CountDownLatch(1);
  private final List<List<String>> groups = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> alone = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    isFirstToEnd.countDown();
    threads.shutdownNow();
  }

  private Grouped<String, String> grouped(
      Function<List<String>, Optional<List<Optional<String>>>> together) {
    return new Grouped<>(
        word -> word.length() / 10.0,
        words -> {
          groups.add(words);
          if (words.contains(FIRST)) {
            hasFirstBegun.countDown();
            awaitEnd();
          }
          return together.apply(words);
        },
        word -> {
          alone.add(Thread.currentThread());
          if (word.equals("bad")) {
            throw new IllegalArgumentException("bad alone");
          }
          return word + " alone";
        });
  }

  private void awaitEnd() {
    try {
      isFirstToEnd.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<List<Optional<String>>> capitals(List<String> words) {
    return Optional.of(words.stream().map(GroupedTest::capital).toList());
  }

  private static Optional<String> capital(String word) {
    return word.equals("odd") ? Optional.empty() : Optional.of(word.toUpperCase(Locale.ROOT));
  }

  /** Begins a group that ends when it is let, and lets others wait for its end, one by one. */
  private List<CompletableFuture<String>> submitAll(
      Grouped<String, String> grouped, String... words) throws InterruptedException {
    List<CompletableFuture<String>> all = new ArrayList<>();
    all.add(CompletableFuture.supplyAsync(() -> grouped.submit(FIRST), threads));
    assertThat(hasFirstBegun.await(60, SECONDS)).isTrue();
    for (String each : words) {
      all.add(CompletableFuture.supplyAsync(() -> grouped.submit(each), threads));
      int waiting = all.size() - 1;
      await().until(() -> grouped.waiting() == waiting);
    }
    return all;
  }

  @Test
  void oneThatComesAloneIsDoneAtOnceByItsOwnThread() {
    Thread[] by = new Thread[1];
    Grouped<String, String> grouped =
        new Grouped<>(
            word -> 1,
            words -> {
              by[0] = Thread.currentThread();
              return capitals(words);
            },
            word -> word);

    assertThat(grouped.submit("one")).isEqualTo("ONE");
    assertThat(by[0]).isSameAs(Thread.currentThread());
  }

  @Test
  void thoseThatComeMeanwhileAreDoneTogether() throws Exception {
    List<CompletableFuture<String>> all = submitAll(grouped(GroupedTest::capitals), "a", "b", "c");
    isFirstToEnd.countDown();

    assertThat(all).extracting(CompletableFuture::join).containsExactly("FIRST", "A", "B", "C");
    assertThat(groups).containsExactly(List.of(FIRST), List.of("a", "b", "c"));
  }

  @Test
  void aGroupIsBoundedAndNobodyIsPassedOverForLong() throws Exception {
    List<CompletableFuture<String>> all =
        submitAll(grouped(GroupedTest::capitals), "four", "far too large", "five5", "xx", "y");
    isFirstToEnd.countDown();

    assertThat(all)
        .extracting(CompletableFuture::join)
        .containsExactly("FIRST", "FOUR", "FAR TOO LARGE", "FIVE5", "XX", "Y");
    assertThat(groups)
        .containsExactly(
            List.of(FIRST), List.of("four", "five5", "y"), List.of("far too large"), List.of("xx"));
  }

  @Test
  void oneThatIsNotForAGroupIsDoneAloneByItsOwnThread() throws Exception {
    Grouped<String, String> grouped = grouped(GroupedTest::capitals);
    CompletableFuture<Thread> own = new CompletableFuture<>();
    List<CompletableFuture<String>> all = submitAll(grouped, "a");
    CompletableFuture<String> odd =
        CompletableFuture.supplyAsync(
            () -> {
              own.complete(Thread.currentThread());
              return grouped.submit("odd");
            },
            threads);
    await().until(() -> grouped.waiting() == 2);
    isFirstToEnd.countDown();

    assertThat(odd.get()).isEqualTo("odd alone");
    assertThat(alone).containsExactly(own.get());
    assertThat(all).extracting(CompletableFuture::join).containsExactly("FIRST", "A");
  }

  @Test
  void ifAGroupIsNotDoneEachIsDoneAloneAndAnErrorIsItsOwn() throws Exception {
    List<CompletableFuture<String>> all =
        submitAll(
            grouped(words -> words.contains("bad") ? Optional.empty() : capitals(words)),
            "a",
            "bad",
            "c");
    isFirstToEnd.countDown();

    assertThat(all.get(1).get()).isEqualTo("a alone");
    assertThatThrownBy(all.get(2)::get).hasRootCauseMessage("bad alone");
    assertThat(all.get(3).get()).isEqualTo("c alone");
    assertThat(alone).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void allOfAGroupAreToldItsErrorAndTheNextOneIsDone() throws Exception {
    List<Runnable> failures =
        List.of(
            () -> {
              throw new IllegalStateException("no");
            },
            () -> {
              throw new StackOverflowError("no");
            });
    for (Runnable failure : failures) {
      CountDownLatch hasBegun = new CountDownLatch(1);
      CountDownLatch isToEnd = new CountDownLatch(1);
      hasFirstBegun = hasBegun;
      isFirstToEnd = isToEnd;
      Grouped<String, String> grouped =
          grouped(
              words -> {
                if (words.contains("a")) {
                  failure.run();
                }
                return capitals(words);
              });
      List<CompletableFuture<String>> all = submitAll(grouped, "a", "b", "far too large");
      isToEnd.countDown();

      assertThatThrownBy(all.get(1)::get).hasRootCauseMessage("no");
      assertThatThrownBy(all.get(2)::get).hasRootCauseMessage("no");
      assertThat(all.get(3).get()).isEqualTo("FAR TOO LARGE");
      assertThat(grouped.submit("later")).isEqualTo("LATER");
    }
    assertThat(alone).isEmpty();
  }

  @Test
  void oneThatIsInterruptedGetsItsResultAndStaysInterrupted() throws Exception {
    Grouped<String, String> grouped = grouped(GroupedTest::capitals);
    List<CompletableFuture<String>> all = submitAll(grouped, "a");
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    CompletableFuture<String> interrupted =
        CompletableFuture.supplyAsync(
            () -> {
              thread.complete(Thread.currentThread());
              return grouped.submit("b") + " " + Thread.currentThread().isInterrupted();
            },
            threads);
    await().until(() -> grouped.waiting() == 2);
    thread.get().interrupt();
    isFirstToEnd.countDown();

    assertThat(interrupted.get()).isEqualTo("B true");
    assertThat(all).extracting(CompletableFuture::join).containsExactly("FIRST", "A");
  }
}
