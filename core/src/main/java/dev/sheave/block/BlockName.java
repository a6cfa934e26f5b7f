package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Arguments;
import java.text.Normalizer;
import java.util.Locale;

/** The rule for the names of block documents and for the slugs of block types. */
public final class BlockName {
  /** The longest name, in characters. */
  public static final int MAX_LENGTH = 200;

  private BlockName() {}

  /**
   * Checks a document's name.
   *
   * @return the name
   * @throws SheaveException {@code INVALID}, with a suggestion, unless it consists of 1 to {@value
   *     #MAX_LENGTH} lowercase letters, numbers and dashes
   */
  public static String check(String name) {
    return check(name, "Block document name");
  }

  /** Checks a block type's slug by the same rule. */
  public static String checkSlug(String slug) {
    return check(slug, "Block type slug");
  }

  private static String check(String name, String what) {
    if (Arguments.require(name, what).isEmpty()) {
      throw new SheaveException(Code.INVALID, what + " must not be empty.");
    }
    if (name.length() > MAX_LENGTH) {
      throw new SheaveException(
          Code.INVALID,
          what
              + " must be no longer than "
              + MAX_LENGTH
              + " characters; this one has "
              + name.length()
              + ".");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
        String suggestion = suggest(name);
        throw new SheaveException(
            Code.INVALID,
            what
                + " must only contain lowercase letters, numbers, and dashes, unlike '"
                + printable(name)
                + "'."
                + (suggestion.isEmpty() ? "" : " Try '" + suggestion + "'."));
      }
    }
    return name;
  }

  /**
   * Converts any string to a name, as the reference converts slugs: {@code My_Block} is {@code
   * my-block}.
   */
  public static String suggest(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("\\p{M}", "");
    String name =
        plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) : name;
  }

  private static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "\u240a");
  }
}
