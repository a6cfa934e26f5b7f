package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {

  @Test
  void aNameDoesNothingToTheTerminal() {
    assertThat(OneLine.of("été\r\n12:00 | \u001b[31mgone \u202egnp\u2069 \u2028"))
        .isEqualTo("été \\n12:00 |  [31mgone  gnp   ");
  }
}
