package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The infrastructure of a flow run, such as a process. Safe for use by several threads. */
public interface RunningInfrastructure extends AutoCloseable {
  /** How long what is cancelled gets to end by itself, unless its block says otherwise. */
  Duration DEFAULT_STOP_GRACE = Duration.ofSeconds(30);

  /**
   * Checks how long a block says that what is cancelled gets to end by itself.
   *
   * @return the time; null for {@link #DEFAULT_STOP_GRACE}
   * @throws SheaveException {@code INVALID} if it is negative, or more than 365 days
   */
  static @Nullable Duration checkStopGrace(@Nullable Duration time) {
    if (time != null && time.isNegative()) {
      throw new SheaveException(Code.INVALID, "'stop_grace' can't be negative.");
    }
    if (time != null && time.toDays() > 365) { // moments are told from it
      throw new SheaveException(Code.INVALID, "'stop_grace' must be at most 365 days.");
    }
    return time;
  }

  /** The identifier, for this program and others: {@code host:1234} for a process. */
  String pid();

  /**
   * Whether what executes the run records its {@link #pid} at the run itself, before the flow is
   * called, so that its agent needn't.
   */
  default boolean recordsItsPid() {
    return false;
  }

  /**
   * Completes when it has ended, and says how. All output has been delivered by then. If it had
   * ended before {@link Infrastructure#attach} was called, this is complete when that returns.
   */
  CompletionStage<Ended> ended();

  /**
   * Whether it is known that the run's own record tells its end, when {@link #ended()} is complete,
   * so that its agent needn't look.
   */
  default boolean hasRecordedEnd() {
    return false;
  }

  /**
   * Waits until it has ended.
   *
   * @param atMost for how long; zero or negative for a look alone
   * @return whether it has
   * @throws SheaveException {@code INTERRUPTED} if the thread is interrupted, which stays so
   */
  default boolean awaitEnd(Duration atMost) {
    try {
      ended().toCompletableFuture().get(Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause()); // the stage completes with an end
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The end of '" + pid() + "' was not awaited.", e);
    }
  }

  /**
   * The place in the output after the last line that was delivered, for {@link
   * Infrastructure#attach}.
   */
  String position();

  /**
   * Ends it, with all that it has started: asks it to end, and kills it after the grace period.
   * Returns when it has ended.
   *
   * @param grace how long to wait before killing it
   * @throws SheaveException {@code CONFLICT} if a part of it can't be ended
   */
  void kill(Duration grace);

  /** How long it gets to end by itself when its run is cancelled, see {@link #kill}. */
  default Duration stopGrace() {
    return DEFAULT_STOP_GRACE;
  }

  /** What may go on after {@link #kill}, as a sentence for people; empty if nothing can. */
  default Optional<String> killLimits() {
    return Optional.empty();
  }

  /**
   * Removes what is kept of it, such as its output and exit code. To be called when it has ended,
   * and its end is recorded: other programs don't find it any more. Does nothing if that is done
   * already.
   */
  void remove();

  /** Stops following it: no more output is delivered. What is running goes on. */
  @Override
  void close();
}
