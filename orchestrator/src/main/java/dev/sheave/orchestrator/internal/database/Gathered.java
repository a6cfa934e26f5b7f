package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does together what several threads ask for: what has come while something is done is done at once
 * after that, by the thread of the first of them. So many wait for one transaction, and nobody
 * waits for others to come. If what is done together fails, each is done alone, unless the store
 * was away: then nobody knows whether it is done, and all are told so. Safe for use by several
 * threads.
 *
 * @param <A> what is asked for
 * @param <R> what is returned
 */
public final class Gathered<A, R> {
  /** How many are done together at most: the first one waits for all of them. */
  private static final int MAX_TOGETHER = 64;

  private final Function<A, Set<UUID>> subjects;
  private final Function<List<A>, List<R>> work;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Ask<A, R>> waiting = new ArrayDeque<>();
  private boolean isBusy;

  /**
   * Makes a place to ask.
   *
   * @param subjects what an ask is about; those about the same are done one after the other
   * @param work does what is asked for, all or nothing; returns the results in the order of the
   *     asks
   */
  public Gathered(Function<A, Set<UUID>> subjects, Function<List<A>, List<R>> work) {
    this.subjects = subjects;
    this.work = work;
  }

  private enum Phase {
    WAITING,
    /** At its turn. */
    FIRST,
    /** With others, by another thread. */
    SHARED,
    DONE,
    /** It failed with others, and is done again by its own thread. */
    ALONE
  }

  /** What a thread asks for; the lock guards its phase. */
  private static final class Ask<A, R> {
    private final A what;
    private final Condition changed;
    private Phase phase = Phase.WAITING;
    private @Nullable R result;
    private @Nullable SheaveException failure;

    Ask(A what, Condition changed) {
      this.what = what;
      this.changed = changed;
    }

    void enter(Phase next) {
      phase = next;
      changed.signal();
    }
  }

  /** Does what is asked for; returns its result, or throws as the work does. */
  @SuppressWarnings("NullAway") // the result is what the work returned
  public R ask(A what) {
    Ask<A, R> own = new Ask<>(what, lock.newCondition());
    if (isFirst(own)) {
      try {
        doWithOthers(own);
      } finally {
        passTurn();
      }
    }
    if (own.failure != null) {
      throw own.failure;
    }
    return own.phase == Phase.DONE ? own.result : work.apply(List.of(what)).get(0);
  }

  /** Returns whether it is an ask's turn; if not, it was done with others. */
  private boolean isFirst(Ask<A, R> own) {
    lock.lock();
    try {
      if (!isBusy) {
        isBusy = true;
        own.phase = Phase.FIRST;
      } else {
        waiting.add(own);
      }
      while (own.phase == Phase.WAITING || own.phase == Phase.SHARED) {
        own.changed.awaitUninterruptibly(); // no longer than the work takes
      }
      return own.phase == Phase.FIRST;
    } finally {
      lock.unlock();
    }
  }

  private void passTurn() {
    lock.lock();
    try {
      Ask<A, R> next = waiting.poll();
      if (next == null) {
        isBusy = false;
      } else {
        next.enter(Phase.FIRST);
      }
    } finally {
      lock.unlock();
    }
  }

  private void doWithOthers(Ask<A, R> first) {
    List<Ask<A, R>> all = take(first);
    List<R> results = null;
    SheaveException failure = null;
    try {
      results = work.apply(all.stream().map(each -> each.what).toList());
    } catch (RuntimeException | Error e) {
      if (all.size() == 1) {
        throw e;
      }
      failure = e instanceof SheaveException away && away.code() == Code.UNAVAILABLE ? away : null;
    } finally {
      end(all, results, failure);
    }
  }

  private List<Ask<A, R>> take(Ask<A, R> first) {
    List<Ask<A, R>> all = new ArrayList<>(List.of(first));
    Set<UUID> taken = new HashSet<>(subjects.apply(first.what));
    lock.lock();
    try {
      Iterator<Ask<A, R>> others = waiting.iterator();
      while (others.hasNext() && all.size() < MAX_TOGETHER) {
        Ask<A, R> next = others.next();
        Set<UUID> about = subjects.apply(next.what);
        if (Collections.disjoint(taken, about)) {
          taken.addAll(about);
          others.remove();
          next.phase = Phase.SHARED;
          all.add(next);
        }
      }
    } finally {
      lock.unlock();
    }
    return all;
  }

  private void end(
      List<Ask<A, R>> all, @Nullable List<R> results, @Nullable SheaveException failure) {
    lock.lock();
    try {
      for (int i = 0; i < all.size(); i++) {
        Ask<A, R> each = all.get(i);
        each.result = results == null ? null : results.get(i);
        each.failure = failure;
        each.enter(results == null && failure == null ? Phase.ALONE : Phase.DONE);
      }
    } finally {
      lock.unlock();
    }
  }
}
