package dev.sheave.server.internal.pages;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a browser asks for. Used by one thread.
 *
 * @param base what the server's paths begin with; empty for nothing
 * @param path the rest of the path, as it was sent
 * @param parts the decoded parts of the path
 * @param variables the parts that the route has variables for
 * @param query the query
 * @param form the fields of the form that is sent; none for other requests
 * @param token what forms must repeat to be accepted
 * @param isNewToken whether the browser doesn't have the token yet
 * @param theme {@code light}, {@code dark}, or {@code system}
 * @param notice a sentence that the page shows, if any
 * @param user the name of the key that the browser is signed in with; empty for none
 * @param isAdmin whether the browser may change everything
 */
record PageCall(
    String base,
    String path,
    List<String> parts,
    Map<String, String> variables,
    FormValues query,
    FormValues form,
    String token,
    boolean isNewToken,
    String theme,
    @Nullable String notice,
    String user,
    boolean isAdmin) {
  static final String CSRF = "sheave-form";
  static final String THEME = "sheave-theme";
  static final String NOTICE = "sheave-notice";
  static final String KEY = "sheave-key";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int TOKEN_BYTES = 24;

  static PageCall of(
      String base,
      String path,
      @Nullable String query,
      byte[] body,
      @Nullable String token,
      @Nullable String theme,
      @Nullable String notice) {
    List<String> parts = new ArrayList<>();
    for (String part : path.substring(1).split("/", -1)) {
      parts.add(decoded(part.replace("+", "%2B")));
    }
    boolean isKnown = token != null && token.matches("[A-Za-z0-9_-]{32}");
    return new PageCall(
        base,
        path,
        List.copyOf(parts),
        Map.of(),
        FormValues.parse(query == null ? "" : query),
        FormValues.parse(new String(body, StandardCharsets.UTF_8)),
        isKnown ? Objects.requireNonNull(token) : newToken(),
        !isKnown,
        theme != null && theme.matches("light|dark") ? theme : "system",
        notice == null || notice.isEmpty() ? null : decoded(notice),
        "",
        false);
  }

  private static String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** A text as a part of an address, or the value of a cookie. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  PageCall with(Map<String, String> values) {
    return new PageCall(
        base, path, parts, values, query, form, token, isNewToken, theme, notice, user, isAdmin);
  }

  PageCall of(Visitor visitor) {
    return new PageCall(
        base,
        path,
        parts,
        variables,
        query,
        form,
        token,
        isNewToken,
        theme,
        notice,
        visitor.name(),
        visitor.mayChange());
  }

  /** Whether the form that is sent repeats the browser's token. */
  boolean hasToken() {
    byte[] sent = form.text("csrf").getBytes(StandardCharsets.UTF_8);
    return !isNewToken && MessageDigest.isEqual(sent, token.getBytes(StandardCharsets.UTF_8));
  }

  /** A variable of the path. */
  String text(String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }

  /** The variable {@code id}. */
  UUID id() {
    return id(text("id"));
  }

  /** An id that was written in an address. */
  static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new SheaveException(Code.NOT_FOUND, "Nothing has the id '" + text + "'.", e);
    }
  }

  /** The address of a page. */
  String url(String page) {
    return base + page;
  }
}
