package dev.sheave.api.http;

import dev.sheave.OrchestrationProvider;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.block.Secret;
import dev.sheave.internal.ApiUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Connects to servers: {@code http://HOST:PORT/api} and {@code https://HOST/api}. Nothing is sent
 * before the first call, so a server that isn't there, or refuses the key, is noticed then.
 */
public final class HttpOrchestrationProvider implements OrchestrationProvider {

  /** For the service loader. */
  public HttpOrchestrationProvider() {}

  @Override
  public boolean accepts(String url) {
    String start = url.toLowerCase(Locale.ROOT);
    return start.startsWith("http:") || start.startsWith("https:");
  }

  /**
   * Opens a connection.
   *
   * @throws SheaveException {@code INVALID} if the URL is wrong, or the key has characters that no
   *     key has
   */
  @Override
  public OrchestrationApi open(Options options) {
    return new HttpOrchestration(
        new ServerConnection(url(options.url()), checked(options.key()), RetryTimes.DEFAULT));
  }

  /** Returns the URL without a slash at its end. */
  static URI url(String text) {
    URI uri;
    try {
      uri = new URI(text.strip().replaceFirst("/+$", ""));
    } catch (URISyntaxException e) {
      throw invalid(text, "it must be like http://HOST:PORT/api");
    }
    if (uri.getRawUserInfo() != null || String.valueOf(uri.getRawAuthority()).contains("@")) {
      throw invalid(text, "it must not have a user name or password: set SHEAVE_API_KEY instead");
    }
    if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw invalid(text, "it must be like http://HOST:PORT/api, without a query");
    }
    return uri;
  }

  private static SheaveException invalid(String url, String why) {
    return new SheaveException(
        Code.INVALID,
        "The API URL '" + ApiUrl.withoutCredentials(url.strip()) + "' isn't valid: " + why + ".");
  }

  /** A key with other characters would break the header, and be shown by the error. */
  private static @Nullable Secret checked(@Nullable Secret key) {
    String text = key == null ? "" : key.reveal().strip();
    if (!text.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new SheaveException(
          Code.INVALID,
          "The API key isn't valid: it must have printable ASCII characters alone, and no blanks.");
    }
    return text.isEmpty() ? null : Secret.of(text);
  }
}
