package dev.sheave.storage.transfer;

import java.util.Collection;

/** Writes names into messages. */
final class Names {
  private static final int MAX = 3;

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
}
