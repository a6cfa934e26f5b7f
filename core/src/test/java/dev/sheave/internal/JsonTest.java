package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.List;
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

  @ParameterizedTest
  @CsvSource({"[, 600, ]", "{\"a\":, 600, }", "1, 1200, 1"})
  void whatIsTooDeepOrTooLongIsToldInOneSentence(String start, int times, String end) {
    String json = start.repeat(times) + end.repeat(times);

    assertThatThrownBy(() -> Json.parse(json, "The body"))
        .hasMessageStartingWith("The body is too much: values are nested up to 500 levels,")
        .hasMessageMatching("[^\n]*: line 1, column \\d+\\.");
  }

  @Test
  void aValueThatIsTooDeepIsToldInOneSentence() {
    List<Object> value = List.of();
    for (int i = 0; i < 600; i++) {
      value = List.of(value);
    }
    List<Object> deep = value;

    assertThatThrownBy(() -> Json.write(deep))
        .isInstanceOf(SheaveException.class)
        .hasMessageStartingWith("A value is too much for JSON: values are nested up to 500 levels");
  }

  @Test
  void aCharacterOfTwoHalvesIsRead() {
    assertThat(Json.parse("{\"\\ud83d\\ude00\": \"x\\uD83D\\uDE00\"}", "It"))
        .isEqualTo(Map.of("😀", "x😀"));
  }
}
