package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
  @ParameterizedTest
  @CsvSource({"17, 17", "2k, 2048", "512m, 536870912", "1.5G, 1610612736", "1gb, 1073741824"})
  void aSizeHasAUnit(String text, long bytes) {
    assertThat(Sizes.bytes(text, "mem_limit")).isEqualTo(bytes);
  }

  @Test
  void anythingElseIsRefused() {
    assertThatThrownBy(() -> Sizes.bytes("1 x", "mem_limit")).hasMessageContaining("'mem_limit'");
    assertThatThrownBy(() -> Sizes.bytes("-1", "shm_size")).hasMessageContaining("'shm_size'");
  }
}
