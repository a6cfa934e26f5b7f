package dev.sheave.api;

import dev.sheave.SheaveException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Variables: named values that flows read. They aren't secret; a secret belongs into a block.
 *
 * <p>An unknown id throws {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface VariableApi {
  /** The longest name. */
  int MAX_NAME_LENGTH = 255;

  /** The longest value, in characters. */
  int MAX_VALUE_LENGTH = 5000;

  /**
   * Creates a variable.
   *
   * @throws SheaveException {@code ALREADY_EXISTS} if the name is taken; {@code INVALID} for a name
   *     with other characters than lower-case letters, digits and underscores, and for a name or
   *     value that is too long
   */
  VariableRecord createVariable(String name, String value, List<String> tags);

  /** Reads a variable by id. */
  VariableRecord readVariable(UUID id);

  /** Finds a variable by name. */
  Optional<VariableRecord> findVariable(String name);

  /** Lists variables. */
  List<VariableRecord> listVariables(VariableFilter filter, VariableSort sort, Page page);

  /** Counts variables. */
  int countVariables(VariableFilter filter);

  /**
   * Changes a variable.
   *
   * @throws SheaveException as {@link #createVariable}
   */
  void updateVariable(UUID id, VariableUpdate update);

  /** Deletes a variable. */
  void deleteVariable(UUID id);

  /** The order in which variables are listed. */
  enum VariableSort {
    /** The most recently created first. */
    CREATED_DESC,
    /** The most recently changed first. */
    UPDATED_DESC,
    /** By name, the last first. */
    NAME_DESC,
    /** By name. */
    NAME_ASC
  }

  /**
   * Changes to a variable.
   *
   * @param name its name
   * @param value its value
   * @param tags its tags
   */
  record VariableUpdate(Change<String> name, Change<String> value, Change<List<String>> tags) {
    /** Changes nothing. */
    public static final VariableUpdate NONE =
        new VariableUpdate(Change.keep(), Change.keep(), Change.keep());

    /** These changes, and its name. */
    public VariableUpdate withName(String newName) {
      return new VariableUpdate(Change.to(newName), value, tags);
    }

    /** These changes, and its value. */
    public VariableUpdate withValue(String newValue) {
      return new VariableUpdate(name, Change.to(newValue), tags);
    }

    /** These changes, and its tags. */
    public VariableUpdate withTags(List<String> newTags) {
      return new VariableUpdate(name, value, Change.to(newTags));
    }
  }
}
