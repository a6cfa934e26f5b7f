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
          30 seconds            | PT30S
          30s                   | PT30S
          in 5 minutes          | PT5M
          In 1 hour             | PT1H
          an hour               | PT1H
          1h30m                 | PT1H30M
          1 hour and 30 minutes | PT1H30M
          1 day, 2 hours        | PT26H
          2 weeks               | PT336H
          PT90S                 | PT90S
          P1D                   | PT24H
          0 seconds             | PT0S
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
        "1h 30",
        "PT",
        "at 5"
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
          now                            | 2030-05-17T10:00:00Z
          17:30                          | 2030-05-17T15:30:00Z
          at 5:30pm                      | 2030-05-17T15:30:00Z
          5 PM                           | 2030-05-17T15:00:00Z
          9am                            | 2030-05-18T07:00:00Z
          12:30am                        | 2030-05-17T22:30:00Z
          tomorrow                       | 2030-05-17T22:00:00Z
          tomorrow at 8:15               | 2030-05-18T06:15:00Z
          today 23:59:58                 | 2030-05-17T21:59:58Z
          2030-08-01 17:30               | 2030-08-01T15:30:00Z
          2030-08-01T17:30:05            | 2030-08-01T15:30:05Z
          2030-08-01                     | 2030-07-31T22:00:00Z
          2030-08-01T17:30:00Z           | 2030-08-01T17:30:00Z
          2030-08-01T17:30:00.5+02:00    | 2030-08-01T15:30:00.500Z
          2030-08-01 17:30 +0530         | 2030-08-01T12:00:00Z
          2030-08-01 17:30 UTC           | 2030-08-01T17:30:00Z
          2030-08-01 17:30 Asia/Tokyo    | 2030-08-01T08:30:00Z
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
        "25:00",
        "13pm",
        "0am",
        "17:3",
        "2030-13-01",
        "2030-02-30",
        "in 5 minutes",
        "2030-08-01 17:30 Nowhere/Else",
        "2030-08-01 17:30 xyz"
      })
  void whatIsNoPointInTime(String text) {
    assertThatThrownBy(() -> StartTimes.at(text, NOW))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--start-at can't be read from '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2029-01-01 10:00", "today 8:00"})
  void whatIsPast(String text) {
    assertThatThrownBy(() -> StartTimes.at(text, NOW))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--start-at is in the past: '" + text + "'");
  }
}
