package dev.sheave.internal;

/** Halves of characters that need two, which no encoding can store. */
public final class Surrogates {

  private Surrogates() {}

  /** Whether a text has a surrogate without its other half. */
  public static boolean isUnpairedIn(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean isPair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!isPair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
