package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.Network;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineErrorsTest {
  private static final DockerHost HOST =
      DockerHost.find("unix:///var/run/docker.sock", Map.of("DOCKER_CONFIG", "/nowhere"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"Name\": \"bridge\"}] | INTERNAL",
        "<html> | INTERNAL",
        "{\"Name\": \"bri | UNAVAILABLE",
        "{\"Labels\": {\"a\": | UNAVAILABLE",
      })
  void anAnswerThatCannotBeReadIsNoSilenceButHalfOfOneIs(String answer, Code code) {
    JsonProcessingException unread =
        catchThrowableOfType(
            JsonProcessingException.class,
            () -> new ObjectMapper().readValue(answer, Network.class));

    SheaveException error =
        EngineErrors.of(HOST, "show the network 'x'", new RuntimeException(unread));

    assertThat(error.code()).isEqualTo(code);
    assertThat(error).hasMessageContaining("unix:///var/run/docker.sock");
    if (code == Code.INTERNAL) {
      assertThat(error)
          .hasMessageContaining("asked to show the network 'x', and its answer can't be read");
    }
  }
}
