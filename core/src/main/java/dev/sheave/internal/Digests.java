package dev.sheave.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Computes SHA-256 digests. */
public final class Digests {
  /** The size of a buffer to read a large file with. */
  public static final int BUFFER_BYTES = 64 * 1024;

  private static final int MIN_BUFFER_BYTES = 4 * 1024;

  private Digests() {}

  /** Returns a new digest. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A digest that goes on from where another one is; null if it can't be copied. */
  public static @Nullable MessageDigest copy(@Nullable MessageDigest digest) {
    try {
      return digest == null ? null : (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      return null;
    }
  }

  /** A buffer for a file or an object of about so many bytes. */
  public static byte[] buffer(long size) {
    return new byte[(int) Math.min(BUFFER_BYTES, Math.max(size, MIN_BUFFER_BYTES))];
  }

  /** Returns what was digested, in hexadecimal digits. */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns the digest of some bytes, in hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    MessageDigest digest = sha256();
    digest.update(bytes);
    return hex(digest);
  }

  /** Returns the digest of a file, in hexadecimal digits. */
  public static String sha256(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = buffer(Files.size(file));
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return hex(digest);
  }
}
