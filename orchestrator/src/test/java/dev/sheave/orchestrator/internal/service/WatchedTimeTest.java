package dev.sheave.orchestrator.internal.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WatchedTimeTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final WatchedTime watched = new WatchedTime();

  /** Notes a step after seconds of this machine, when the store's clock shows others. */
  private Duration at(long seconds, long shown) {
    return watched.add(Duration.ofSeconds(seconds).toNanos(), NOON.plusSeconds(shown));
  }

  @Test
  void itGoesOnFromStepToStep() {
    assertThat(at(0, 0)).isEqualTo(Duration.ZERO);
    assertThat(at(50, 50)).isEqualTo(Duration.ofSeconds(50));
    assertThat(at(100, 99)).isEqualTo(Duration.ofSeconds(100));
  }

  @Test
  void itBeginsAgainWhenTheStoreWasAway() {
    at(0, 0);

    assertThat(at(61, 61)).isEqualTo(Duration.ZERO);
    assertThat(at(66, 66)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void itBeginsAgainWhenTheClockIsSetForward() {
    at(0, 0);
    at(5, 5);

    assertThat(at(10, 3610)).isEqualTo(Duration.ZERO);
    assertThat(at(15, 3615)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aClockThatIsSetBackMakesNothingLookSilent() {
    at(0, 0);

    assertThat(at(5, -3600)).isEqualTo(Duration.ofSeconds(5));
  }
}
