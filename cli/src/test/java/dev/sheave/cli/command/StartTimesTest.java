package dev.sheave.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartTimesTest {
  private static final ZonedDateTime NOW =
      ZonedDateTime.of(2030, 5, 17, 12, 0, 0, 0, ZoneId.of("Europe/Vienna"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          30 seconds | PT30S
          1 second   | PT1S
          5 minutes  | PT5M
          1 hour     | PT1H
          2 days     | PT48H
          2 weeks    | PT336H
          PT90S      | PT90S
          PT1H30M    | PT1H30M
          P1D        | PT24H
          0 seconds  | PT0S
          """)
  void amountsOfTime(String text, Duration amount) {
    Instant now = NOW.toInstant();

    assertThat(StartTimes.in(text, now)).isEqualTo(now.plus(amount));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "5",
        "5 fortnights",
        "-5 minutes",
        "5 minutes ago",
        "1h",
        "in 5 minutes",
        "1 hour and 30 minutes",
        "99999999999 days",
        "-PT5M",
        "PT"
      })
  void whatIsNoAmount(String text) {
    assertThatThrownBy(() -> StartTimes.in(text, NOW.toInstant()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--start-in can't be read from '" + text + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2030-08-01                            | 2030-07-31T22:00:00Z
          2030-08-01T17:30                      | 2030-08-01T15:30:00Z
          2030-08-01T17:30:05                   | 2030-08-01T15:30:05Z
          2030-08-01T17:30:00Z                  | 2030-08-01T17:30:00Z
          2030-08-01T17:30:00.5+02:00           | 2030-08-01T15:30:00.500Z
          2030-08-01T17:30+09:00[Asia/Tokyo]    | 2030-08-01T08:30:00Z
          2030-05-17T12:00                      | 2030-05-17T10:00:00Z
          """)
  void pointsInTime(String text, Instant point) {
    assertThat(StartTimes.at(text, NOW)).isEqualTo(point);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "later",
        "5",
        "17:30",
        "5pm",
        "tomorrow",
        "2030-08-01 17:30",
        "2030-08-01T25:00",
        "2030-13-01",
        "2030-02-30",
        "2030-08-01T17:30 Nowhere/Else"
      })
  void whatIsNoPointInTime(String text) {
    assertThatThrownBy(() -> StartTimes.at(text, NOW))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--start-at can't be read from '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2029-01-01T10:00", "2030-05-17"})
  void whatIsPast(String text) {
    assertThatThrownBy(() -> StartTimes.at(text, NOW))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--start-at is in the past: '" + text + "'");
  }
}
