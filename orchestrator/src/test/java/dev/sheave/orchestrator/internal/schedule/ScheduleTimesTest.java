package dev.sheave.orchestrator.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.api.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTimesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the clock goes forward in Berlin at 2:00, and in Cairo at midnight
        "30 2 * * *|Europe/Berlin|2024-03-30T12:00Z|2024-03-31T01:00Z 2024-04-01T00:30Z",
        "0 0 * * *|Africa/Cairo|2024-04-25T12:00Z|2024-04-25T22:00Z 2024-04-26T21:00Z",
        "0 * * * *|Europe/Berlin|2024-03-31T00:00Z|2024-03-31T01:00Z 2024-03-31T02:00Z",
        "7 * * * *|Europe/Berlin|2024-03-31T00:00Z|2024-03-31T00:07Z 2024-03-31T01:07Z",
        "0 */2 * * *|Europe/Berlin|2024-03-30T23:00Z|2024-03-31T01:00Z 2024-03-31T02:00Z",
        "*/30 2 * * *|Europe/Berlin|2024-03-30T12:00Z|2024-03-31T01:00Z 2024-04-01T00:00Z",
        // and back at 3:00
        "30 2 * * *|Europe/Berlin|2024-10-26T12:00Z|2024-10-27T00:30Z 2024-10-28T01:30Z",
        "30 2 * * *|Europe/Berlin|2024-10-27T00:45Z|2024-10-28T01:30Z 2024-10-29T01:30Z",
        "0 * * * *|Europe/Berlin|2024-10-26T23:30Z|2024-10-27T00:00Z 2024-10-27T01:00Z",
        "*/30 2 * * *|Europe/Berlin|2024-10-27T00:15Z|2024-10-27T00:30Z 2024-10-27T01:00Z",
        // a sixth field is seconds
        "0 0 1 1 * 30||2024-06-01T00:00Z|2025-01-01T00:00:30Z 2026-01-01T00:00:30Z",
        "@Daily||2024-06-01T00:00Z|2024-06-02T00:00Z 2024-06-03T00:00Z",
        // a wildcard in a list is one, so that the other field of days decides
        "0 0 *,1-5 * fri||2024-06-01T00:00Z|2024-06-07T00:00Z 2024-06-14T00:00Z",
        "0 0 1 * mon,*||2024-06-01T00:00Z|2024-07-01T00:00Z 2024-08-01T00:00Z",
        // beside the nth weekday neither the day of the month nor the same weekday counts
        "0 0 13 * 5#2||2024-06-01T00:00Z|2024-06-14T00:00Z 2024-07-12T00:00Z",
        "0 0 27 * L5||2024-06-01T00:00Z|2024-06-28T00:00Z 2024-07-26T00:00Z",
        "0 0 * * fri,5#2||2024-06-01T00:00Z|2024-06-14T00:00Z 2024-07-12T00:00Z",
        // L beside all other days is each day
        "0 0 2-31,L * *||2024-06-30T12:00Z|2024-07-01T00:00Z 2024-07-02T00:00Z",
        // L beside them is one more, so that one of the days is enough
        "0 0 L,1-31 * tue,*/12||2025-11-30T12:00Z|2025-12-01T00:00Z 2025-12-02T00:00Z",
        "0 0 13 * *,5#2||2024-06-01T00:00Z|2024-09-13T00:00Z 2024-12-13T00:00Z",
      })
  void cronTimesBecomeInstants(String cron, @Nullable String zone, String after, String expected) {
    assertThat(after(new Schedule.Cron(cron, zone), after)).isEqualTo(expected);
  }

  @Test
  void anIntervalOfDaysKeepsTheTimeOfTheDay() {
    Schedule daily =
        new Schedule.Interval(Duration.ofDays(1), at("2024-03-01T07:00:00Z"), "Europe/Berlin");

    assertThat(after(daily, "2024-03-30T07:00Z")).isEqualTo("2024-03-31T06:00Z 2024-04-01T06:00Z");
  }

  @Test
  void aShorterIntervalKeepsTheElapsedTime() {
    Schedule often =
        new Schedule.Interval(Duration.ofHours(12), at("2024-03-01T07:00:00Z"), "Europe/Berlin");

    assertThat(after(often, "2024-03-30T19:00Z")).isEqualTo("2024-03-31T07:00Z 2024-03-31T19:00Z");
  }

  @Test
  void anIntervalWithoutAnchorCountsFromTwentyTwenty() {
    Schedule often = new Schedule.Interval(Duration.ofMinutes(7), null, "Asia/Tokyo");

    assertThat(after(often, "2020-01-01T00:00Z")).isEqualTo("2020-01-01T00:07Z 2020-01-01T00:14Z");
    assertThat(after(often, "2019-12-31T23:50Z")).isEqualTo("2019-12-31T23:53Z 2020-01-01T00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FREQ=DAILY;BYHOUR=2;BYMINUTE=30|Europe/Berlin|2024-03-30T12:00Z|2024-03-31T01:00Z 2024-04-01T00:30Z",
        "FREQ=DAILY;BYHOUR=2;BYMINUTE=30|Europe/Berlin|2024-10-26T12:00Z|2024-10-27T00:30Z 2024-10-28T01:30Z",
        "FREQ=DAILY|America/New_York|2024-06-01T00:00Z|2024-06-01T04:00Z 2024-06-02T04:00Z",
        "FREQ=MINUTELY;INTERVAL=50|Europe/Berlin|2024-10-27T00:00Z|2024-10-27T00:50Z 2024-10-27T01:40Z",
        "FREQ=SECONDLY;COUNT=2000000000||2080-01-01T00:00Z|2080-01-01T00:00:01Z 2080-01-01T00:00:02Z",
        "FREQ=HOURLY;INTERVAL=2;COUNT=3||2020-01-01T00:30Z|2020-01-01T02:00Z 2020-01-01T04:00Z",
        "FREQ=HOURLY;INTERVAL=2;COUNT=2||2020-01-01T00:30Z|2020-01-01T02:00Z",
        "FREQ=DAILY;BYHOUR=8|EST|2024-06-01T00:00Z|2024-06-01T13:00Z 2024-06-02T13:00Z",
        "FREQ=YEARLY||9998-06-01T00:00Z|9999-01-01T00:00Z",
        "DTSTART;TZID=Asia/Tokyo:20240101T090000 RRULE:FREQ=DAILY||2024-06-01T00:00Z|2024-06-02T00:00Z 2024-06-03T00:00Z",
        "DTSTART:20240101T090000Z RRULE:FREQ=DAILY;COUNT=2 RDATE:20240105T100000 EXDATE:20240102T090000Z||2023-06-01T00:00Z|2024-01-01T09:00Z 2024-01-05T10:00Z",
        "RRULE:FREQ=DAILY EXRULE:FREQ=DAILY;INTERVAL=2||2020-01-01T00:00Z|2020-01-02T00:00Z 2020-01-04T00:00Z",
        // one rule never comes, or too rarely; the other one does
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 RRULE:FREQ=DAILY||2024-01-01T00:00Z|2024-01-02T00:00Z 2024-01-03T00:00Z",
        "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-6 RDATE:20240105T100000||2024-01-01T00:00Z|2024-01-05T10:00Z",
        // as in dateutil, where weeks belong to a year in part, and each part of BYDAY is a
        // condition
        "FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1;BYDAY=MO||2024-01-01T00:00Z|2024-12-30T00:00Z 2028-01-03T00:00Z",
        "FREQ=MONTHLY;BYDAY=SU,-2SU||2023-06-01T00:00Z|2023-06-18T00:00Z 2023-07-23T00:00Z",
        "DTSTART:20230623T230000 RRULE:FREQ=YEARLY;BYMONTHDAY=26;BYSETPOS=5||2023-09-01T00:00Z|2024-05-26T23:00Z 2025-05-26T23:00Z",
        "DTSTART:20240110 RRULE:FREQ=WEEKLY;BYDAY=MO,TH,FR;BYSETPOS=2||2024-01-09T00:00Z|2024-01-12T00:00Z 2024-01-18T00:00Z",
        "FREQ=DAILY;COUNT=3;UNTIL=20200102T000000||2020-01-01T00:00Z|2020-01-02T00:00Z",
        "RRULE:FREQ=DAILY RRULE:FREQ=DAILY;BYHOUR=1||2024-01-01T00:00Z|2024-01-01T01:00Z 2024-01-02T00:00Z",
      })
  void rulesBecomeInstants(String rule, @Nullable String zone, String after, String expected) {
    assertThat(after(new Schedule.RRule(rule, zone), after)).isEqualTo(expected);
  }

  @Test
  void aRuleOfEachMinuteAnswersAtOnce() {
    Schedule rule = new Schedule.RRule("FREQ=MINUTELY", "Europe/Berlin");
    Duration quickest = Duration.ofDays(1);
    for (int i = 0; i < 50; i++) { // the machine may be busy
      long start = System.nanoTime();
      ScheduleTimes.of(rule).after(at("2026-11-26T10:00:00Z"), 100);
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      quickest = time.compareTo(quickest) < 0 ? time : quickest;
    }

    assertThat(quickest).isLessThan(Duration.ofMillis(50));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "61 * * * *|column 1|between 0 and 59",
        "0 24 * * *|column 3|between 0 and 23",
        "0 0 1,32 * *|column 7|between 1 and 31",
        "0 0 * foo *|column 7|between 1 and 12",
        "0 0 31 2 *|column 5|never comes",
        "R * * * *|column 1|by chance",
        "0 H * * *|column 3|by chance",
        "0 0 * *|column 8|fewer than 5",
        "0 0 * * * * *|column 13|more than 6",
        "*/0 * * * *|column 1|1 or more",
        "0 0 * * 1,5#2|column 9|days of a month such as 5#2",
        "0 0 * * 6-1#2|column 9|between 0 and 7",
        "0 0 1 * 5#2|column 5|never comes",
        "1--2 * * * *|column 1|write values",
        "@sometimes|column 1|@hourly",
      })
  void aWrongExpressionIsToldWithItsPlace(String cron, String column, String hint) {
    assertThatThrownBy(() -> ScheduleTimes.of(new Schedule.Cron(cron, null)))
        .isInstanceOf(SheaveException.class)
        .hasMessageContainingAll(cron, column, hint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FREQ=YEARLY;BYEASTER=1|column 13|RDATE",
        "FREQ=DAILY;BYHOUR=24|column 12|BYHOUR=24",
        "FREQ=OFTEN|column 1|FREQ=OFTEN",
        "RRULE:FREQ=DAILY;INTERVAL=0|column 18|INTERVAL=0",
        "FREQ=DAILY;UNTIL=tomorrow|column 18|20200131T080000",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30|column 1|never",
        "FREQ=DAILY;COUNT=1 EXDATE:20200101T000000|column 1|never comes",
        "DTSTART;TZID=Mars/Base:20240101T090000|column 8|Europe/Berlin",
        "DTEND:20240101T090000|column 1|DTSTART",
        "BYHOUR=3|column 1|FREQ",
        "DTSTART:20260230T080000|column 9|20200131T080000",
        "FREQ=DAILY;UNTIL=20260230|column 18|20200131T080000",
        "FREQ=DAILY;FREQ=HOURLY|column 12|twice",
        "FREQ=WEEKLY;BYDAY=2MO|column 13|FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=XX|column 14|2TU",
        "FREQ=YEARLY;BYMONTHDAY=0|column 13|without 0",
        "FREQ=SECONDLY;INTERVAL=2;BYSECOND=1|column 26|never comes",
        "FREQ=MONTHLY;BYDAY=SU,-2FR|column 1|a rule each",
        // what would be walked to for hours
        "RRULE:FREQ=DAILY EXRULE:FREQ=DAILY|column 1|excludes more than 100000 times",
        "FREQ=DAILY;INTERVAL=2147483647|column 12|from 1 to 100000000",
        "FREQ=MINUTELY;BYMINUTE=1,2;COUNT=100001|column 28|UNTIL",
      })
  void aWrongRuleIsToldWithItsPlace(String rule, String column, String hint) {
    assertThatThrownBy(() -> ScheduleTimes.of(new Schedule.RRule(rule, null)))
        .isInstanceOf(SheaveException.class)
        .hasMessageContainingAll(column, hint);
  }

  /** What is taken goes on, however long nothing comes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FREQ=HOURLY;BYMONTH=1|2024-01-31T22:00Z|2024-01-31T23:00Z 2025-01-01T00:00Z",
        "FREQ=HOURLY;INTERVAL=5;BYMONTH=1|2024-02-01T00:00Z|2025-01-01T02:00Z 2025-01-01T07:00Z",
        "FREQ=HOURLY;BYMONTH=1;BYHOUR=8;COUNT=3000|2024-02-01T00:00Z|2025-01-01T08:00Z 2025-01-02T08:00Z",
        "FREQ=HOURLY;BYMONTH=1;BYMINUTE=0,30;BYSETPOS=1|2024-02-01T00:00Z|2025-01-01T00:00Z 2025-01-01T01:00Z",
        "FREQ=MINUTELY;BYMONTH=1;INTERVAL=7|2024-01-31T23:50Z|2024-01-31T23:55Z 2025-01-01T00:00Z",
        "FREQ=MINUTELY;BYMONTH=1;INTERVAL=7|2024-02-01T00:00Z|2025-01-01T00:00Z 2025-01-01T00:07Z",
        "FREQ=SECONDLY;BYMONTH=1;BYHOUR=23|2024-02-01T00:00Z|2025-01-01T23:00Z 2025-01-01T23:00:01Z",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SA|2024-02-01T00:00Z|2048-02-29T00:00Z 2076-02-29T00:00Z",
        "FREQ=YEARLY;BYYEARDAY=-315;BYDAY=MO,WE;COUNT=1633|2040-01-01T00:00Z|2041-02-20T00:00Z 2045-02-20T00:00Z",
        // a day of each week, as in dateutil
        "FREQ=YEARLY;BYWEEKNO=1|2024-01-05T12:00Z|2024-01-06T00:00Z 2024-01-07T00:00Z",
      })
  void aRuleThatPausesComesAgain(String rule, String after, String expected) {
    assertThat(after(new Schedule.RRule(rule, null), after)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-6",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
      })
  void aRuleThatNeverComesIsRefused(String rule) {
    assertThatThrownBy(() -> ScheduleTimes.of(new Schedule.RRule(rule, null)))
        .isInstanceOf(SheaveException.class)
        .hasMessageContainingAll("never", "column 1")
        .hasMessageNotContaining("-2FR");
  }

  @Test
  void whoMixesDaysOfWeeksAndMonthsIsToldWhatToWrite() {
    assertThatThrownBy(
            () -> ScheduleTimes.of(new Schedule.RRule("FREQ=MONTHLY;BYDAY=SU,-2FR", null)))
        .hasMessageContaining("give days such as SU and -2FR a rule each (column 1)");
  }

  @Test
  void aRuleIsBounded() {
    String rule = "RRULE:FREQ=DAILY\nEXDATE:" + "20200101T000000,".repeat(500) + "20200101T000000";

    assertThatThrownBy(() -> ScheduleTimes.of(new Schedule.RRule(rule, null)))
        .hasMessageContaining("longer than 6500 characters (column 6501)");
  }

  @Test
  void anExpressionIsBounded() {
    assertThatThrownBy(
            () -> ScheduleTimes.of(new Schedule.Cron("0,".repeat(3250) + "0 * * * *", null)))
        .hasMessage("The cron expression is longer than 6500 characters.");
  }

  @Test
  void anIntervalIsASecondOrMore() {
    assertThatThrownBy(
            () -> ScheduleTimes.of(new Schedule.Interval(Duration.ofMillis(1), null, null)))
        .hasMessageContaining("at least 1 second");
  }

  @Test
  void anIntervalAndItsAnchorAreOfTheCalendar() {
    Duration tooLong = Duration.ofSeconds(100_000_000_000L, 1);
    Duration day = Duration.ofDays(1);

    assertThatThrownBy(() -> ScheduleTimes.of(new Schedule.Interval(tooLong, null, null)))
        .hasMessage("The 'interval' of a schedule must be at most 100000000000 seconds.");
    for (Instant anchor : List.of(Instant.MIN, Instant.MAX)) {
      assertThatThrownBy(() -> ScheduleTimes.of(new Schedule.Interval(day, anchor, null)))
          .hasMessageStartingWith("The anchor date of a schedule must be of the years 1 to 9999");
    }
  }

  /** Each day has its run, and no two have one, whatever the clock does in ten years. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Berlin",
        "Europe/London",
        "Europe/Lisbon",
        "Africa/Cairo",
        "Africa/Casablanca",
        "America/New_York",
        "America/Los_Angeles",
        "America/St_Johns",
        "America/Sao_Paulo",
        "America/Santiago",
        "America/Havana",
        "America/Asuncion",
        "Asia/Tehran",
        "Asia/Beirut",
        "Asia/Jerusalem",
        "Asia/Amman",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Australia/Sydney",
        "Pacific/Auckland"
      })
  void eachDayHasItsRun(String name) {
    ZoneId zone = ZoneId.of(name);
    for (String cron : List.of("0 0 * * *", "30 0 * * *", "30 1 * * *", "30 2 * * *")) {
      List<Instant> times =
          ScheduleTimes.of(new Schedule.Cron(cron, name)).after(at("2016-01-01T12:00:00Z"), 3653);

      assertThat(times).isSorted().doesNotHaveDuplicates();
      assertThat(
              new HashSet<>(times.stream().map(each -> each.atZone(zone).toLocalDate()).toList()))
          .hasSize(times.size());
      ZonedDateTime first = times.get(0).atZone(zone);
      ZonedDateTime last = times.get(times.size() - 1).atZone(zone);
      assertThat(first.toLocalDate().plusDays(3652)).isEqualTo(last.toLocalDate());
    }
    List<Instant> hours =
        ScheduleTimes.of(new Schedule.Cron("*/30 * * * *", name))
            .after(at("2016-01-01T12:00:00Z"), 175_320);
    for (int i = 1; i < hours.size(); i++) {
      assertThat(Duration.between(hours.get(i - 1), hours.get(i)))
          .isEqualTo(Duration.ofMinutes(30));
    }
  }

  private static String after(Schedule schedule, String moment) {
    List<Instant> times =
        ScheduleTimes.of(schedule).after(ZonedDateTime.parse(moment).toInstant(), 2);
    return String.join(
        " ", times.stream().map(each -> each.atZone(ZoneOffset.UTC).toString()).toList());
  }

  private static Instant at(String text) {
    return Instant.parse(text);
  }
}
