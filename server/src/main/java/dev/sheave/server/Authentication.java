package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.ApiKeyRecord;
import dev.sheave.block.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by its key who makes a request, and what it may do. Safe for use by several threads.
 */
final class Authentication {
  /** What our keys begin with; a server without keys ignores others, as the reference does. */
  private static final String PREFIX = "shv_";

  private final ApiKeyApi keys;
  private final boolean isOpenWithoutKeys;
  private final boolean takesRunKeysOnly;
  private final @Nullable LoopbackGuard guard;
  private final AtomicReference<@Nullable Reader> lastReader = new AtomicReference<>();

  /** Who has read something before, and by which key. */
  private record Reader(@Nullable Secret key, Caller caller, AtomicBoolean isLookedUp) {
    Reader(@Nullable Secret key, Caller caller) {
      this(key, caller, new AtomicBoolean());
    }

    boolean has(@Nullable Secret other) {
      return MessageDigest.isEqual(bytes(key), bytes(other));
    }

    private static byte[] bytes(@Nullable Secret secret) {
      return secret == null ? new byte[0] : secret.reveal().getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * An authentication.
   *
   * @param isOpenWithoutKeys whether anybody may do everything as long as there are no keys
   * @param takesRunKeysOnly whether only the keys of runs are taken
   * @param guard what requests without a key are checked by while anybody may do everything
   */
  Authentication(
      ApiKeyApi keys,
      boolean isOpenWithoutKeys,
      boolean takesRunKeysOnly,
      @Nullable LoopbackGuard guard) {
    this.keys = keys;
    this.isOpenWithoutKeys = isOpenWithoutKeys;
    this.takesRunKeysOnly = takesRunKeysOnly;
    this.guard = guard;
  }

  /**
   * Returns who makes a request.
   *
   * @throws RequestException if its key isn't valid, or another site's page sent it
   */
  Caller callerOf(Request request) {
    return callerOf(request, key(request.getHeaders().get(HttpHeader.AUTHORIZATION)));
  }

  /**
   * Returns who makes a request.
   *
   * @param key its key; null for none
   * @throws RequestException as {@link #callerOf(Request)}
   */
  Caller callerOf(Request request, @Nullable Secret key) {
    Caller caller = find(key);
    if (caller.equals(Caller.ANYBODY)) {
      check(request);
    }
    return caller;
  }

  private void check(Request request) {
    if (guard != null) {
      guard.check(request);
    }
  }

  /**
   * As {@link #callerOf(Request)}, for routes that believe their last reader, see {@link
   * Route#believesLastReader}.
   */
  Caller readerOf(Request request) {
    Secret key = key(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    Reader last = lastReader.get();
    if (last == null || !last.has(key)) {
      Caller caller = callerOf(request, key);
      if (caller.may(Scope.READ)) {
        lastReader.set(new Reader(key, caller));
      }
      return caller;
    }
    if (last.caller.equals(Caller.ANYBODY)) {
      check(request);
    }
    if (last.isLookedUp.compareAndSet(false, true)) {
      Thread thread = new Thread(() -> lookUp(last), "sheave-reader");
      thread.setDaemon(true);
      thread.start();
    }
    return last.caller;
  }

  private void lookUp(Reader last) {
    Reader found = null;
    try {
      found = new Reader(last.key, find(last.key));
    } catch (RequestException e) {
      // not any more
    } catch (SheaveException e) {
      found = new Reader(last.key, last.caller); // nobody can tell for now
    } finally {
      lastReader.compareAndSet(last, found);
    }
  }

  private Caller find(@Nullable Secret key) {
    if (key != null) {
      Optional<ApiKeyRecord> found =
          keys.useKey(key).filter(record -> !takesRunKeysOnly || record.flowRunId() != null);
      if (found.isPresent()) {
        return Caller.of(found.get());
      }
      if (key.reveal().startsWith(PREFIX) || !isOpen()) {
        throw refused("The API key isn't valid here: it has expired, was revoked, or is wrong.");
      }
    }
    return isOpen() ? Caller.ANYBODY : Caller.NOBODY;
  }

  private boolean isOpen() {
    return isOpenWithoutKeys && !keys.hasKeys();
  }

  /**
   * Checks that a caller may use a route.
   *
   * @throws RequestException if it mayn't
   */
  static void check(Caller caller, Scope needed) {
    if (caller.may(needed)) {
      return;
    }
    if (caller.scope() == Scope.NONE) {
      throw refused(
          "The server wants an API key: send one as 'Authorization: Bearer …', or set"
              + " SHEAVE_API_KEY.");
    }
    throw forbidden(
        "The API key '"
            + caller.name()
            + "' has the scope "
            + lower(caller.scope())
            + ", and this needs "
            + lower(needed)
            + ".");
  }

  private static String lower(Scope scope) {
    return scope.name().toLowerCase(Locale.ROOT);
  }

  static RequestException forbidden(String sentence) {
    return new RequestException(
        Failures.of(new SheaveException(SheaveException.Code.PERMISSION_DENIED, sentence)));
  }

  private static RequestException refused(String sentence) {
    Reply reply =
        Failures.of(401, new SheaveException(SheaveException.Code.PERMISSION_DENIED, sentence));
    return new RequestException(
        reply.withHeaders(Map.of(HttpHeader.WWW_AUTHENTICATE.asString(), "Bearer")));
  }

  /** Returns the key in a header: a bearer token, or the password of a login. */
  private static @Nullable Secret key(@Nullable String header) {
    if (header == null) {
      return null;
    }
    String[] words = header.strip().split("\\s+", 2);
    String value = words.length == 2 ? words[1] : "";
    String key =
        switch (words[0].toLowerCase(Locale.ROOT)) {
          case "bearer" -> value;
          case "basic" -> password(value);
          default -> "";
        };
    return Secret.of(key);
  }

  private static String password(String login) {
    try {
      String text = new String(Base64.getDecoder().decode(login), StandardCharsets.UTF_8);
      return text.substring(text.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
