package dev.sheave.testkit.storage;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Wraps a store and injects faults: slow or failed calls, a crash at the nth call, truncated or
 * broken reads, lost answers, wrong or endless listings, and wrong contents. For tests of code that
 * uses stores.
 *
 * <p>A call is one of {@link #list}, {@link #get}, {@link #put} and {@link #delete}; they are
 * counted from 1, over all threads, since it was made or {@linkplain #heal healed}. Faults add up.
 * Safe for use by several threads.
 */
public final class FaultyObjectStore implements ObjectStore {
  private static final long NEVER = Long.MAX_VALUE;
  private static final Predicate<RelativePath> NO_KEY = Set.<RelativePath>of()::contains;

  private final ObjectStore store;
  private final AtomicLong calls = new AtomicLong();
  private volatile Duration delay = Duration.ZERO;
  private volatile long failing = NEVER;
  private volatile Code failure = Code.UNAVAILABLE;
  private volatile long deadBefore = NEVER;
  private volatile long deadAfter = NEVER;
  private volatile Predicate<RelativePath> truncated = NO_KEY;
  private volatile long keptBytes;
  private volatile Predicate<RelativePath> broken = NO_KEY;
  private volatile long sentBytes;
  private volatile Predicate<RelativePath> corrupted = NO_KEY;
  private volatile Predicate<RelativePath> lost = NO_KEY;
  private volatile Predicate<RelativePath> hidden = NO_KEY;
  private volatile Predicate<RelativePath> repeated = NO_KEY;
  private volatile boolean endless;

  /**
   * Creates a store without faults.
   *
   * @param store the wrapped store; closed with this one
   */
  public FaultyObjectStore(ObjectStore store) {
    this.store = store;
  }

  /** Removes all faults, and counts calls from 1 again. Lost objects stay lost. */
  public void heal() {
    delay = Duration.ZERO;
    failing = NEVER;
    deadBefore = NEVER;
    deadAfter = NEVER;
    truncated = NO_KEY;
    broken = NO_KEY;
    corrupted = NO_KEY;
    lost = NO_KEY;
    hidden = NO_KEY;
    repeated = NO_KEY;
    endless = false;
    calls.set(0);
  }

  /** The number of calls since the store was created or healed. */
  public long calls() {
    return calls.get();
  }

  /** Delays each call, as if the store were far away. */
  public void slowDown(Duration each) {
    delay = each;
  }

  /**
   * One call fails and does nothing; those before and after it work.
   *
   * @param call which, from 1
   * @param code what it fails with
   */
  public void failAt(long call, Code code) {
    failure = code;
    failing = call;
  }

  /**
   * A call and all after it fail with {@code UNAVAILABLE} and do nothing, as if the caller were
   * killed just before it.
   *
   * @param call which, from 1
   */
  public void dieBefore(long call) {
    deadBefore = call;
  }

  /**
   * A call takes effect but fails with {@code UNAVAILABLE}, as if its answer were lost. All calls
   * after it fail without effect.
   *
   * @param call which, from 1
   */
  public void dieAfter(long call) {
    deadAfter = call;
  }

  /**
   * Objects end early when they are read, without an error.
   *
   * @param bytes how many there are
   */
  public void truncate(Predicate<RelativePath> keys, long bytes) {
    keptBytes = bytes;
    truncated = keys;
  }

  /**
   * Objects break off when they are read, with an {@link IOException}: the connection was reset.
   *
   * @param bytes how many come before
   */
  public void breakOff(Predicate<RelativePath> keys, long bytes) {
    sentBytes = bytes;
    broken = keys;
  }

  /** Objects have other bytes when they are read, as many as they should. */
  public void corrupt(Predicate<RelativePath> keys) {
    corrupted = keys;
  }

  /** Puts of objects say that they are done, and aren't. */
  public void lose(Predicate<RelativePath> keys) {
    lost = keys;
  }

  /** Puts of objects are done twice, as by a client that lost the answer to its first try. */
  public void repeat(Predicate<RelativePath> keys) {
    repeated = keys;
  }

  /** Listings leave objects out, which can be read. */
  public void hide(Predicate<RelativePath> keys) {
    hidden = keys;
  }

  /** Listings never end: after the objects there are, they go on with new names. */
  public void listForEver() {
    endless = true;
  }

  private interface Call<T> {
    T run();
  }

  private <T> T call(Call<T> call) {
    long number = calls.incrementAndGet();
    pause();
    if (number >= deadBefore || number > deadAfter) {
      throw dead();
    }
    if (number == failing) {
      throw new SheaveException(
          failure, "'" + location() + "' fails at call " + number + ", as it was told.");
    }
    T answer = call.run();
    if (number == deadAfter) {
      throw dead();
    }
    return answer;
  }

  private SheaveException dead() {
    return new SheaveException(
        Code.UNAVAILABLE, "'" + location() + "' doesn't answer any more, as it was told.");
  }

  private void pause() {
    if (delay.isZero()) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(delay.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The call was interrupted.", e);
    }
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public Set<Feature> features() {
    return store.features();
  }

  @Override
  public Optional<String> refusalOf(RelativePath key) {
    return store.refusalOf(key);
  }

  @Override
  public Optional<Path> directory(RelativePath prefix) {
    return store.directory(prefix);
  }

  @Override
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    list(prefix, "", sink);
  }

  @Override
  public void list(RelativePath prefix, String named, Consumer<StoredObject> sink) {
    Predicate<RelativePath> left = hidden;
    call(
        () -> {
          store.list(
              prefix,
              named,
              object -> {
                if (left == NO_KEY || !left.test(RelativePath.parse(object.name()))) {
                  sink.accept(object);
                }
              });
          for (long i = 0; endless; i++) {
            sink.accept(new StoredObject(prefix.resolve("endless-" + i).toString(), 1, null, null));
          }
          return true;
        });
  }

  @Override
  public InputStream get(RelativePath key) {
    InputStream in = call(() -> store.get(key));
    if (corrupted.test(key)) {
      in = new CorruptStream(in);
    }
    if (truncated.test(key)) {
      in = new ShortStream(in, keptBytes);
    }
    return broken.test(key) ? new BrokenStream(in, sentBytes) : in;
  }

  @Override
  public Optional<String> put(RelativePath key, Content content, Condition condition) {
    return call(
        () -> {
          if (lost.test(key)) {
            return Optional.empty();
          }
          if (repeated.test(key)) {
            store.put(key, content, condition);
          }
          return store.put(key, content, condition);
        });
  }

  @Override
  public void delete(Collection<RelativePath> keys) {
    call(
        () -> {
          store.delete(keys);
          return true;
        });
  }

  @Override
  public void close() {
    store.close();
  }

  /** Has every byte wrong. */
  private static final class CorruptStream extends FilterInputStream {
    CorruptStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      return b < 0 ? b : b ^ 1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      for (int i = 0; i < n; i++) {
        buffer[offset + i] ^= 1;
      }
      return n;
    }
  }

  /** Breaks off. */
  private static final class BrokenStream extends ShortStream {
    BrokenStream(InputStream in, long bytes) {
      super(in, bytes);
    }

    @Override
    int end() throws IOException {
      throw new IOException("Connection reset");
    }
  }

  /** Ends early. */
  private static class ShortStream extends FilterInputStream {
    private long left;

    ShortStream(InputStream in, long bytes) {
      super(in);
      this.left = bytes;
    }

    @Override
    public int read() throws IOException {
      return left-- <= 0 ? end() : super.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left <= 0) {
        return end();
      }
      int n = super.read(buffer, offset, (int) Math.min(length, left));
      left -= Math.max(n, 0);
      return n;
    }

    int end() throws IOException {
      return -1;
    }
  }
}
