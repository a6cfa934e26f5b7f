package dev.sheave.benchmarks;

import java.util.Collection;
import java.util.List;

/** The median of measured values. */
public final class Median {
  private Median() {}

  /** Returns it; of an even number of values the larger one of the two in the middle. */
  public static double of(Collection<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
