package dev.sheave.orchestrator.internal.secret;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that documents are encrypted with, which is never in the database: 32 random bytes, written
 * in base64. Immutable.
 */
public final class EncryptionKey {
  private static final int SIZE = 32;
  private static final int ID_SIZE = 8;

  private final byte[] bytes;
  private final String id;

  private EncryptionKey(byte[] bytes) {
    this.bytes = bytes;
    this.id = idOf(bytes);
  }

  /** Makes a key. */
  static EncryptionKey random() {
    byte[] bytes = new byte[SIZE];
    new SecureRandom().nextBytes(bytes);
    return new EncryptionKey(bytes);
  }

  /**
   * Reads a key.
   *
   * @param source where it is from, to start a sentence with
   */
  static EncryptionKey parse(String text, String source) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw malformed(source);
    }
    if (bytes.length != SIZE) {
      throw malformed(source);
    }
    return new EncryptionKey(bytes);
  }

  static SheaveException malformed(String source) {
    return new SheaveException(
        Code.INVALID,
        source + " must be 32 bytes in base64; 'openssl rand -base64 32' prints a key.");
  }

  /** Writes the key as {@link #parse} reads it: for the key file alone. */
  String text() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Identifies the key without revealing it, since the key is random. */
  private static String idOf(byte[] key) {
    MessageDigest digest = Digests.sha256();
    digest.update("sheave encryption key id".getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(key), ID_SIZE));
  }

  /** Returns the id by which documents name the key. */
  public String id() {
    return id;
  }

  SecretKeySpec forAlgorithm(String algorithm) {
    return new SecretKeySpec(bytes, algorithm);
  }

  /** Names the key's id, never the key. */
  @Override
  public String toString() {
    return "encryption key " + id;
  }
}
