package dev.sheave.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrowingPauseTest {
  private final GrowingPause pauses =
      new GrowingPause(Duration.ofMillis(100), Duration.ofMillis(300));

  private List<Long> next(int count) {
    return IntStream.range(0, count).mapToObj(i -> pauses.next().toMillis()).toList();
  }

  @Test
  void eachIsTwiceAsLongAsTheOneBeforeUpToTheLongest() {
    assertThat(next(4)).containsExactly(100L, 200L, 300L, 300L);
  }

  @Test
  void theyBeginAnewAfterASuccess() {
    next(4);
    pauses.reset();
    assertThat(next(2)).containsExactly(100L, 200L);
  }

  @Test
  void anInterruptEndsAPauseAndStays() {
    Thread.currentThread().interrupt();
    assertThat(pauses.sleep()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}
