package dev.sheave.orchestrator.internal.database;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Requests of several threads that are done together. Who finds no group in progress begins one at
 * once, with its own request; those that come meanwhile wait, and when it is done the first of them
 * does the requests of all. There is no thread for it, and nobody waits for others to come. Safe
 * for use by several threads.
 *
 * @param <T> the type of requests
 * @param <R> the type of their results
 */
final class Grouped<T, R> {
  private final ToDoubleFunction<T> share;
  private final Function<List<T>, Optional<List<Optional<R>>>> together;
  private final Function<T, R> alone;
  private final Queue<Request<T, R>> waiting = new ArrayDeque<>();
  private boolean isBusy;

  /**
   * Makes groups of requests.
   *
   * @param share how much of a group a request is; a group of several is 1 at most
   * @param together does requests, all or nothing: gives the result of each, in their order, or
   *     nothing for one that is to be done alone; nothing at all if all are
   * @param alone does a request, on the thread that wants it
   */
  Grouped(
      ToDoubleFunction<T> share,
      Function<List<T>, Optional<List<Optional<R>>>> together,
      Function<T, R> alone) {
    this.share = share;
    this.together = together;
    this.alone = alone;
  }

  private static final class Request<T, R> {
    private final T wanted;
    private final double share;
    private final Semaphore told = new Semaphore(0);
    private boolean isFirst;
    private Optional<R> result = Optional.empty();
    private @Nullable Throwable failure;

    Request(T wanted, double share) {
      this.wanted = wanted;
      this.share = share;
    }
  }

  /**
   * Does a request, and returns its result. A thread that is interrupted waits for it all the same.
   */
  R submit(T wanted) {
    Request<T, R> request = new Request<>(wanted, share.applyAsDouble(wanted));
    begin(request);
    request.told.acquireUninterruptibly();
    if (request.isFirst) {
      doGroup(request);
    }
    Throwable failure = request.failure;
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
    return request.result.orElseGet(() -> alone.apply(wanted));
  }

  /** Returns how many wait for the end of a group. */
  synchronized int waiting() {
    return waiting.size();
  }

  private synchronized void begin(Request<T, R> request) {
    if (isBusy) {
      waiting.add(request);
    } else {
      isBusy = true;
      beFirst(request);
    }
  }

  private void beFirst(Request<T, R> request) {
    request.isFirst = true;
    request.told.release();
  }

  private void doGroup(Request<T, R> first) {
    List<Request<T, R>> group = new ArrayList<>(List.of(first));
    try {
      addWaiting(group);
      Optional<List<Optional<R>>> results =
          together.apply(group.stream().map(each -> each.wanted).toList());
      if (results.isPresent()) {
        for (int i = 0; i < group.size(); i++) {
          group.get(i).result = results.get().get(i);
        }
      }
    } catch (RuntimeException | Error e) {
      group.forEach(each -> each.failure = e);
    } finally {
      passTurn();
      group.forEach(each -> each.told.release());
    }
  }

  /** One that is too large for the rest of a group is in a later one: it becomes the first. */
  private synchronized void addWaiting(List<Request<T, R>> group) {
    double full = group.get(0).share;
    for (Iterator<Request<T, R>> all = waiting.iterator(); all.hasNext() && full < 1; ) {
      Request<T, R> next = all.next();
      if (full + next.share <= 1) {
        full += next.share;
        group.add(next);
        all.remove();
      }
    }
  }

  private synchronized void passTurn() {
    Request<T, R> next = waiting.poll();
    if (next == null) {
      isBusy = false;
    } else {
      beFirst(next);
    }
  }
}
