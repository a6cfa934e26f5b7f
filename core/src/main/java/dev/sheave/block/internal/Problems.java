package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with several values, to be said all at once. Not safe for use by several threads.
 */
public final class Problems {
  /** How many are told. */
  private static final int MAX_TOLD = 10;

  /** By its sentence, which is said once. */
  private final Map<String, SheaveException> found = new LinkedHashMap<>();

  /** Adds a sentence. */
  public void add(String sentence) {
    add(new SheaveException(Code.INVALID, sentence));
  }

  private void add(SheaveException problem) {
    found.putIfAbsent(problem.getMessage(), problem);
  }

  /** Returns a value, or null if it has a problem. */
  <T> @Nullable T collect(Supplier<? extends @Nullable T> value) {
    try {
      return value.get();
    } catch (SheaveException e) {
      if (e.code() != Code.INVALID && e.code() != Code.NOT_FOUND) {
        throw e;
      }
      add(e);
      return null;
    }
  }

  /** Does something, and adds what it refuses: what is invalid, unsupported, or isn't there. */
  public void check(Runnable action) {
    try {
      action.run();
    } catch (SheaveException e) {
      if (e.code() != Code.INVALID && e.code() != Code.UNSUPPORTED && e.code() != Code.NOT_FOUND) {
        throw e;
      }
      add(e);
    }
  }

  /** Returns whether nothing is wrong. */
  public boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * Ends the collection.
   *
   * @throws SheaveException the problem; if there are several, with the code of the first and a
   *     sentence for each
   */
  public void throwIfAny() {
    List<SheaveException> all = new ArrayList<>(found.values());
    if (all.size() == 1) {
      throw all.get(0);
    }
    if (!all.isEmpty()) {
      throw new SheaveException(all.get(0).code(), toString(), all.get(0));
    }
  }

  /** Returns the sentences. */
  @Override
  public String toString() {
    List<String> sentences = found.keySet().stream().map(Problems::ended).toList();
    int untold = sentences.size() - MAX_TOLD;
    return String.join(" ", sentences.subList(0, Math.min(MAX_TOLD, sentences.size())))
        + (untold > 0 ? " And " + untold + " more." : "");
  }

  /** What a constructor of the user's said may have no end. */
  private static String ended(String sentence) {
    return sentence.matches("(?s).*[.!?]") ? sentence : sentence + ".";
  }
}
