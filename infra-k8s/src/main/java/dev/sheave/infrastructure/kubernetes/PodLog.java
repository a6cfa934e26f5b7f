package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.LineSplitter;
import dev.sheave.infrastructure.LineSplitter.Line;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of a run's pods: each line once, the last one also without an end, also if the reading
 * breaks off and goes on. It needs no thread of its own.
 *
 * <p>The node stamps each line with its time. Both streams are in one file, in the order in which
 * they were written, which may differ from that of the times by little. So the place in the output
 * is the newest time so far, and how many lines are of that time or up to two seconds older: of the
 * lines from there on, that many are known. It is read by one at a time.
 */
final class PodLog {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesJob.class);

  /** How much, in seconds, the times of lines may go back. */
  private static final int DISORDER = 2;

  private final Cluster cluster;
  private final String namespace;
  private final Consumer<String> sink;
  private final Consumer<String> positions;

  /** How many lines were handed on, by the second of their time; the last few seconds only. */
  private final TreeMap<Long, Integer> seconds = new TreeMap<>();

  private volatile Place place = new Place("", LineTime.NEVER, 0);
  private LineTime known = LineTime.NEVER;
  private int knownCount;
  private LineTime time = LineTime.NEVER;
  private boolean isPassed;

  /** What a node has said in place of output, last. */
  private String said = "";

  /** The sum of these. */
  private int counted;

  private @Nullable ByteStream open;
  private boolean isClosed;

  /**
   * Reads nothing so far.
   *
   * @param sink takes the lines
   * @param positions takes the position after each line
   */
  PodLog(Cluster cluster, String namespace, Consumer<String> sink, Consumer<String> positions) {
    this.positions = positions;
    this.cluster = cluster;
    this.namespace = namespace;
    this.sink = sink;
  }

  /**
   * A place in the output.
   *
   * @param pod empty before the first line
   * @param newest the newest time of a line before it
   * @param count of the lines since two seconds before that time, how many are before it
   */
  private record Place(String pod, LineTime newest, int count) {
    long since() {
      return newest.second() - DISORDER;
    }
  }

  /** The place after the last line that was handed on, for {@link #continueAt}. */
  String position() {
    Place now = place;
    return now.pod.isEmpty() ? "" : now.pod + "/" + now.newest.text() + "/" + now.count;
  }

  /**
   * Goes on after a place in the output.
   *
   * @throws SheaveException {@code INVALID}
   */
  void continueAt(String position) {
    if (position.isEmpty()) {
      return;
    }
    String[] parts = position.split("/", -1);
    try {
      if (parts.length != 3) {
        throw new NumberFormatException();
      }
      place =
          new Place(parts[0], LineTime.NEVER.next(parts[1]), Integer.parseUnsignedInt(parts[2]));
    } catch (NumberFormatException | DateTimeException e) {
      throw new SheaveException(
          Code.INVALID, "'" + position + "' isn't a position in the output of a job.", e);
    }
  }

  /**
   * Hands on the lines of a pod from the position on; of another pod than before, all of them.
   *
   * @param follows whether to go on until the container ends; if not, what there is now is all, and
   *     a last line may lack an end
   * @return completes at the end, or fails with a {@link SheaveException}: {@code UNAVAILABLE} if
   *     it broke off
   */
  CompletableFuture<Boolean> read(String pod, String container, boolean follows) {
    if (!place.pod.equals(pod)) {
      place = new Place(pod, LineTime.NEVER, 0);
    }
    Place from = place;
    seconds.clear();
    known = from.newest;
    knownCount = from.count;
    counted = 0;
    LineSplitter lines = new LineSplitter(LineSplitter.MAX_OUTPUT_BYTES, this::take);
    ByteStream stream =
        cluster.open(
            "/api/v1/namespaces/"
                + namespace
                + "/pods/"
                + pod
                + "/log?timestamps=true&container="
                + container
                + (follows ? "&follow=true" : "")
                + (from.count == 0 ? "" : "&sinceTime=" + Instant.ofEpochSecond(from.since())),
            "show the output of the pod '" + pod + "'",
            lines::add);
    synchronized (this) {
      open = stream;
      if (isClosed) {
        stream.close();
      }
    }
    return stream
        .ended()
        .thenApply(
            isWhole -> {
              if (isWhole && !follows) {
                lines.finish();
              }
              return isWhole;
            });
  }

  private void take(Line line) {
    String text = line.text();
    if (line.isFirst()) {
      int space = text.indexOf(' ');
      try {
        time = time.next(space < 0 ? text : text.substring(0, space));
      } catch (DateTimeException e) {
        if (!text.equals(said)) {
          LOG.warn("The node says of the output of pod '{}': {}", place.pod, text);
          said = text;
        }
        isPassed = true; // no line of the output
        return;
      }
      text = space < 0 ? "" : text.substring(space + 1);
      long oldest = known.second() - DISORDER;
      isPassed = knownCount > 0 && (time.second() < oldest || !time.isAfter(known));
      if (isPassed && time.second() >= oldest) {
        knownCount--;
        count();
      }
    }
    if (!isPassed) {
      sink.accept(text);
      if (line.isLast()) {
        LineTime newest = time.isAfter(place.newest) ? time : place.newest;
        long oldest = newest.second() - DISORDER;
        if (newest.second() != place.newest.second()) {
          forgetBefore(oldest);
        }
        if (time.second() >= oldest) {
          count();
        }
        place = new Place(place.pod, newest, counted);
        positions.accept(position());
      }
    }
  }

  private void count() {
    seconds.merge(time.second(), 1, Integer::sum);
    counted++;
  }

  private void forgetBefore(long second) {
    Map<Long, Integer> old = seconds.headMap(second);
    counted -= old.values().stream().mapToInt(Integer::intValue).sum();
    old.clear();
  }

  /** Ends a read: what is left can be read again. */
  synchronized void breakOff() {
    if (open != null) {
      open.close();
    }
  }

  /** Ends the reading for good. */
  synchronized void close() {
    isClosed = true;
    breakOff();
  }
}
