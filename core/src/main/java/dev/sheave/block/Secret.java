package dev.sheave.block;

import dev.sheave.internal.Arguments;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A string that is never shown. Credentials are held in this type only.
 *
 * <p>{@link #toString()} always returns {@value #MASK}, and Sheave writes the value nowhere but
 * into the encrypted store. It can't be serialized. Immutable.
 */
public final class Secret {
  /** The mask shown in place of a secret. */
  public static final String MASK = "********";

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * Wraps a string.
   *
   * @throws dev.sheave.SheaveException {@code INVALID} if the value is null, as for an environment
   *     variable that isn't set
   */
  public static Secret of(String value) {
    return new Secret(Arguments.require(value, "The value of a secret"));
  }

  /** Returns the value. This is the only access to it, so that all uses can be found. */
  public String reveal() {
    return value;
  }

  /** Returns whether a string is a mask: eight or more asterisks and nothing else. */
  public static boolean isMask(String text) {
    return text.length() >= MASK.length() && text.chars().allMatch(c -> c == '*');
  }

  /** Compares the values in constant time. */
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
