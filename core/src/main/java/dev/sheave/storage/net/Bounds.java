package dev.sheave.storage.net;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds on what a server may send: how many bytes, how slowly, and how many entries of a listing.
 * All limits are far above what a working server does; each is an error with one sentence.
 */
public final class Bounds {
  /** The longest response that is held in memory, such as a page of a listing, in bytes. */
  public static final long RESPONSE_BYTES = 64L << 20;

  /** The longest manifest or marker, in bytes: a million files take half of it. */
  public static final long MANIFEST_BYTES = 256L << 20;

  /** The most headers of a response. */
  public static final int HEADERS = 1_000;

  /** The longest line of a header, in characters. */
  public static final int HEADER_LENGTH = 64 * 1024;

  /** A slower upload than this, in bytes a second, is taken for a dead one. */
  private static final long SLOWEST_UPLOAD = 16 * 1024;

  /** The most pages without an object that follow each other in a listing. */
  private static final int EMPTY_PAGES = 10_000;

  /** The most files and folders of a listing: a manifest can't name as many. */
  private static final int ENTRIES = 2_000_000;

  /** The most characters that all names of a listing have together. */
  private static final long NAMES = 256L << 20;

  // system properties, for tests and for links that are slower still; not documented for users
  private static final String SLOWEST = "sheave.transfer.slowest-bytes-per-second";

  private static final String WINDOW = "sheave.transfer.slowest-window-seconds";
  private static final String RESPONSE = "sheave.transfer.response-seconds";
  private static final String MOST = "sheave.transfer.listing-entries";
  private static final int SLOWEST_BYTES_PER_SECOND = 1024;
  private static final int WINDOW_SECONDS = 60;
  private static final int RESPONSE_SECONDS = 300;

  private Bounds() {}

  /**
   * Bounds an object in bytes and in time.
   *
   * @param location of the object, for messages
   * @param bytes the most that it may have
   */
  public static InputStream stream(InputStream in, String location, long bytes) {
    return new BoundedStream(in, "'" + location + "'", bytes, slowest(), window());
  }

  /** Bounds an object of any length in time. */
  public static InputStream stream(InputStream in, String location) {
    return stream(in, location, Long.MAX_VALUE);
  }

  /**
   * Bounds a response that is held in memory.
   *
   * @param host which sends it, for messages
   */
  public static InputStream response(InputStream in, String host) {
    return new BoundedStream(in, "The response of " + host, RESPONSE_BYTES, slowest(), window());
  }

  /**
   * Bounds a response whose server may be quiet while it prepares what it sends.
   *
   * @param host which sends it, for messages
   * @param bytes the most that it may have
   */
  public static InputStream response(InputStream in, String host, long bytes) {
    return new BoundedStream(in, "The response of " + host, bytes, slowest(), responseTime(0));
  }

  /** The fewest bytes a second over a {@link #window}; 0 to allow any. */
  static int slowest() {
    return Math.max(Integer.getInteger(SLOWEST, SLOWEST_BYTES_PER_SECOND), 0);
  }

  static Duration window() {
    return Duration.ofSeconds(Math.max(Integer.getInteger(WINDOW, WINDOW_SECONDS), 1));
  }

  /**
   * The longest that a request may take until its response is there, as a whole if it is held in
   * memory; else its headers.
   *
   * @param sent how many bytes go with the request
   */
  public static Duration responseTime(long sent) {
    return Duration.ofSeconds(Math.max(Integer.getInteger(RESPONSE, RESPONSE_SECONDS), 1))
        .plusSeconds(sent / SLOWEST_UPLOAD);
  }

  /**
   * The longest that a client waits for a connection or for a sign of life, in a protocol whose
   * answers are short.
   *
   * @param timeout as a rule
   */
  public static Duration silence(Duration timeout) {
    Duration response = responseTime(0);
    return timeout.compareTo(response) < 0 ? timeout : response;
  }

  /**
   * A page of a listing.
   *
   * @param objects how many it has
   * @param next the token of the next page; null or empty if it is the last
   */
  public record Page(int objects, @Nullable String next) {}

  /**
   * Reads a listing page by page.
   *
   * @param location what is listed, for messages
   * @param request reads the page of a token; the first one has none
   * @throws SheaveException {@code UNAVAILABLE} if the server repeats a token, or has too many
   *     empty pages or objects
   */
  public static void pages(String location, Function<@Nullable String, Page> request) {
    Set<String> seen = new HashSet<>();
    Entries entries = entries(location);
    int empty = 0;
    String token = null;
    do {
      Page page = request.apply(token);
      entries.add(page.objects(), 0);
      empty = page.objects() == 0 ? empty + 1 : 0;
      token = page.next() == null || page.next().isEmpty() ? null : page.next();
      if (token != null && (empty > EMPTY_PAGES || !seen.add(token))) {
        throw new SheaveException(
            Code.UNAVAILABLE,
            "'"
                + location
                + "': the listing doesn't end, because the server repeats its pages: check the server.");
      }
    } while (token != null);
  }

  /**
   * Bounds a listing, which may go on for ever with new names.
   *
   * @param location what is listed, for messages
   */
  public static Entries entries(String location) {
    return new Entries(location, Integer.getInteger(MOST, ENTRIES));
  }

  /** Counts the entries of one listing. Not safe for use by several threads. */
  public static final class Entries {
    private final String location;
    private final long most;
    private long count;
    private long characters;

    private Entries(String location, long most) {
      this.location = location;
      this.most = most;
    }

    /**
     * Counts a file or folder.
     *
     * @throws SheaveException {@code UNAVAILABLE} if there are too many, or their names are too
     *     long together
     */
    public void add(String name) {
      add(1, name.length());
    }

    private void add(long more, long length) {
      count += more;
      characters += length;
      if (count > most || characters > NAMES) {
        throw new SheaveException(
            Code.UNAVAILABLE,
            "'"
                + location
                + "' lists more than "
                + (count > most ? most + " files and folders" : NAMES + " characters of file names")
                + ": check the server, or choose a path with less below it.");
      }
    }
  }

  /**
   * Runs an operation on data that a server sent. Of errors that such data leads to, the user gets
   * one sentence.
   *
   * @param location what it is about, for messages
   */
  public static <T> T guard(String location, Supplier<T> operation) {
    try {
      return operation.get();
    } catch (OutOfMemoryError e) {
      throw tooLarge(location, e);
    } catch (StackOverflowError e) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "'" + location + "': the server's response is nested too deeply to be read.");
    }
  }

  private static SheaveException tooLarge(String location, OutOfMemoryError e) {
    return new SheaveException(
        Code.UNAVAILABLE,
        "'"
            + location
            + "': the data doesn't fit into the "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB of memory that this process may use: if it is as large as it should be, allow more"
            + " with -Xmx.",
        e);
  }
}
