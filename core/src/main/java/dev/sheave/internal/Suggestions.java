package dev.sheave.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the names that a mistyped name may stand for. */
public final class Suggestions {

  private Suggestions() {}

  /** Returns the candidate that is most like a name, if one is like it at all. */
  public static Optional<String> to(String name, Collection<String> candidates) {
    String wanted = name.toLowerCase(Locale.ROOT);
    int tolerance = Math.max(2, wanted.length() / 3);
    return candidates.stream()
        .filter(
            candidate -> {
              String other = candidate.toLowerCase(Locale.ROOT);
              // 'bucket' means 'bucket_path', however long the rest is
              return distance(wanted, other) <= tolerance
                  || (wanted.length() >= 3 && other.startsWith(wanted));
            })
        .min(
            Comparator.comparingInt(
                    (String candidate) -> distance(wanted, candidate.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Returns {@code " Did you mean 'x'?"}, or nothing. */
  public static String hint(String name, Collection<String> candidates) {
    return to(name, candidates).map(found -> " Did you mean '" + found + "'?").orElse("");
  }

  /** The number of letters to insert, delete or replace (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(Math.min(above, row[j - 1]) + 1, replaced);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
