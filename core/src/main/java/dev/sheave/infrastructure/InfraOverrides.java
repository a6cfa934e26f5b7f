package dev.sheave.infrastructure;

import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import dev.sheave.block.internal.FieldAddress;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.block.internal.Problems;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges the overrides of a deployment or a run into its infrastructure block, by the types of its
 * fields.
 *
 * <p>{@code env.A=1} and <code>{"env": {"A": "1"}}</code> set one variable and leave the others.
 * Keys are split at dots as far as the block has fields, and once a map is reached the rest is one
 * key, so that labels may have dots. Values are converted to the field's type. A null means that
 * the field or key is absent in the run.
 */
public final class InfraOverrides {

  private InfraOverrides() {}

  /**
   * Returns overrides in their stored form: by flat dotted key, each value of the field's type.
   *
   * @param infrastructure the class of the block
   * @param overrides flat or nested, with Java or JSON values, or strings; no secrets, since
   *     overrides are stored in the clear
   * @throws dev.sheave.SheaveException {@code INVALID}, naming the nearest field, for a key that
   *     the block doesn't have, or a value of the wrong type
   */
  public static Map<String, @Nullable Object> normalize(
      Class<? extends Block> infrastructure, Map<String, ? extends @Nullable Object> overrides) {
    ObjectModel model = ObjectModel.of(Arguments.notNull(infrastructure, "infrastructure"));
    Arguments.notNull(overrides, "overrides");
    Map<String, @Nullable Object> flat = new LinkedHashMap<>();
    Problems problems = new Problems();
    overrides.forEach(
        (key, value) ->
            problems.check(
                key, () -> flat.putAll(FieldAddress.of(model, key).leaves(model, value))));
    String level = "env." + Settings.LOGGING_LEVEL;
    problems.check(level, () -> InfrastructureBlock.checkLoggingLevel(flat.get(level)));
    problems.throwIfAny();
    return flat;
  }

  /**
   * Returns overrides in their stored form, see {@link #normalize}, after trying whether the block
   * takes them: what it refuses would fail each run.
   *
   * @throws dev.sheave.SheaveException as {@link #normalize} does, and {@code INVALID} with what
   *     the block says
   */
  public static Map<String, @Nullable Object> check(
      Blocks blocks, Block infrastructure, Map<String, ? extends @Nullable Object> overrides) {
    Arguments.notNull(blocks, "blocks");
    Arguments.notNull(infrastructure, "infrastructure");
    Map<String, @Nullable Object> flat = normalize(infrastructure.getClass(), overrides);
    apply(blocks, infrastructure, List.of(flat));
    return flat;
  }

  /**
   * Returns an unsaved copy of an infrastructure block with overrides merged into it.
   *
   * @param layers those of the deployment, then those of the run: of two values for one place, the
   *     later one is used
   * @throws dev.sheave.SheaveException as {@link #normalize} does
   */
  public static Block apply(
      Blocks blocks, Block infrastructure, List<Map<String, @Nullable Object>> layers) {
    Arguments.notNull(blocks, "blocks");
    Arguments.notNull(infrastructure, "infrastructure");
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    for (Map<String, @Nullable Object> layer : Arguments.noneNull(layers, "layers")) {
      if (!layer.isEmpty()) {
        Map<String, @Nullable Object> flat = normalize(infrastructure.getClass(), layer);
        merged.keySet().removeAll(flat.keySet()); // they are set in the order of the map
        merged.putAll(flat);
      }
    }
    return merged.isEmpty() ? infrastructure : blocks.with(infrastructure, merged);
  }
}
