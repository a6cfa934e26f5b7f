package dev.sheave.storage.transfer;

import java.util.Collection;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Writes names into messages. */
final class Names {
  private static final int MAX = 3;

  /** Names that have to be changed are told all, unless nobody would read them. */
  private static final int MAX_EXPLAINED = 50;

  private Names() {}

  /** The first few of some names, in quotes, with control characters spelled out. */
  static String some(Collection<?> names) {
    String some =
        String.join(
            ", ",
            names.stream()
                .map(name -> RelativePath.printable(name.toString()))
                .sorted()
                .limit(MAX)
                .map(name -> "'" + name + "'")
                .toList());
    return names.size() > MAX ? some + " and others" : some;
  }

  /** Names with the reason for each, in quotes and brackets. */
  static String explained(SortedMap<?, String> reasons) {
    String some =
        reasons.entrySet().stream()
            .limit(MAX_EXPLAINED)
            .map(name -> "'" + name.getKey() + "' (" + name.getValue() + ")")
            .map(RelativePath::printable)
            .collect(Collectors.joining(", "));
    int left = reasons.size() - MAX_EXPLAINED;
    return left > 0 ? some + " and " + left + " others" : some;
  }
}
