package dev.sheave.api;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class AgentProfileTest {

  private static AgentProfile named(String id, String name) {
    return new AgentProfile(id, name, "host", "1", "pool", Set.of(), Set.of());
  }

  @Test
  void whatIsEmptyIsNamed() {
    assertThatThrownBy(() -> named("1", " ")).hasMessage("An agent's name must not be empty.");
    assertThatThrownBy(() -> named("", "one")).hasMessage("An agent's id must not be empty.");
  }
}
