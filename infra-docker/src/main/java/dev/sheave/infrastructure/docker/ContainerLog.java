package dev.sheave.infrastructure.docker;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.LineSplitter;
import dev.sheave.infrastructure.LineSplitter.Line;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The output of a container, read from the engine's frames: each line once, the last one also
 * without an end, also if the reading breaks off and goes on.
 *
 * <p>A frame is a chunk of a stream with the time at which the engine got it. Within a stream the
 * times don't go back, between the two they do: so the place in the output is one of each. It is
 * read by one thread; others may ask for the position, and break the reading off.
 */
final class ContainerLog {
  private static final int HEADER_BYTES = 8;
  private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;
  private static final int ERROR = 2;

  /** Of what the engine itself has to say, in place of more output. */
  private static final int ENGINES_ERROR = 3;

  private final Engine engine;
  private final String container;
  private final Consumer<String> sink;
  private final Consumer<String> positions;
  private final Lines output = new Lines();
  private final Lines errors = new Lines();
  private @Nullable Response open;
  private boolean isWaiting;
  private boolean isClosed;

  /**
   * Reads nothing so far.
   *
   * @param sink takes the lines
   * @param positions takes the position after each line
   */
  ContainerLog(Engine engine, String container, Consumer<String> sink, Consumer<String> positions) {
    this.engine = engine;
    this.container = container;
    this.sink = sink;
    this.positions = positions;
  }

  /** The lines of a stream. */
  private final class Lines {
    private LineSplitter lines = splitter();

    /** Of the chunk that was read last. */
    private String time = "";

    /** How many chunks had that time. */
    private int count;

    /** After the last line that was handed on: time and count, with a slash between. */
    private volatile String position = "";

    /** Up to which chunk all is known; empty if nothing is. */
    private String knownTime = "";

    private int knownCount;
    private boolean isPassing;

    private LineSplitter splitter() {
      return new LineSplitter(LineSplitter.MAX_OUTPUT_BYTES, this::handOn);
    }

    /** Goes back to the last line that was handed on. */
    void restart() {
      lines = splitter();
      time = "";
      count = 0;
      int slash = position.indexOf('/');
      isPassing = slash > 0;
      knownTime = isPassing ? position.substring(0, slash) : "";
      knownCount = isPassing ? Integer.parseInt(position.substring(slash + 1)) : 0;
    }

    void add(String at, byte[] chunk, int from) {
      count = at.equals(time) ? count + 1 : 1;
      time = at;
      if (isPassing) {
        int compared = at.equals(knownTime) ? 0 : instant(at).compareTo(instant(knownTime));
        if (compared < 0 || compared == 0 && count <= knownCount) {
          return;
        }
        isPassing = false;
      }
      lines.add(ByteBuffer.wrap(chunk, from, chunk.length - from));
    }

    private void handOn(Line line) {
      sink.accept(line.text());
      position = time + "/" + count;
      positions.accept(position());
    }
  }

  private static Instant instant(String time) {
    return OffsetDateTime.parse(time).toInstant();
  }

  /** The place after the last lines that were handed on, for {@link #continueAt}. */
  String position() {
    return output.position + "," + errors.position;
  }

  /**
   * Goes on after a place in the output of this container.
   *
   * @throws SheaveException {@code INVALID}
   */
  void continueAt(String position) {
    String[] places = position.split(",", -1);
    try {
      if (places.length != 2) {
        throw new NumberFormatException();
      }
      output.position = checked(places[0]);
      errors.position = checked(places[1]);
    } catch (NumberFormatException | DateTimeException e) {
      throw new SheaveException(
          Code.INVALID, "'" + position + "' isn't a position in the output of a container.", e);
    }
  }

  private static String checked(String place) {
    if (!place.isEmpty()) {
      int slash = place.indexOf('/');
      Integer.parseUnsignedInt(place.substring(slash + 1));
      OffsetDateTime.parse(place.substring(0, Math.max(slash, 0)));
    }
    return place;
  }

  /**
   * Hands on the lines from the position on. Returns at the end of the output.
   *
   * @param waits whether the end is that of the container, or what there is now
   * @throws SheaveException {@code UNAVAILABLE} if it broke off; other codes if the engine refuses
   */
  void read(boolean waits) {
    output.restart();
    errors.restart();
    Response answer =
        engine.open(
            Request.Method.GET,
            "/containers/"
                + container
                + "/logs?stdout=1&stderr=1&timestamps=1&follow="
                + (waits ? 1 : 0)
                + since(),
            Map.of(),
            null,
            "show the output of the container '" + container + "'");
    synchronized (this) {
      open = answer;
      isWaiting = waits;
      if (isClosed) {
        answer.close();
      }
    }
    try (answer;
        DataInputStream in =
            new DataInputStream(new BufferedInputStream(answer.getBody(), 64 * 1024))) {
      readFrames(in);
    } catch (IOException e) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "The output of the container '" + container + "' broke off: " + e.getMessage() + ".",
          e);
    } finally {
      synchronized (this) {
        open = null;
      }
    }
  }

  /** The engine leaves out what is older; which lines are known is decided here. */
  private String since() {
    return Stream.of(output, errors)
        .map(each -> each.knownTime)
        .map(time -> time.isEmpty() ? 0 : instant(time).getEpochSecond() - 1)
        .min(Long::compare)
        .filter(seconds -> seconds > 0)
        .map(seconds -> "&since=" + seconds)
        .orElse("");
  }

  private void readFrames(DataInputStream in) throws IOException {
    byte[] header = new byte[HEADER_BYTES];
    while (true) {
      int first = in.read();
      if (first < 0) {
        return;
      }
      header[0] = (byte) first;
      in.readFully(header, 1, HEADER_BYTES - 1);
      int length = ByteBuffer.wrap(header).getInt(4);
      if (length < 0 || length > MAX_FRAME_BYTES) {
        throw new IOException("a frame of " + length + " bytes");
      }
      byte[] frame = in.readNBytes(length);
      if (frame.length < length) {
        throw new EOFException("a frame isn't complete");
      }
      if (first == ENGINES_ERROR) {
        throw new IOException(EngineErrors.line(new String(frame, StandardCharsets.UTF_8)));
      }
      int space = 0;
      while (space < length && frame[space] != ' ') {
        space++;
      }
      String time = new String(frame, 0, space, StandardCharsets.US_ASCII);
      (first == ERROR ? errors : output).add(time, frame, Math.min(space + 1, length));
    }
  }

  /** Hands on last lines without an end. */
  void finish() {
    errors.lines.finish();
    output.lines.finish();
  }

  /** Ends a read that waits, if there is one: what is left can be read without. */
  synchronized void breakOff() {
    if (open != null && isWaiting) {
      open.close();
    }
  }

  /** Ends the reading for good. */
  synchronized void close() {
    isClosed = true;
    if (open != null) {
      open.close();
    }
  }
}
