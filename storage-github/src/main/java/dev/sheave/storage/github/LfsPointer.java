package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pointer to a large file that a repository contains instead of the file.
 *
 * @param oid the SHA-256 of the file, in hexadecimal digits
 * @param size how many bytes it has
 */
record LfsPointer(String oid, long size) {
  /** The sizes that a pointer may have, in bytes. */
  static final int MAX_BYTES = 1024;

  static final int MIN_BYTES = 100;

  private static final Pattern TEXT =
      Pattern.compile(
          "version https?://\\S+\\n(?:ext-\\S+ \\S+\\n)*oid sha256:([0-9a-f]{64})\\nsize"
              + " ([0-9]{1,15})\\s*");

  /** Reads one, if the content of a file is one. */
  static Optional<LfsPointer> parse(byte[] content) {
    Matcher matcher = TEXT.matcher(new String(content, UTF_8));
    return matcher.matches()
        ? Optional.of(new LfsPointer(matcher.group(1), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }
}
