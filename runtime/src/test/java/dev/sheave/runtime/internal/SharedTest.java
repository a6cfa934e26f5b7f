package dev.sheave.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedTest {
  private static final Duration AN_HOUR = Duration.ofHours(1);

  private final AtomicInteger opened = new AtomicInteger();
  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private final Shared<String, String> shared = new Shared<>(closed::add);

  private Shared.Use<String> use(Duration idle) {
    return shared.use("a", idle, () -> "value " + opened.incrementAndGet());
  }

  @Test
  void allThatUseItAtOnceHaveTheSame() throws Exception {
    int threads = 8;
    CountDownLatch all = new CountDownLatch(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<String>> values =
          executor.invokeAll(
              Collections.nCopies(
                  threads,
                  () -> {
                    try (Shared.Use<String> use = use(Duration.ZERO)) {
                      all.countDown();
                      all.await();
                      return use.value();
                    }
                  }));
      for (Future<String> value : values) {
        assertThat(value.get()).isEqualTo("value 1");
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(closed).containsExactly("value 1");
  }

  @Test
  void itStaysOpenForAWhile() {
    use(AN_HOUR).close();
    Shared.Use<String> next = use(AN_HOUR);

    assertThat(next.value()).isEqualTo("value 1");
    next.close();
    assertThat(closed).isEmpty();
  }

  @Test
  void itIsClosedWhenNobodyHasUsedItForAWhile() throws Exception {
    Duration idle = Duration.ofMillis(50);
    Shared.Use<String> first = use(idle);
    use(idle).close();
    Shared.Use<String> second = use(idle);
    first.close();
    assertThat(closed).isEmpty();

    second.close();

    assertThat(closed.poll(30, TimeUnit.SECONDS)).isEqualTo("value 1");
    assertThat(use(idle).value()).isEqualTo("value 2");
  }

  @Test
  void aUseEndsOnce() {
    Shared.Use<String> first = use(Duration.ZERO);
    Shared.Use<String> second = use(Duration.ZERO);
    first.close();
    first.close();

    assertThat(closed).isEmpty();
    second.close();
    assertThat(closed).containsExactly("value 1");
  }

  @Test
  void whatCantBeOpenedIsTriedAgainByTheNext() {
    assertThatThrownBy(
            () ->
                shared.use(
                    "a",
                    AN_HOUR,
                    () -> {
                      throw new IllegalStateException("not now");
                    }))
        .hasMessage("not now");

    assertThat(use(AN_HOUR).value()).isEqualTo("value 1");
  }
}
