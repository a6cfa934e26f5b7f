package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "a\\ud800b"          | 1
          "\\udc00"            | 1
          "\\udc00\\ud800"     | 1
          {"a": ["\\ud800"]}   | 8
          """)
  void halfOfACharacterIsRefused(String json, int column) {
    assertThatThrownBy(() -> Json.parse(json, "The body"))
        .hasMessage(
            "The body has half of a character, an unpaired surrogate: line 1, column "
                + column
                + ".")
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }

  @Test
  void halfOfACharacterInAKeyIsRefused() {
    assertThatThrownBy(() -> Json.parse("{\"\\ud800\": 1}", "The body"))
        .hasMessageStartingWith("The body ")
        .hasMessageEndingWith(": line 1, column 9.");
  }

  @Test
  void aCharacterOfTwoHalvesIsRead() {
    assertThat(Json.parse("{\"\\ud83d\\ude00\": \"x\\uD83D\\uDE00\"}", "It"))
        .isEqualTo(Map.of("😀", "x😀"));
  }
}
