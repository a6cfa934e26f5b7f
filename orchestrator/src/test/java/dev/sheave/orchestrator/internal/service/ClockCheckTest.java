package dev.sheave.orchestrator.internal.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-28T17:34:00.123Z");

  @Test
  void aClockThatIsBehindIsSaid() {
    assertThat(ClockCheck.hint(NOW.plusSeconds(3600), NOW))
        .contains(
            "The clock of the database is behind: it shows 2026-11-28T17:34:00Z, and an agent was"
                + " heard at 2026-11-28T18:34:00Z already. Runs wait until it shows their time;"
                + " set the clock of this machine, or of the database's server.");
  }

  @Test
  void aClockThatDiffersByLittleIsNot() {
    assertThat(ClockCheck.hint(NOW.plusSeconds(60), NOW)).isEmpty();
    assertThat(ClockCheck.hint(NOW.minusSeconds(3600), NOW)).isEmpty();
    assertThat(ClockCheck.hint(null, NOW)).isEmpty();
  }
}
