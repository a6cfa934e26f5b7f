package dev.sheave.api;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Schedules that programs make. */
@SuppressWarnings("NullAway") // nulls where they aren't allowed are what is tested
class ScheduleTest {

  @Test
  void aNullIsASentenceThatNamesTheArgument() {
    assertNotNull("cron", () -> new Schedule.Cron(null, null));
    assertNotNull("rrule", () -> new Schedule.RRule(null, null));
    assertNotNull("interval", () -> new Schedule.Interval(null, null, null));
    assertNotNull("name", () -> Schedule.zoneNamed(null));
    assertNotNull("catchUp", () -> new Schedule.Cron("0 1 * * *", null).withCatchUp(null));
    assertNotNull("catchUp", () -> new Schedule.RRule("FREQ=DAILY", null).withCatchUp(null));
    assertNotNull(
        "catchUp", () -> new Schedule.Interval(Duration.ofHours(1), null, null).withCatchUp(null));
  }

  private static void assertNotNull(String name, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(SheaveException.class)
        .hasMessage("'" + name + "' must not be null.");
  }
}
