package dev.sheave.storage.vfs;

import dev.sheave.storage.net.Bounds;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPFileEntryParser;
import org.apache.commons.net.ftp.parser.DefaultFTPFileEntryParserFactory;
import org.apache.commons.net.ftp.parser.FTPFileEntryParserFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads the listings of FTP servers, which the client holds in memory, within bounds. A name that
 * VFS can't resolve would close the whole folder, so it is kept from it.
 */
final class FtpListings implements FTPFileEntryParserFactory {
  private final FTPFileEntryParserFactory formats = new DefaultFTPFileEntryParserFactory();
  private final String host;
  private final Consumer<String> unusable;

  /**
   * Makes parsers for a server.
   *
   * @param host for messages
   * @param unusable gets the names that no file of a folder can have; called by several threads
   */
  FtpListings(String host, Consumer<String> unusable) {
    this.host = host;
    this.unusable = unusable;
  }

  @Override
  public FTPFileEntryParser createFileEntryParser(String key) {
    return new Bounded(formats.createFileEntryParser(key));
  }

  @Override
  public FTPFileEntryParser createFileEntryParser(FTPClientConfig config) {
    return new Bounded(formats.createFileEntryParser(config));
  }

  /** A parser of one format. */
  private final class Bounded implements FTPFileEntryParser {
    private final FTPFileEntryParser format;

    /** Of the listing that is being read. */
    private @Nullable Reader listing;

    private BufferedReader bounded = new BufferedReader(Reader.nullReader());

    Bounded(FTPFileEntryParser format) {
      this.format = format;
    }

    @Override
    public @Nullable String readNextEntry(BufferedReader reader) throws IOException {
      if (listing != reader) {
        listing = reader;
        bounded = new BufferedReader(new Listing(reader, host));
      }
      return format.readNextEntry(bounded);
    }

    @Override
    public @Nullable FTPFile parseFTPEntry(String entry) {
      FTPFile file = format.parseFTPEntry(entry);
      String name = file == null ? null : file.getName();
      if (name == null || name.indexOf('/') < 0 && name.indexOf('\\') < 0) {
        return file;
      }
      unusable.accept(name);
      return null;
    }

    @Override
    public List<String> preParse(List<String> entries) {
      return format.preParse(entries);
    }
  }

  /** A listing as it arrives. */
  private static final class Listing extends FilterReader {
    private final String host;
    private final long deadline = System.nanoTime() + Bounds.responseTime(0).toNanos();
    private long characters;

    Listing(Reader in, String host) {
      super(in);
      this.host = host;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      characters += Math.max(0, n);
      if (characters > Bounds.RESPONSE_BYTES) {
        throw new IOException(
            "the listing of " + host + " is longer than " + Bounds.RESPONSE_BYTES + " bytes");
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("the listing of " + host + " took too long");
      }
      return n;
    }
  }
}
