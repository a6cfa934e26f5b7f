package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is wrong with several values, to be said all at once. */
final class Problems {
  /** How many are told. */
  private static final int MAX_TOLD = 10;

  private final List<SheaveException> found = new ArrayList<>();

  /** Returns a value, or null if it is wrong. */
  <T> @Nullable T collect(Supplier<? extends @Nullable T> value) {
    try {
      return value.get();
    } catch (SheaveException e) {
      if (e.code() != Code.INVALID) {
        throw e;
      }
      found.add(e);
      return null;
    }
  }

  /**
   * Ends the collection.
   *
   * @throws SheaveException {@code INVALID}, with a sentence for each problem, if there are any
   */
  void throwIfAny() {
    if (found.size() == 1) {
      throw found.get(0);
    }
    if (!found.isEmpty()) {
      int untold = found.size() - MAX_TOLD;
      throw new SheaveException(
          Code.INVALID,
          found.stream()
                  .limit(MAX_TOLD)
                  .map(SheaveException::getMessage)
                  .collect(Collectors.joining(" "))
              + (untold > 0 ? " And " + untold + " more." : ""),
          found.get(0));
    }
  }
}
