package dev.sheave.server.internal;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of a request. No thread waits for it, so that slow clients keep nobody else
 * waiting. Used by one thread at a time.
 */
public final class BodyReader implements Invocable.Task {
  /** The status of a request whose body takes too long to arrive. */
  public static final int TIMEOUT = 408;

  /** The status of a request whose body is too large. */
  public static final int TOO_LARGE = 413;

  /** The status of a request for whose body there is no room now. */
  public static final int NO_ROOM = 503;

  /** How much of the memory the bodies that arrive may take together, in bytes. */
  private static final long ROOM = Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 4);

  /** There is always room for a body of this size. */
  private static final int SMALL = 64 << 10;

  private static final AtomicLong HELD = new AtomicLong();

  private final Request request;
  private final Callback callback;
  private final int maxBytes;
  private final Duration patience;
  private final Taker taker;
  private final long start = System.nanoTime();
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();

  /** Goes on with a request when its body is here. */
  public interface Taker {
    /** Takes the whole body; may block. */
    void take(byte[] body);

    /**
     * Is told that there is no body to take; may block.
     *
     * @param status {@link #TIMEOUT}, {@link #TOO_LARGE} or {@link #NO_ROOM}
     */
    void refuse(int status);
  }

  private BodyReader(
      Request request, Callback callback, int maxBytes, Duration patience, Taker taker) {
    this.request = request;
    this.callback = callback;
    this.maxBytes = maxBytes;
    this.patience = patience;
    this.taker = taker;
  }

  /**
   * Reads a body, and returns at once if not all of it is here yet.
   *
   * @param callback fails if the client doesn't send all of it
   * @param maxBytes the greatest size, in bytes
   * @param patience how long all of it may take to arrive
   */
  public static void read(
      Request request, Callback callback, int maxBytes, Duration patience, Taker taker) {
    BodyReader reader = new BodyReader(request, callback, maxBytes, patience, taker);
    Runnable next = request.getLength() > maxBytes ? reader.refusal(TOO_LARGE) : reader.next();
    if (next != null) {
      next.run();
    }
  }

  /** Goes on when there is more. */
  @Override
  public void run() {
    Runnable next = next();
    if (next != null) {
      request.getContext().execute(() -> Watched.inLog(request, next));
    }
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  /** Reads what is here; returns what to do then, null if more is to come. */
  private @Nullable Runnable next() {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(this);
        return null;
      }
      Runnable next = next(chunk);
      if (next != null) {
        HELD.addAndGet(-all.size());
        return next;
      }
    }
  }

  /** Adds what has arrived; returns what to do then, null to read on. */
  private @Nullable Runnable next(Content.Chunk chunk) {
    if (Content.Chunk.isFailure(chunk)) {
      Throwable failure = chunk.getFailure();
      return failure instanceof TimeoutException
          ? refusal(TIMEOUT)
          : () -> callback.failed(failure);
    }
    byte[] bytes = new byte[chunk.remaining()];
    chunk.get(bytes, 0, bytes.length);
    all.write(bytes, 0, bytes.length);
    long held = HELD.addAndGet(bytes.length);
    chunk.release();
    if (all.size() > maxBytes) {
      return refusal(TOO_LARGE);
    }
    if (chunk.isLast()) {
      return guarded(() -> taker.take(all.toByteArray()));
    }
    if (held > ROOM && all.size() > SMALL) {
      return refusal(NO_ROOM);
    }
    return System.nanoTime() - start > patience.toNanos() ? refusal(TIMEOUT) : null;
  }

  private Runnable refusal(int status) {
    return guarded(() -> taker.refuse(status));
  }

  /** Nobody else would end the request. */
  private Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        callback.failed(e);
      }
    };
  }
}
