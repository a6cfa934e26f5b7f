package dev.sheave.internal;

/** How a name is shown that someone else gave: as one line that does nothing to the terminal. */
public final class OneLine {
  private OneLine() {}

  /** Returns a text without what begins a line, moves the cursor or turns the text around. */
  public static String of(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line.append("\\n");
      } else {
        line.append(isControl(c) ? ' ' : c);
      }
    }
    return line.toString();
  }

  private static boolean isControl(char c) {
    return Character.isISOControl(c)
        || (c >= '\u2028' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }
}
