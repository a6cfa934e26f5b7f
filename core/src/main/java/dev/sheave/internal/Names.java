package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;

/**
 * The rule for the names of flows, deployments and work queues, the reference's: anything but the
 * characters that separate names in paths and URLs. (Blocks have a stricter one, {@link
 * dev.sheave.block.BlockName}.)
 */
public final class Names {
  private static final String FORBIDDEN = "/%&><";

  private Names() {}

  /**
   * Checks a name.
   *
   * @param what names the kind of thing, to start a sentence with
   * @throws SheaveException {@code INVALID} if it is blank or has a character that names can't have
   */
  public static void check(String name, String what) {
    if (name.isBlank()) {
      throw new SheaveException(Code.INVALID, what + " names must not be empty.");
    }
    if (name.chars().anyMatch(c -> FORBIDDEN.indexOf(c) >= 0 || Character.isISOControl(c))) {
      throw new SheaveException(
          Code.INVALID,
          what
              + " names must not contain any of / % & > < or control characters, unlike '"
              + name.replaceAll("\\p{Cntrl}", " ")
              + "'.");
    }
  }
}
