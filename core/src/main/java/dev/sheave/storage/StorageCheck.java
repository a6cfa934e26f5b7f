package dev.sheave.storage;

import dev.sheave.SheaveException;
import dev.sheave.storage.transfer.ObjectSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of checking which operations a storage allows, by trying them.
 *
 * @param location the storage's location, as users write it
 * @param steps the attempts, in order
 * @see ReadableStorage#check()
 */
public record StorageCheck(String location, List<Step> steps) {

  /** Copies the steps. */
  public StorageCheck {
    steps = List.copyOf(steps);
  }

  /**
   * Checks a store with an object of its own, which is removed afterwards. For a read-only store,
   * only reading is tried.
   *
   * @param store the store, which the caller closes
   * @throws SheaveException {@code INTERRUPTED}
   */
  public static StorageCheck of(ObjectSource store) {
    return new StorageProbe(store).run();
  }

  /** An operation that is tried. */
  public enum Operation {
    /**
     * The storage responds, and the bucket or folder of the block exists. It fails, too, if access
     * is denied to everything: the credentials may be wrong.
     */
    CONNECT,
    /** Its files can be listed. */
    LIST,
    /** A file can be written. */
    WRITE,
    /** A file can be read, and contains what was written. */
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
    /** It failed. */
    FAILED,
    /** It couldn't be tried because of an earlier failure. */
    NOT_TRIED
  }

  /**
   * One attempt.
   *
   * @param operation the operation that was tried
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
   * @throws SheaveException with the code of the first failure; its message tells which operations
   *     failed, and why
   */
  public void orThrow() {
    failure()
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  /** The exception that {@link #orThrow()} throws, if any. */
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
