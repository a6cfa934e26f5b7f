package dev.sheave.internal;

/** URLs of orchestration APIs as they may be shown. */
public final class ApiUrl {
  private ApiUrl() {}

  /** Returns a URL without what may hold a credential: its user, and all after its path. */
  public static String withoutCredentials(String url) {
    // a password may have any character in it, so rather too much is left out than too little
    return url.replaceAll("\\?.*", "").replaceAll("//.*@", "//");
  }
}
