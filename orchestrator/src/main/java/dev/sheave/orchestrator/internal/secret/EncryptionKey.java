package dev.sheave.orchestrator.internal.secret;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.orchestrator.internal.file.OwnerOnly;
import dev.sheave.orchestrator.internal.file.Placement;
import dev.sheave.orchestrator.internal.file.ProcessLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that documents are encrypted with, which is never in the database: 32 random bytes,
 * written in base64. Immutable.
 */
public final class EncryptionKey {
  /** The file in the home folder that holds the key when none is given. */
  public static final String FILE_NAME = "encryption.key";

  private static final int SIZE = 32;
  private static final int ID_SIZE = 8;

  private final byte[] bytes;
  private final String id;
  private final String source;

  private EncryptionKey(byte[] bytes, String source) {
    this.bytes = bytes;
    this.source = source;
    this.id = idOf(bytes);
  }

  /** A key that was given as text. */
  public static EncryptionKey given(Secret text) {
    return parse(text.reveal(), "The encryption key that was given (SHEAVE_ENCRYPTION_KEY)");
  }

  /** The key in the home folder's file. */
  public static EncryptionKey ofFile(Path home) {
    Path file = home.resolve(FILE_NAME);
    try {
      return parse(Files.readString(file), "The encryption key in " + file);
    } catch (NoSuchFileException e) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "There is no encryption key: the file "
              + file
              + " is missing. Put it back, or give the key in SHEAVE_ENCRYPTION_KEY.",
          e);
    } catch (IOException e) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "The encryption key in "
              + file
              + " can't be read: "
              + e
              + "; make the file readable for you.",
          e);
    }
  }

  /** The key in the home folder's file, which is made, with a new key, if it is missing. */
  public static EncryptionKey ofFileOrNew(Path home) {
    Path file = home.resolve(FILE_NAME);
    try {
      if (Files.notExists(file)) {
        OwnerOnly.createFolderIfMissing(home);
        ProcessLock.hold(
            file,
            () -> {
              if (Files.notExists(file)) {
                write(file);
              }
            });
      }
    } catch (IOException e) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "The encryption key can't be written to "
              + file
              + ": "
              + e
              + "; make the folder writable for you.",
          e);
    }
    return ofFile(home);
  }

  /** The key is safe on the disk before anything is encrypted with it. */
  private static void write(Path file) throws IOException {
    byte[] key = new byte[SIZE];
    new SecureRandom().nextBytes(key);
    Path unfinished = Placement.unfinished(file);
    Files.deleteIfExists(unfinished);
    OwnerOnly.createFileIfMissing(unfinished);
    Files.writeString(unfinished, Base64.getEncoder().encodeToString(key) + "\n");
    Placement.finish(file);
  }

  private static EncryptionKey parse(String text, String source) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.strip());
    } catch (IllegalArgumentException e) {
      throw malformed(source);
    }
    if (bytes.length != SIZE) {
      throw malformed(source);
    }
    return new EncryptionKey(bytes, source);
  }

  private static SheaveException malformed(String source) {
    return new SheaveException(
        Code.INVALID,
        source + " must be 32 bytes in base64, such as 'openssl rand -base64 32' prints.");
  }

  /** Tells keys apart; says nothing about the key to those who don't have it, for it is random. */
  private static String idOf(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("sheave encryption key id".getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(key), ID_SIZE));
    } catch (GeneralSecurityException e) {
      throw new LinkageError("every Java platform has SHA-256", e);
    }
  }

  /** What documents name the key by. */
  public String id() {
    return id;
  }

  /** Where the key comes from, to start a sentence with. */
  String source() {
    return source;
  }

  SecretKeySpec forAlgorithm(String algorithm) {
    return new SecretKeySpec(bytes, algorithm);
  }

  /**
   * Checks that this is the key of something.
   *
   * @param expected the id of the key it was encrypted with
   * @param what names it
   * @throws SheaveException {@code PERMISSION_DENIED} if it isn't
   */
  public void check(String expected, String what) {
    if (!id.equals(expected)) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          source
              + " isn't the one that "
              + what
              + " was encrypted with. Put the right key there, or give it in"
              + " SHEAVE_ENCRYPTION_KEY.");
    }
  }

  /** Names the key's source, never the key. */
  @Override
  public String toString() {
    return source;
  }
}
