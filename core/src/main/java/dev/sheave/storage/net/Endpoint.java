package dev.sheave.storage.net;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.UrlLogin;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** The addresses that a block's fields hold. */
public final class Endpoint {
  private Endpoint() {}

  /**
   * Reads a block's {@code endpoint_url}.
   *
   * @return null if there is none
   * @throws SheaveException {@code INVALID}; the message doesn't show the value, which may hold a
   *     credential
   */
  public static @Nullable URI parse(@Nullable String endpointUrl) {
    if (endpointUrl == null || endpointUrl.isBlank()) {
      return null;
    }
    URI uri;
    try {
      uri = new URI(endpointUrl.strip());
    } catch (URISyntaxException e) {
      throw invalid();
    }
    if (uri.getRawUserInfo() != null) {
      throw new SheaveException(
          Code.INVALID,
          "The endpoint_url contains a user name or password, which isn't kept secret there: set the"
              + " block's own fields for credentials instead.");
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http
        || uri.getHost() == null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw invalid();
    }
    return uri;
  }

  /**
   * Refuses a value that starts with a user name and a password, as in {@code
   * //user:password@host/folder}, with or without a scheme: it would be shown.
   *
   * @param field of the block, for the message
   * @param instead what to do, for the message: {@code set smb_username and smb_password}
   * @throws SheaveException {@code INVALID}; the message doesn't show the value
   */
  public static void refuseLogin(String field, String value, String instead) {
    UrlLogin.refuse(field, value, instead);
  }

  private static SheaveException invalid() {
    return new SheaveException(
        Code.INVALID,
        "The endpoint_url isn't valid: it must start with http:// or https://, name a host, and have"
            + " no query.");
  }
}
