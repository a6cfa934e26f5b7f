package dev.sheave.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HandedKeysTest {

  private static HandedKeys read(String input) {
    return HandedKeys.read(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), Duration.ofSeconds(10));
  }

  @Test
  void eachIsALine() {
    HandedKeys keys = read("the key\nthe other\nmore");

    assertThat(keys.apiKey().orElseThrow().reveal()).isEqualTo("the key");
    assertThat(keys.encryptionKey().orElseThrow().reveal()).isEqualTo("the other");
  }

  @Test
  void eitherMayBeMissing() {
    assertThat(read("")).isEqualTo(HandedKeys.NONE);
    assertThat(read("\n\n")).isEqualTo(HandedKeys.NONE);
    assertThat(read("\nx\n").apiKey()).isEmpty();
    assertThat(read("\nx\n").encryptionKey()).isPresent();
    assertThat(read("x").encryptionKey()).isEmpty();
  }

  @Test
  void anInputThatIsLeftOpenKeepsNobodyWaiting() throws IOException {
    try (PipedOutputStream open = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(open)) {
      assertThat(HandedKeys.read(in, Duration.ofMillis(200))).isEqualTo(HandedKeys.NONE);
    }
  }
}
