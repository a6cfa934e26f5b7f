package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user name and a password in an address, where they would be shown with it. */
public final class UrlLogin {
  private static final Pattern LOGIN = Pattern.compile("(//)[^/\\s:@'\"]*:[^/\\s'\"]*@");

  private static final Pattern START =
      Pattern.compile("\\s*(?:(?:[A-Za-z0-9+.-]+:)?[/\\\\]+)?[^/\\\\:]*:[^/\\\\]*@");

  private UrlLogin() {}

  /**
   * Refuses a value that starts with a user name and a password, as in {@code
   * //user:password@host/folder}, with or without a scheme.
   *
   * @param field of a block, for the message
   * @param instead what to do, for the message: {@code set smb_username and smb_password}
   * @throws SheaveException {@code INVALID}; the message doesn't show the value
   */
  public static void refuse(String field, String value, String instead) {
    if (START.matcher(value).lookingAt()) {
      throw new SheaveException(
          Code.INVALID,
          "The "
              + field
              + " contains a user name and a password, which aren't kept secret there: "
              + instead
              + " instead.");
    }
  }

  /** Whether an address names a password: {@code https://user:password@host}. */
  public static boolean isIn(String address) {
    return address.indexOf('@') >= 0 && LOGIN.matcher(address).find();
  }

  /** Returns a text with masks in place of the user names and passwords in its addresses. */
  public static String masked(String text) {
    if (text.indexOf('@') < 0) {
      return text;
    }
    return LOGIN.matcher(text).replaceAll(Matcher.quoteReplacement("//********@"));
  }
}
