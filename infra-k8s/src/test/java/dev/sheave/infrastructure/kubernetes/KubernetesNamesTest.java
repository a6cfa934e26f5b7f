package dev.sheave.infrastructure.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesNamesTest {
  private static final UUID RUN = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");

  @ParameterizedTest
  @CsvSource({
    "wise owl,1,wise-owl-01234567-89ab",
    "Wise_Owl!,2,wise-owl-01234567-89ab-2",
    "日本,1,run-01234567-89ab",
    "-,12,run-01234567-89ab-12"
  })
  void aJobIsNamedByTheRun(String name, int attempt, String expected) {
    assertThat(KubernetesNames.job(name, RUN, attempt)).isEqualTo(expected);
  }

  @Test
  void aLongNameIsCutSoThatItsPodsHaveNamesToo() {
    String name = KubernetesNames.job("a-".repeat(60), RUN, 1234);

    assertThat(name).hasSizeLessThanOrEqualTo(52).matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
    assertThat(name).endsWith("a-01234567-89ab-1234");
  }

  @ParameterizedTest
  @CsvSource({
    "plain,plain",
    "2026-11-26T17:00:00Z,2026-11-26T17-00-00Z",
    "'a b',a-b",
    "-x_,x",
    "'///',''"
  })
  void aValueOfALabelIsValid(String value, String expected) {
    assertThat(KubernetesNames.labelValue(value)).isEqualTo(expected);
    assertThat(KubernetesNames.labelValue(value + "y".repeat(100))).hasSizeLessThanOrEqualTo(63);
  }

  @ParameterizedTest
  @CsvSource({
    "team,team",
    "sheave.dev/flow-run-id,sheave.dev/flow-run-id",
    "My.Org/a b,my.org/a-b",
    "a/b/c,a/b-c",
    "a..b/x,a.b/x",
    "a-._b/x,a.b/x",
    "../x,x",
    "'/',''"
  })
  void aKeyOfALabelIsValid(String key, String expected) {
    assertThat(KubernetesNames.labelKey(key)).isEqualTo(expected);
  }
}
