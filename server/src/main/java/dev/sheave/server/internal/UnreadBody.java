package dev.sheave.server.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * What is left of the body of a request that was answered. It is read for a while before the
 * connection is closed: many clients look for the answer only when they have sent all. No thread
 * waits for it. Safe for use by several threads.
 */
final class UnreadBody implements Invocable.Task {
  /** A client that sends nothing for so long has stopped. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 32 << 20;

  private final Request request;
  private final Callback callback;
  private final long start = System.nanoTime();
  private final AtomicLong bytes = new AtomicLong();
  private volatile boolean isOver;

  private UnreadBody(Request request, Callback callback) {
    this.request = request;
    this.callback = callback;
  }

  /**
   * Prepares an answer: it closes the connection unless the body is here.
   *
   * @param callback of the request
   * @return the callback of the answer
   */
  static Callback before(Request request, Response response, Callback callback) {
    UnreadBody unread = new UnreadBody(request, callback);
    if (response.getHeaders().contains(HttpHeader.CONNECTION, "close") || unread.isRead()) {
      return callback;
    }
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    if (request.getHeaders().contains(HttpHeader.EXPECT)) {
      return callback; // the client waits with the body, and needn't send it
    }
    return Callback.from(unread::start, callback::failed);
  }

  private void start() {
    watch(bytes.get());
    run();
  }

  private void watch(long before) {
    request
        .getComponents()
        .getScheduler()
        .schedule(() -> look(before), SILENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look(long before) {
    long now = bytes.get();
    if (isOver) {
      return;
    }
    if (now == before) {
      request.fail(new TimeoutException("The client sends no more."));
    } else {
      watch(now);
    }
  }

  @Override
  public void run() {
    if (isRead() || bytes.get() > MAX_BYTES || System.nanoTime() - start > PATIENCE.toNanos()) {
      isOver = true;
      callback.succeeded();
    } else {
      request.demand(this);
    }
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  /** Reads what is here; returns whether that is the end. */
  private boolean isRead() {
    while (bytes.get() <= MAX_BYTES) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        return false;
      }
      bytes.addAndGet(chunk.remaining());
      chunk.release();
      if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
        return true;
      }
    }
    return false;
  }
}
