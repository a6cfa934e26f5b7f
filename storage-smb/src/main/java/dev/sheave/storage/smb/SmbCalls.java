package dev.sheave.storage.smb;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls the client in threads that nobody interrupts. In a thread that is interrupted the client
 * forgets the answer that it waits for, and with it the file that the server has opened: the file
 * can't be replaced then for as long as the connection lives.
 */
final class SmbCalls {
  /** How long one who is interrupted waits for the call's end. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(2);

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static final Executor THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> {
            Thread thread = new Thread(work, "sheave-smb-" + NUMBERS.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(SmbCalls.class.getClassLoader());
            return thread;
          });

  private SmbCalls() {}

  /** A call of the client. */
  interface Call<T> {
    /**
     * Calls the client.
     *
     * @param isStopped whether nobody waits for the end; long calls ask it
     */
    T run(BooleanSupplier isStopped) throws IOException;
  }

  /** Undoes a call. */
  interface Undo<T> {
    void run(T result) throws IOException;
  }

  /** Calls the client; the call leaves nothing open. */
  static <T> T run(Call<T> call) throws IOException {
    return run(call, result -> {});
  }

  /**
   * Calls the client.
   *
   * @param undo what is done with the result if the thread was interrupted meanwhile
   * @throws SheaveException {@code INTERRUPTED} if the thread is interrupted, which stays so
   */
  static <T> T run(Call<T> call, Undo<T> undo) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(null);
    }
    AtomicBoolean stopped = new AtomicBoolean();
    CompletableFuture<T> result = start(call, stopped);
    try {
      return resultOf(result);
    } catch (InterruptedException e) {
      stopped.set(true);
      awaitEnd(result.thenCompose(made -> start(undone(undo, made), stopped)));
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  /** Calls the client, in a thread that is interrupted too. */
  static void finish(Call<?> call) throws IOException {
    boolean wasInterrupted = Thread.interrupted();
    try {
      run(call);
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static <T> Call<Boolean> undone(Undo<T> undo, T result) {
    return isStopped -> {
      undo.run(result);
      return true;
    };
  }

  private static <T> CompletableFuture<T> start(Call<T> call, AtomicBoolean stopped) {
    CompletableFuture<T> result = new CompletableFuture<>();
    THREADS.execute(
        () -> {
          try {
            result.complete(call.run(stopped::get));
          } catch (Throwable e) { // handed on, whatever it is
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static <T> T resultOf(Future<T> result) throws IOException, InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      if (cause instanceof RuntimeException other) {
        throw other;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IOException(cause);
    }
  }

  private static void awaitEnd(Future<?> end) {
    try {
      end.get(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      // the interrupt is what is said
      return;
    }
  }

  private static SheaveException interrupted(@Nullable Throwable cause) {
    return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", cause);
  }
}
