package dev.sheave;

import dev.sheave.api.OrchestrationApi;
import dev.sheave.block.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Opens {@link OrchestrationApi}s for the URLs that it supports; found with {@link
 * java.util.ServiceLoader}.
 */
public interface OrchestrationProvider {

  /** Returns whether URLs like this are its own, judging by the scheme. */
  boolean accepts(String url);

  /**
   * Opens a connection.
   *
   * @throws SheaveException {@code UNAVAILABLE} if the store can't be reached, {@code INVALID} if
   *     the URL is wrong, {@code CONFLICT} if the store is of a newer version, {@code
   *     PERMISSION_DENIED} if the key is wrong
   */
  OrchestrationApi open(Options options);

  /**
   * How to open a connection.
   *
   * @param url where it is: {@code jdbc:sqlite:…}, {@code jdbc:postgresql:…}, {@code
   *     http(s)://…/api}
   * @param home the folder with the encryption key, {@code SHEAVE_HOME}
   * @param key the API key of an HTTP server, or the database's password; null for none
   * @param encryptionKey the key that secrets are encrypted with, over the one in {@code home};
   *     several, while they are rotated, separated by blanks, the newest first; null for the one in
   *     {@code home}
   */
  record Options(String url, Path home, @Nullable Secret key, @Nullable Secret encryptionKey) {}
}
