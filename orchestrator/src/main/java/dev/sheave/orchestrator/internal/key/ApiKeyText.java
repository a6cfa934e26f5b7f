package dev.sheave.orchestrator.internal.key;

import dev.sheave.block.Secret;
import dev.sheave.internal.Digests;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * API keys as texts: {@code shv_}, 32 random bytes, and a checksum by which programs that look for
 * lost keys know them; in hexadecimal.
 */
final class ApiKeyText {
  private static final String PREFIX = "shv_";
  private static final int BYTES = 32;
  private static final int START = PREFIX.length() + 8;
  private static final int CHECKSUM = 8;
  private static final Pattern FORM =
      Pattern.compile(PREFIX + "[0-9a-f]{" + (2 * BYTES + CHECKSUM) + "}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private ApiKeyText() {}

  static Secret create() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    String text = PREFIX + HexFormat.of().formatHex(bytes);
    return Secret.of(text + checksum(text));
  }

  private static String checksum(String text) {
    CRC32 sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }

  /** Whether a text can be a key. */
  static boolean isWellFormed(Secret key) {
    String text = key.reveal();
    int end = text.length() - CHECKSUM;
    return FORM.matcher(text).matches()
        && text.substring(end).equals(checksum(text.substring(0, end)));
  }

  /** The characters by which a key is looked up and people know it: not a secret. */
  static String start(Secret key) {
    return key.reveal().substring(0, START);
  }

  /** What is kept of a key. It is random, so that a slow hash would add nothing. */
  static String hash(Secret key) {
    return Digests.sha256(key.reveal().getBytes(StandardCharsets.US_ASCII));
  }
}
