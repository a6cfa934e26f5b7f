package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.SheaveException.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with several values, to be said all at once. Not safe for use by several threads.
 */
public final class Problems {
  /** How many a message tells; the exception has all. */
  private static final int MAX_TOLD = 10;

  /** By its sentence, which is said once. */
  private final Map<String, Problem> found = new LinkedHashMap<>();

  /** What was found first, if an exception said it. */
  private @Nullable SheaveException first;

  /**
   * Adds a problem.
   *
   * @param path where it is; empty for the whole
   */
  public void add(String path, String sentence) {
    found.putIfAbsent(sentence, new Problem(path, sentence));
  }

  /** Adds what an exception says of a place. */
  public void add(String path, SheaveException error) {
    if (found.isEmpty()) {
      first = error;
    }
    for (Problem each : error.problems()) {
      found.putIfAbsent(
          each.message(), each.path().isEmpty() ? new Problem(path, each.message()) : each);
    }
  }

  /** Returns a value, or null if it has a problem. */
  <T> @Nullable T collect(String path, Supplier<? extends @Nullable T> value) {
    try {
      return value.get();
    } catch (SheaveException e) {
      if (e.code() != Code.INVALID && e.code() != Code.NOT_FOUND) {
        throw e;
      }
      add(path, e);
      return null;
    }
  }

  /** Does something, and adds what it refuses: what is invalid, unsupported, or isn't there. */
  public void check(String path, Runnable action) {
    try {
      action.run();
    } catch (SheaveException e) {
      if (e.code() != Code.INVALID && e.code() != Code.UNSUPPORTED && e.code() != Code.NOT_FOUND) {
        throw e;
      }
      add(path, e);
    }
  }

  /** Returns whether nothing is wrong. */
  public boolean isEmpty() {
    return found.isEmpty();
  }

  /** Returns what is wrong. */
  public List<Problem> all() {
    return List.copyOf(found.values());
  }

  /**
   * Ends the collection.
   *
   * @throws SheaveException the {@link #error}, if there is a problem
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw error();
    }
  }

  /**
   * Returns the error that tells the problem; if there are several, it has the code of the first
   * and a sentence for each. There must be one.
   */
  public SheaveException error() {
    SheaveException said = first;
    if (said != null && said.problems().equals(all())) {
      return said;
    }
    if (said == null || found.size() > 1) {
      List<Problem> ended =
          all().stream().map(each -> new Problem(each.path(), ended(each.message()))).toList();
      return new SheaveException(
          said == null ? Code.INVALID : said.code(), toString(), ended, said);
    }
    // the same one, and where it is
    SheaveException error =
        new SheaveException(said.code(), said.getMessage(), all(), said.getCause());
    error.setStackTrace(said.getStackTrace());
    return error;
  }

  /** Returns the sentences, at most {@value #MAX_TOLD} of them. */
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
