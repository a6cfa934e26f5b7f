package dev.sheave.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user name and a password in an address, where they would be shown with it. */
public final class UrlLogin {
  private static final Pattern LOGIN = Pattern.compile("(//)[^/\\s:@'\"]*:[^/\\s'\"]*@");

  private UrlLogin() {}

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
