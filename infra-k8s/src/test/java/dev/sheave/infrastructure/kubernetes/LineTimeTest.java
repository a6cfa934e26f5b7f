package dev.sheave.infrastructure.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTimeTest {
  private static final LineTime LAST = LineTime.NEVER.next("2026-03-01T23:59:59.123456789+01:00");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-03-01T23:59:59.123456790+01:00",
        "2026-03-01T23:59:59.999999999+01:00",
        "2026-03-01T23:59:59.5+01:00",
        "2026-03-01T23:59:59+01:00",
        "2026-03-01T23:59:59.123456790Z",
        "2026-03-01T23:59:59.123456790+02:00",
        "2026-03-02T00:00:00.000000001+01:00",
        "2026-02-28T23:59:59.123456789+01:00"
      })
  void readsWhatJavaReads(String text) {
    LineTime time = LAST.next(text);

    Instant expected = Instant.parse(text);
    assertThat(Instant.ofEpochSecond(time.second(), time.nano())).isEqualTo(expected);
    assertThat(time.text()).isEqualTo(text);
    Instant last = Instant.ofEpochSecond(LAST.second(), LAST.nano());
    assertThat(time.isAfter(LAST)).isEqualTo(expected.isAfter(last));
    assertThat(LAST.isAfter(time)).isEqualTo(last.isAfter(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unable to retrieve container logs",
        "2026-03-01T23:59:59.1234567891+01:00",
        "2026-03-01T23:59:59.+01:00x",
        "2026-03-01T23:59:59.12",
        "2026-03-01T23:59"
      })
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> LAST.next(text)).isInstanceOf(DateTimeException.class);
  }
}
