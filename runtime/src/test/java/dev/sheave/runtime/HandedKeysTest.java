package dev.sheave.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HandedKeysTest {

  private final List<String> problems = new ArrayList<>();

  private HandedKeys read(String input) {
    return HandedKeys.read(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        Duration.ofSeconds(10),
        problems::add);
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
      assertThat(HandedKeys.read(in, Duration.ofSeconds(1), problems::add))
          .isEqualTo(HandedKeys.NONE);
      assertThat(problems)
          .containsExactly(
              "No keys came on standard input within 1 seconds; going on without. Close it, or set"
                  + " SHEAVE_API_KEY_FILE.");
    }
  }
}
