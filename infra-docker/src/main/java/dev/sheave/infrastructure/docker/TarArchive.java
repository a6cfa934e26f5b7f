package dev.sheave.infrastructure.docker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a tar archive, in the format that POSIX calls pax: names of any length and script. All
 * belongs to root, and is as old as time. Not safe for use by several threads.
 */
final class TarArchive implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final char FILE = '0';
  private static final char DIRECTORY = '5';
  private static final char RECORDS = 'x';

  private final OutputStream out;

  TarArchive(OutputStream out) {
    this.out = out;
  }

  /**
   * Adds a folder that everybody may read.
   *
   * @param name with a slash at its end
   */
  void addFolder(String name) throws IOException {
    entry(name, DIRECTORY, 0755, 0, InputStream.nullInputStream());
  }

  /** Adds a file with some content. */
  void add(String name, int mode, byte[] content) throws IOException {
    entry(name, FILE, mode, content.length, new ByteArrayInputStream(content));
  }

  /** Adds a file, which everybody may read, and execute if its owner may. */
  void add(String name, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      entry(name, FILE, Files.isExecutable(file) ? 0755 : 0644, Files.size(file), in);
    }
  }

  private void entry(String name, char type, int mode, long size, InputStream content)
      throws IOException {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    if (path.length > NAME || path.length > name.length()) {
      byte[] record = record("path=" + name);
      entry("pax", RECORDS, 0644, record.length, new ByteArrayInputStream(record));
    }
    byte[] header = new byte[BLOCK];
    System.arraycopy(path, 0, header, 0, Math.min(path.length, NAME));
    put(header, 100, String.format("%07o", mode));
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, String.format("%011o", size));
    put(header, 136, "00000000000");
    put(header, 148, "        "); // counts as spaces in the sum
    put(header, 156, String.valueOf(type));
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    put(header, 148, String.format("%06o\0 ", sum));
    out.write(header);
    long written = content.transferTo(out);
    if (written != size) {
      throw new IOException("'" + name + "' changed while it was read");
    }
    out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
  }

  /** Returns a record with its own length before it. */
  private static byte[] record(String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length + 2; // a blank and a line end
    int whole = length + Integer.toString(length).length();
    whole = length + Integer.toString(whole).length();
    return (whole + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** Writes the end. */
  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }
}
