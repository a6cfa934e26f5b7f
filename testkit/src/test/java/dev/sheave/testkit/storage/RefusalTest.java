package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
  private static Refusal refusal(String message, @Nullable Throwable cause) {
    return Refusal.of(
        () -> {
          throw new SheaveException(Code.UNAVAILABLE, message, cause);
        },
        Code.UNAVAILABLE,
        "'s3://b/a'",
        "a-second-secret");
  }

  @Test
  void aSentenceThatSaysWhereWithTheErrorThatLedToItPasses() {
    IOException cause = new IOException("reset");

    assertThat(refusal("'s3://b/a' can't be had: try later.", cause).says("try").hasCause())
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s3://b/a' can't be had",
        "'s3://b/a' can't be had..",
        "'s3://b/a'\ncan't be had.",
        "It can't be had.",
        "'s3://b/a' refuses canary8f3a."
      })
  void aMessageOfAnotherKindDoesNot(String message) {
    assertThatThrownBy(() -> refusal(message, null)).isInstanceOf(AssertionError.class);
  }

  @Test
  void anotherCodeDoesNotNorNoErrorAtAll() {
    assertThatThrownBy(
            () ->
                Refusal.of(
                    () -> {
                      throw new SheaveException(Code.INVALID, "'a' isn't there.");
                    },
                    Code.NOT_FOUND,
                    "'a'"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> Refusal.of(() -> {}, Code.NOT_FOUND, "'a'"))
        .isInstanceOf(AssertionError.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a-second-secret", "x:canary8f3a", "xy:canary8f3a", "xyz:canary8f3a:z"})
  void aCauseThatShowsASecretDoesNot(String text) {
    String header = Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    for (String shown : new String[] {"password " + text, "Authorization: Basic " + header}) {
      Throwable cause = new IOException("refused", new IOException(shown));
      assertThatThrownBy(() -> refusal("'s3://b/a' can't be had.", cause))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void aCauseThatIsMissingIsFound() {
    Throwable own = new SheaveException(Code.INTERNAL, "It can't.");

    assertThatThrownBy(() -> refusal("'s3://b/a' can't be had.", null).hasCause())
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> refusal("'s3://b/a' can't be had.", own).hasCause())
        .isInstanceOf(AssertionError.class);
  }
}
