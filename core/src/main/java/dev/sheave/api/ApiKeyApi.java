package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.block.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The API keys of the servers of a store. A key is {@code shv_}, 32 random bytes and their
 * checksum; only its SHA-256 is kept. Safe for use by several threads.
 */
public interface ApiKeyApi {

  /**
   * Makes a key.
   *
   * @param validity how long it is valid; null for ever
   * @throws SheaveException {@code INVALID} for an empty name, or no time; {@code ALREADY_EXISTS}
   *     if a key has the name
   */
  IssuedApiKey createKey(String name, KeyScope scope, @Nullable Duration validity);

  /** Returns the keys that are valid, without those of runs, by name. */
  List<ApiKeyRecord> listKeys();

  /**
   * Ends all keys of a name at once.
   *
   * @throws SheaveException {@code NOT_FOUND} if there is none
   */
  void revokeKey(String name);

  /**
   * Makes another key of the name and scope of one, which itself stays valid for a while.
   *
   * @param overlap how long the old one stays valid
   * @throws SheaveException {@code NOT_FOUND} if there is none; {@code INVALID} for a negative time
   */
  IssuedApiKey rollKey(String name, Duration overlap);

  /** Returns whether there are keys other than those of runs, also if they have expired. */
  boolean hasKeys();

  /** Finds a valid key, and notes its use. */
  Optional<ApiKeyRecord> useKey(Secret key);
}
