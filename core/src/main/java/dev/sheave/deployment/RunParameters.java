package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.block.Blocks;
import dev.sheave.block.internal.ParameterSchema;
import dev.sheave.block.internal.ParameterSchema.Places;
import dev.sheave.block.internal.Problems;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The parameters of deployments and runs, checked and made fit to be stored. */
final class RunParameters {
  private final String owner;
  private final ParameterSchema schema;
  private final @Nullable Object definitions;

  /**
   * For a schema.
   *
   * @param owner names what has the parameters, for messages: {@code deployment 'x/y'}
   */
  RunParameters(String owner, Map<String, @Nullable Object> schema) {
    this.owner = owner;
    this.schema = new ParameterSchema(schema);
    this.definitions = schema.get("definitions");
  }

  static RunParameters of(DeploymentRecord deployment) {
    return new RunParameters(
        "deployment '" + deployment.fullName() + "'", deployment.spec().parameterSchema());
  }

  static RunParameters of(DeploymentValues deployment) {
    return new RunParameters(
        "deployment '" + deployment.flowName() + "/" + deployment.name() + "'",
        deployment.parameterSchema());
  }

  /**
   * Checks values that need no store, as those of a file.
   *
   * @return the values, texts converted where the schema has something else
   */
  Map<String, @Nullable Object> check(Map<String, ? extends @Nullable Object> values) {
    Problems problems = new Problems();
    Map<String, @Nullable Object> checked = schema.check(owner, values, Places.UNTOUCHED, problems);
    problems.throwIfAny();
    return checked;
  }

  /**
   * Checks the values of a deployment.
   *
   * @return what is stored of them: references in place of secrets and blocks, which are saved
   * @throws SheaveException {@code INVALID}, with all that is wrong
   */
  Map<String, @Nullable Object> toStore(
      Map<String, ? extends @Nullable Object> values, Blocks blocks) {
    return toStore(values, List.of(), blocks);
  }

  /**
   * Checks the values of a run, which must be complete.
   *
   * @param values its own
   * @param known those of its deployment
   * @return what is stored of its own
   * @throws SheaveException {@code INVALID}, with all that is wrong or missing
   */
  Map<String, @Nullable Object> toStore(
      Map<String, ? extends @Nullable Object> values,
      Map<String, ? extends @Nullable Object> known,
      Blocks blocks) {
    return toStore(values, missing(values, known), blocks);
  }

  /** Returns the names of those that must have a value and have none. */
  List<String> missing(
      Map<String, ? extends @Nullable Object> values,
      Map<String, ? extends @Nullable Object> known) {
    List<String> missing = schema.missing(known);
    missing.removeAll(values.keySet());
    return missing;
  }

  private Map<String, @Nullable Object> toStore(
      Map<String, ? extends @Nullable Object> values, List<String> missing, Blocks blocks) {
    Problems problems = new Problems();
    ParameterReferences references = new ParameterReferences(blocks);
    Map<String, @Nullable Object> checked =
        schema.check(owner, values, references.checking(problems), problems);
    ParameterSchema.addMissing(owner, missing, problems);
    problems.throwIfAny();
    return schema.replace(checked, references.saving());
  }

  /** Returns values as a file has them: references in place of secrets given by value. */
  Map<String, @Nullable Object> toWrite(
      Map<String, ? extends @Nullable Object> values, Blocks blocks) {
    return schema.replace(values, new ParameterReferences(blocks).savingValues());
  }

  /** The types of the blocks that the schema describes. */
  Set<String> blockTypes() {
    Set<String> types = new TreeSet<>();
    if (definitions instanceof Map<?, ?> all) {
      for (Object each : all.values()) {
        if (each instanceof Map<?, ?> definition
            && definition.get("block_type_slug") instanceof String slug) {
          types.add(slug);
        }
      }
    }
    return types;
  }

  /** Returns values with masks in place of secrets that aren't references. */
  Map<String, @Nullable Object> masked(Map<String, ? extends @Nullable Object> values) {
    return schema.replace(values, Places.MASKED);
  }
}
