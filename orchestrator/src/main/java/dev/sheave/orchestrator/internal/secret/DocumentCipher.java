package dev.sheave.orchestrator.internal.secret;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts documents as a whole with AES-256-GCM, bound to what {@link DocumentBinding} names. Safe
 * for use by several threads.
 */
public final class DocumentCipher {
  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final String MAC = "HmacSHA256";

  /** The first byte of data that is bound to its document's id alone. */
  private static final byte FORMAT_OF_SCHEMA_1 = 1;

  /** The first byte of data that is bound to all that a {@link DocumentBinding} names. */
  private static final byte FORMAT = 2;

  private static final int NONCE_SIZE = 12;
  private static final int TAG_BITS = 128;
  private static final int HEADER_SIZE = 1 + NONCE_SIZE;

  private final KeyRing keys;

  /**
   * Random nonces are safe for some four billion documents a key. Made late: seeding takes a while.
   */
  private static final class Nonces {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  /** Encrypts with the keys of a ring. */
  public DocumentCipher(KeyRing keys) {
    this.keys = keys;
  }

  /**
   * Returns a key.
   *
   * @throws SheaveException {@code PERMISSION_DENIED} if it isn't known
   */
  public EncryptionKey key(String id) {
    return keys.key(id, "the database");
  }

  /** Encrypts a document. */
  public byte[] encrypt(DocumentBinding document, EncryptionKey key, String text) {
    byte[] nonce = new byte[NONCE_SIZE];
    Nonces.RANDOM.nextBytes(nonce);
    try {
      byte[] encrypted =
          cipher(Cipher.ENCRYPT_MODE, key, document.bytes(), nonce)
              .doFinal(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.allocate(HEADER_SIZE + encrypted.length)
          .put(FORMAT)
          .put(nonce)
          .put(encrypted)
          .array();
    } catch (GeneralSecurityException e) {
      throw new SheaveException(
          Code.INTERNAL, "The block '" + document.reference() + "' couldn't be encrypted.", e);
    }
  }

  /**
   * Decrypts a document.
   *
   * @param keyId the key it was encrypted with
   * @throws SheaveException {@code PERMISSION_DENIED} if that is another key; {@code INTERNAL} if
   *     the data, or what it is bound to, was changed outside Sheave
   */
  public String decrypt(DocumentBinding document, String keyId, byte[] data) {
    return decrypt(document, keyId, data, FORMAT, document.bytes());
  }

  /**
   * Decrypts a document of a database of schema 1, for its migration and for nothing else: who can
   * edit such a database can put its data below another name, type or schema.
   */
  public String decryptOfSchema1(DocumentBinding document, String keyId, byte[] data) {
    return decrypt(
        document,
        keyId,
        data,
        FORMAT_OF_SCHEMA_1,
        document.id().toString().getBytes(StandardCharsets.US_ASCII));
  }

  private String decrypt(
      DocumentBinding document, String keyId, byte[] data, byte format, byte[] bound) {
    EncryptionKey key = keys.key(keyId, "the block '" + document.reference() + "'");
    if (data.length < HEADER_SIZE || data[0] != format) {
      throw damaged(document, null);
    }
    byte[] nonce = new byte[NONCE_SIZE];
    System.arraycopy(data, 1, nonce, 0, NONCE_SIZE);
    try {
      byte[] text =
          cipher(Cipher.DECRYPT_MODE, key, bound, nonce)
              .doFinal(data, HEADER_SIZE, data.length - HEADER_SIZE);
      return new String(text, StandardCharsets.UTF_8);
    } catch (AEADBadTagException e) {
      throw damaged(document, e);
    } catch (GeneralSecurityException e) {
      throw new SheaveException(
          Code.INTERNAL, "The block '" + document.reference() + "' couldn't be decrypted.", e);
    }
  }

  /**
   * Returns a keyed hash of content, equal for equal content. Without the key it reveals nothing; a
   * plain hash could be compared with hashes of guessed secrets.
   */
  public static String contentHash(EncryptionKey key, String content) {
    try {
      byte[] derived = mac(key.forAlgorithm(MAC), "sheave anonymous content");
      return HexFormat.of().formatHex(mac(new SecretKeySpec(derived, MAC), content));
    } catch (GeneralSecurityException e) {
      throw new SheaveException(Code.INTERNAL, "A block's content couldn't be hashed.", e);
    }
  }

  private static Cipher cipher(int mode, EncryptionKey key, byte[] bound, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(mode, key.forAlgorithm("AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(bound);
    return cipher;
  }

  private static byte[] mac(SecretKeySpec key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(MAC);
    mac.init(key);
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static SheaveException damaged(DocumentBinding document, @Nullable Throwable cause) {
    return new SheaveException(
        Code.INTERNAL,
        "The block '"
            + document.reference()
            + "' is damaged: its values don't belong to this name, type, schema and time of change,"
            + " so its row in the database was changed outside Sheave. Restore a backup of the"
            + " database, or delete the block and save it again.",
        cause);
  }
}
