package dev.sheave.storage;

import dev.sheave.SheaveException;
import dev.sheave.storage.transfer.ObjectStore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a storage lets its user do, found by trying.
 *
 * @param location where it is, as people write it
 * @param steps what was tried, in order
 * @see ReadableStorage#check()
 */
public record StorageCheck(String location, List<Step> steps) {

  /** Copies the steps. */
  public StorageCheck {
    steps = List.copyOf(steps);
  }

  /**
   * Tries a store, on an object of its own that is gone afterwards. Of one that can only be read
   * nothing but that is tried.
   *
   * @param store whose closing is the caller's
   * @throws SheaveException {@code INTERRUPTED}
   */
  public static StorageCheck of(ObjectStore store) {
    return new StorageProbe(store).run();
  }

  /** What is tried. */
  public enum Operation {
    /** It answers, and what the block names is there. */
    CONNECT,
    /** Its files can be listed. */
    LIST,
    /** A file can be written. */
    WRITE,
    /** A file can be read, and has what was written. */
    READ,
    /** A file can be deleted. */
    DELETE;

    /** The name in lower case. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How an attempt ended. */
  public enum Outcome {
    /** It worked. */
    OK,
    /** It didn't. */
    FAILED,
    /** An earlier failure left nothing to try it on. */
    NOT_TRIED
  }

  /**
   * One attempt.
   *
   * @param operation what was tried
   * @param outcome how it ended
   * @param error why it failed; null unless it did
   */
  public record Step(Operation operation, Outcome outcome, @Nullable SheaveException error) {}

  /** Whether nothing failed. */
  public boolean passed() {
    return failure().isEmpty();
  }

  /**
   * Throws if something failed.
   *
   * @throws SheaveException with the code of the first failure; its sentence says what can't be
   *     done, and why
   */
  public void orThrow() {
    failure()
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  /** What {@link #orThrow()} throws, if anything. */
  public Optional<SheaveException> failure() {
    String failed =
        steps.stream()
            .filter(step -> step.error() != null)
            .map(step -> step.operation().toString())
            .collect(Collectors.joining(", "));
    return steps.stream()
        .flatMap(step -> Optional.ofNullable(step.error()).stream())
        .findFirst()
        .map(
            first ->
                new SheaveException(
                    first.code(),
                    "'" + location + "' doesn't let you " + failed + ": " + first.getMessage(),
                    first));
  }
}
