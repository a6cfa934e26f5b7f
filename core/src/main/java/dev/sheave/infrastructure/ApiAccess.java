package dev.sheave.infrastructure;

import dev.sheave.block.Secret;
import dev.sheave.internal.ApiUrl;
import dev.sheave.internal.Arguments;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a flow run reaches its records: an address, and the keys for it.
 *
 * <p>Keys travel by standard input, or by a file that {@code SHEAVE_API_KEY_FILE} names; never by
 * an environment or a command line. Immutable.
 */
public final class ApiAccess {
  private static final Pattern HOST =
      Pattern.compile("//(?:[^/]*@)?(?<name>\\[[^\\]]*\\]|[^:/?]*)");
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)|localhost|127(\\.\\d+){3}|0\\.0\\.0\\.0|\\[::1?\\]");

  private final String url;
  private final @Nullable Secret key;
  private final @Nullable Secret encryptionKey;

  /** From where an address can be reached. */
  public enum Reach {
    /** From programs that share this machine's files: the address is a database file. */
    SHARED_FILES,
    /**
     * From programs that share this machine's network: the address is one of the loopback device.
     */
    THIS_HOST,
    /** From wherever the network allows it. */
    NETWORK
  }

  private ApiAccess(String url, @Nullable Secret key, @Nullable Secret encryptionKey) {
    this.url = url;
    this.key = key;
    this.encryptionKey = encryptionKey;
  }

  /**
   * Creates access without keys.
   *
   * @param url {@code jdbc:…} or {@code http(s)://HOST/api}
   */
  public static ApiAccess to(String url) {
    return new ApiAccess(Arguments.notNull(url, "url"), null, null);
  }

  /** This access with an API key of a server, or a password of a database; null for none. */
  public ApiAccess withKey(@Nullable Secret apiKey) {
    return new ApiAccess(url, apiKey, encryptionKey);
  }

  /**
   * This access with the key, or keys, that secrets in the records are encrypted with; null for the
   * one in the home. Only a run that opens the store itself gets it.
   */
  public ApiAccess withEncryptionKey(@Nullable Secret keys) {
    return new ApiAccess(url, key, keys);
  }

  /** The address. */
  public String url() {
    return url;
  }

  /** The API key of a server, or the password of a database. */
  public Optional<Secret> key() {
    return Optional.ofNullable(key);
  }

  /** The encryption key; empty unless the run {@linkplain #opensStore() opens the store}. */
  public Optional<Secret> encryptionKey() {
    return opensStore() ? Optional.ofNullable(encryptionKey) : Optional.empty();
  }

  /** Whether the run opens the store itself; otherwise a server does that for it. */
  public boolean opensStore() {
    return url.startsWith("jdbc:") || !url.startsWith("http");
  }

  /** From where the address can be reached. */
  public Reach reach() {
    Matcher host = HOST.matcher(url);
    if (!host.find()) {
      return Reach.SHARED_FILES;
    }
    return LOOPBACK.matcher(host.group("name")).matches() ? Reach.THIS_HOST : Reach.NETWORK;
  }

  /** The address without credentials; keys aren't shown. */
  @Override
  public String toString() {
    return ApiUrl.withoutCredentials(url);
  }
}
