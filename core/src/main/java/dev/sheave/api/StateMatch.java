package dev.sheave.api;

import java.util.Set;

/**
 * Which states match. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param type their types
 * @param name their names
 */
public record StateMatch(Operator operator, FieldMatch<StateType> type, FieldMatch<String> name) {
  /** All states. */
  public static final StateMatch ANY =
      new StateMatch(Operator.AND, FieldMatch.any(), FieldMatch.any());

  /** These states that are of one of the types. */
  public StateMatch withTypes(Set<StateType> types) {
    return new StateMatch(operator, FieldMatch.anyOf(types), name);
  }

  /** These states that have one of the names. */
  public StateMatch withNames(Set<String> names) {
    return new StateMatch(operator, type, FieldMatch.anyOf(names));
  }
}
