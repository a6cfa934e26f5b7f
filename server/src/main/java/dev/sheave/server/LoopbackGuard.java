package dev.sheave.server;

import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other sites' pages away from a server on loopback, which anybody on the machine may use: a
 * browser sends their requests too. It names the site in {@code Origin}, and in {@code Host} the
 * name under which it found the server.
 */
final class LoopbackGuard {
  private final String host;

  /**
   * A guard.
   *
   * @param host the name under which the server listens
   */
  LoopbackGuard(String host) {
    this.host = host.toLowerCase(Locale.ROOT);
  }

  /**
   * Checks a request.
   *
   * @throws RequestException if a page of another site may have sent it
   */
  void check(Request request) {
    String refusal = refusal(request);
    if (refusal != null) {
      throw new RequestException(403, refusal);
    }
  }

  /** Returns why a request is refused, in a sentence; null if it isn't. */
  @Nullable String refusal(Request request) {
    String asked = request.getHeaders().get(HttpHeader.HOST);
    if (asked == null || !isOurs(asked)) {
      return "The server on this machine answers to localhost and 127.0.0.1, not to '"
          + asked
          + "'.";
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null && !origin.equalsIgnoreCase("http://" + asked)) {
      return "Pages of '" + origin + "' may not use the server on this machine.";
    }
    return null;
  }

  private boolean isOurs(@Nullable String authority) {
    String name = String.valueOf(authority).replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.matches("127(\\.\\d{1,3}){3}")
        || name.equals(host);
  }
}
