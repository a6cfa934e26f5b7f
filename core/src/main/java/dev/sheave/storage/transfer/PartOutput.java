package dev.sheave.storage.transfer;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An output stream to a local file; if the disk is full, the error names the file. */
final class PartOutput extends FilterOutputStream {
  private final Path file;

  private PartOutput(OutputStream out, Path file) {
    super(out);
    this.file = file;
  }

  static OutputStream open(Path file) throws IOException {
    return new PartOutput(Files.newOutputStream(file), file);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
      named.initCause(e);
      throw named;
    }
  }
}
