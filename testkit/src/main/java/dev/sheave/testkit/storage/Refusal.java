package dev.sheave.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What an error that a user sees has to be. */
final class Refusal {
  /** All clients give up in that time, tries again and waits between them included. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Refusal() {}

  /**
   * It is one sentence, has a code and says where, and shows no secret.
   *
   * @param secret what no stack trace may have
   */
  static void of(ThrowingCallable call, Code code, String location, String secret) {
    long start = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SheaveException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage()).contains(location).matches("[^\n\r]*[^.][.?]");
              StringWriter trace = new StringWriter();
              e.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString()).doesNotContain(secret);
            });
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
  }
}
