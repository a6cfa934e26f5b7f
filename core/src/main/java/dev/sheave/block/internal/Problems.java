package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Collects the problems of several values, to report them all at once. */
final class Problems {
  /** The number of problems in a message. */
  private static final int MAX_REPORTED = 10;

  private final List<SheaveException> found = new ArrayList<>();

  /** Returns a value, or null if it has a problem. */
  <T> @Nullable T collect(Supplier<? extends @Nullable T> value) {
    try {
      return value.get();
    } catch (SheaveException e) {
      if (e.code() != Code.INVALID && e.code() != Code.NOT_FOUND) {
        throw e;
      }
      found.add(e);
      return null;
    }
  }

  /**
   * Ends the collection.
   *
   * @throws SheaveException the problem; if there are several, with the code of the first and a
   *     sentence for each
   */
  void throwIfAny() {
    if (found.size() == 1) {
      throw found.get(0);
    }
    if (!found.isEmpty()) {
      int others = found.size() - MAX_REPORTED;
      throw new SheaveException(
          found.get(0).code(),
          found.stream()
                  .limit(MAX_REPORTED)
                  .map(SheaveException::getMessage)
                  .collect(Collectors.joining(" "))
              + (others > 0 ? " And " + others + " more." : ""),
          found.get(0));
    }
  }
}
