package dev.sheave.block;

import dev.sheave.internal.Arguments;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that is never shown: the only type that holds a credential.
 *
 * <p>{@link #toString()} is {@value #MASK} whatever the text is, and so is what Sheave writes of it
 * anywhere but in the encrypted store. It can't be serialized. Immutable.
 */
public final class Secret {
  /** What is shown in a secret's place. */
  public static final String MASK = "********";

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * Wraps a text.
   *
   * @throws dev.sheave.SheaveException {@code INVALID} if it is null, as that of an environment
   *     variable that isn't set
   */
  public static Secret of(String value) {
    return new Secret(Arguments.require(value, "The text of a secret"));
  }

  /** Returns the text; the one way to it, so that its uses can be found. */
  public String reveal() {
    return value;
  }

  /** Returns whether a text is what stands in a secret's place: asterisks only, eight or more. */
  public static boolean isMask(String text) {
    return text.length() >= MASK.length() && text.chars().allMatch(c -> c == '*');
  }

  /** Compares the texts, in a time that doesn't depend on where they differ. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Returns {@value #MASK}. */
  @Override
  public String toString() {
    return MASK;
  }
}
