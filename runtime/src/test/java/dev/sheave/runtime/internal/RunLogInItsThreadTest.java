package dev.sheave.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same log, whose lines are recorded by the thread that waits for that. */
@Timeout(60)
class RunLogInItsThreadTest extends RunLogTest {

  @Override
  boolean recordsItself() {
    return true;
  }

  @Test
  @Override
  void aStoreThatHangsHoldsNobodyUpForEver() {
    store.failNext(1);
    Thread caller = Thread.currentThread();
    CountDownLatch mayGoOn = new CountDownLatch(1);
    store.sayAtEachCall(
        () -> {
          if (Thread.currentThread() != caller) {
            awaitEnd(mayGoOn);
          }
        });
    logger.info("not at once");

    // another thread goes on
    assertThat(log.flush(Duration.ZERO)).isFalse();
    mayGoOn.countDown();
    assertThat(log.flush(Duration.ofSeconds(10))).isTrue();
    assertThat(messages()).containsExactly("not at once");
  }

  private static void awaitEnd(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoIsInterruptedRecordsItsLines() throws Exception {
    logger.info("interrupted before");
    FutureTask<Boolean> isStillInterrupted =
        new FutureTask<>(
            () -> {
              Thread.currentThread().interrupt();
              boolean isWhole = log.flush(Duration.ofSeconds(10));
              return isWhole && Thread.currentThread().isInterrupted();
            });
    new Thread(isStillInterrupted).start();

    assertThat(isStillInterrupted.get()).isTrue();
    assertThat(messages()).containsExactly("interrupted before");
  }

  @Test
  void whoIsInterruptedMeanwhileRecordsItsLines() throws Exception {
    store.hold();
    logger.info("interrupted meanwhile");
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<Boolean> isStillInterrupted =
        new FutureTask<>(
            () -> {
              begun.countDown();
              boolean isWhole = log.flush(Duration.ofSeconds(30));
              return isWhole && Thread.currentThread().isInterrupted();
            });
    Thread thread = new Thread(isStillInterrupted);
    thread.start();
    begun.await();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    store.release();

    assertThat(isStillInterrupted.get()).isTrue();
    assertThat(messages()).containsExactly("interrupted meanwhile");
  }

  @Test
  void whatTheStoreItselfLogsIsNotRecorded() {
    store.sayAtEachCall(() -> logger.info("a line of the store's own"));
    logger.info("a line of the flow's");

    assertThat(log.flush(Duration.ofSeconds(10))).isTrue();
    assertThat(messages()).containsExactly("a line of the flow's");
  }
}
