package dev.sheave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import org.junit.jupiter.api.Test;

class RunFenceTest {

  @Test
  void aFenceThatCannotBeReadLetsNothingPass() {
    StateDetails unreadable = StateDetails.NONE.with(RunFence.EPOCH, "1");

    assertThatThrownBy(unreadable::fence)
        .isInstanceOf(SheaveException.class)
        .hasMessage("'lease_epoch' of a state must be a whole number, not '1'.");
    assertThat(StateDetails.NONE.with(RunFence.ofProcess(3)).fence())
        .isEqualTo(RunFence.ofProcess(3));
  }
}
