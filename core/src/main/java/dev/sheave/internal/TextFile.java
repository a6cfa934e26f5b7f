package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the text files that people and other programs write: UTF-8, with or without a byte order
 * mark, which is no part of the text. Another encoding is said, and the size is bounded.
 */
public final class TextFile {
  /** The most bytes that a text file may have. */
  public static final int MAX_BYTES = 64 * 1024 * 1024;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /**
   * Reads a file.
   *
   * @param name names it in messages, without an article: {@code ignore file 'a/.sheaveignore'}
   * @throws SheaveException {@code NOT_FOUND} if it doesn't exist; {@code INVALID} if it can't be
   *     read, isn't text in UTF-8 or is too large
   */
  public static String read(Path file, String name) {
    try {
      return read(file);
    } catch (NoSuchFileException e) {
      throw new SheaveException(Code.NOT_FOUND, "The " + name + " doesn't exist.", e);
    } catch (IOException e) {
      Interruption.check(e, "reading the " + name);
      throw new SheaveException(
          Code.INVALID, "The " + name + " can't be read: " + IoReason.of(e, file) + ".", e);
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException with a message that {@link IoReason} can put into a sentence
   */
  public static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    }
  }

  /**
   * Reads a stream to its end; it isn't closed.
   *
   * @throws IOException with a message that {@link IoReason} can put into a sentence
   */
  public static String read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException("it is larger than " + MAX_BYTES / (1024 * 1024) + " MB");
    }
    return decode(bytes);
  }

  private static String decode(byte[] bytes) throws IOException {
    String utf16 = "it is UTF-16 text; save it as UTF-8";
    int first = bytes.length > 0 ? bytes[0] & 0xff : -1;
    int second = bytes.length > 1 ? bytes[1] & 0xff : -1;
    // the marks, or without one a character of ASCII
    if (first == 0xff && second == 0xfe
        || first == 0xfe && second == 0xff
        || bytes.length % 2 == 0 && (first == 0 && second > 0 || second == 0 && first > 0)) {
      throw new IOException(utf16);
    }
    try {
      return withoutMark(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new IOException("it isn't UTF-8 text", e);
    }
  }

  private static String withoutMark(String text) {
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  /**
   * Returns the lines of a text as git has them: they end with LF or CR LF, and a CR elsewhere is
   * part of its line.
   */
  public static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      int next = end < 0 ? text.length() : end;
      int last = next > start && text.charAt(next - 1) == '\r' ? next - 1 : next;
      lines.add(text.substring(start, last));
      start = next + 1;
    }
    return lines;
  }

  /**
   * Returns a key, a certificate or a list of known hosts that was given as a value, for programs
   * that want it exactly as their own tools write it: without a byte order mark and space around
   * it, lines ended with LF, the last one too.
   */
  public static String normalized(String text) {
    return withoutMark(text).strip().replace("\r\n", "\n").replace('\r', '\n') + "\n";
  }
}
