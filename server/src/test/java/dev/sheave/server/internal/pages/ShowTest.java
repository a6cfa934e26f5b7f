package dev.sheave.server.internal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.server.internal.pages.Show.Part;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ShowTest {

  @Test
  void timesInSentencesAreFound() {
    assertThat(Show.parts("It was due at 2026-11-30T01:30:00Z, and is late."))
        .containsExactly(
            new Part("It was due at ", null),
            new Part("2026-11-30T01:30:00Z", Instant.parse("2026-11-30T01:30:00Z")),
            new Part(", and is late.", null));
  }

  @Test
  void whatIsNoTimeStaysAsItIs() {
    assertThat(Show.parts("on 2026-02-31T01:30:00Z")).extracting(Part::at).containsOnlyNulls();
    assertThat(Show.parts("")).containsExactly(new Part("", null));
  }
}
