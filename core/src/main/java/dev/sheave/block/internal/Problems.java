package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.LinkedHashSet;
import java.util.Set;

/** What is wrong with some values, to be said all at once. Not safe for use by several threads. */
public final class Problems {
  private final Set<String> sentences = new LinkedHashSet<>();

  /** Adds a sentence. */
  public void add(String sentence) {
    sentences.add(sentence);
  }

  /** Does something, and adds what it finds invalid or unsupported. */
  public void collect(Runnable check) {
    try {
      check.run();
    } catch (SheaveException e) {
      if (e.code() != Code.INVALID && e.code() != Code.UNSUPPORTED && e.code() != Code.NOT_FOUND) {
        throw e;
      }
      add(e.getMessage());
    }
  }

  /** Returns whether nothing is wrong. */
  public boolean isEmpty() {
    return sentences.isEmpty();
  }

  /**
   * Says what is wrong, if anything is.
   *
   * @throws SheaveException {@code INVALID}
   */
  public void throwIfAny() {
    if (!isEmpty()) {
      throw new SheaveException(Code.INVALID, toString());
    }
  }

  /** Returns the sentences. */
  @Override
  public String toString() {
    return String.join(" ", sentences);
  }
}
