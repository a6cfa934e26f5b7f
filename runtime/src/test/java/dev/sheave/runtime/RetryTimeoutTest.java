package dev.sheave.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTimeoutTest {
  @Test
  void isFiveMinutesUnlessSet() {
    assertThat(RetryTimeout.of(Map.of())).isEqualTo(Duration.ofMinutes(5));
    assertThat(RetryTimeout.of(Map.of(RetryTimeout.VARIABLE, " ")))
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(RetryTimeout.of(Map.of(RetryTimeout.VARIABLE, "PT1H")))
        .isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "five minutes", "PT-5M", "PT"})
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> RetryTimeout.of(Map.of(RetryTimeout.VARIABLE, text)))
        .isInstanceOf(SheaveException.class)
        .hasMessage("SHEAVE_RETRY_TIMEOUT must be a duration such as PT30M, not '" + text + "'.");
  }
}
