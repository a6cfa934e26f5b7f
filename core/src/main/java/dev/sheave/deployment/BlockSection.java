package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.block.Block;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.block.Blocks;
import dev.sheave.block.Secret;
import dev.sheave.internal.Backends;
import dev.sheave.internal.JsonSchema;
import dev.sheave.internal.Suggestions;
import dev.sheave.internal.YamlNode;
import dev.sheave.internal.YamlNode.Mapping;
import dev.sheave.internal.YamlNode.Scalar;
import dev.sheave.internal.YamlNode.Sequence;
import dev.sheave.internal.YamlValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A block in a deployment file: a saved one by its name, or one whose values stand there. An
 * anonymous one of another database is of the second kind.
 */
final class BlockSection {
  /** What releases before 2.3 had in {@code type}, where the slug is another. */
  private static final Map<String, String> EARLY_TYPES = Map.of("local", "local-file-system");

  private final String key;
  private final Mapping section;
  private final DeploymentYaml yaml;
  private final Blocks blocks;

  BlockSection(String key, Mapping section, DeploymentYaml yaml, Blocks blocks) {
    this.key = key;
    this.section = section;
    this.yaml = yaml;
    this.blocks = blocks;
  }

  /** Returns the block, or null if it can't be had: then the problem is noted. */
  @Nullable Block read() {
    String slug = slug();
    if (slug == null) {
      yaml.problem(key, "'" + key + "' doesn't name its block type; add a 'block_type_slug'.");
      return null;
    }
    if (key.equals("infrastructure")
        && blocks.registry().find(slug).isEmpty()
        && Backends.of(slug).isEmpty()) {
      List<String> known =
          blocks.registry().types().stream().map(BlockTypeDescriptor::slug).toList();
      yaml.problem(
          key,
          "the infrastructure type '"
              + slug
              + "' isn't supported; remove 'infrastructure' to run in processes on the agent's machine."
              + Suggestions.hint(slug, known));
      return null;
    }
    String name = text("_block_document_name");
    boolean isAnonymous =
        "true".equals(text("_is_anonymous")) || name != null && name.startsWith("anonymous-");
    try {
      boolean isSaved =
          name != null && (!isAnonymous || hasMasks(section) && blocks.exists(slug + "/" + name));
      return isSaved ? blocks.load(slug + "/" + name) : ofValues(slug);
    } catch (SheaveException e) {
      yaml.problem(key, e);
      return null;
    }
  }

  private @Nullable String slug() {
    for (String name : List.of("block_type_slug", "_block_type_slug", "type")) {
      String slug = text(name);
      if (slug != null) {
        return EARLY_TYPES.getOrDefault(slug, slug);
      }
    }
    return null;
  }

  private @Nullable String text(String name) {
    return section.entries().get(name) instanceof Scalar scalar && !scalar.isNull()
        ? scalar.text()
        : null;
  }

  private static boolean hasMasks(YamlNode node) {
    if (node instanceof Mapping mapping) {
      return mapping.entries().values().stream().anyMatch(BlockSection::hasMasks);
    }
    if (node instanceof Sequence list) {
      return list.elements().stream().anyMatch(BlockSection::hasMasks);
    }
    return Secret.isMask(((Scalar) node).text());
  }

  private @Nullable Block ofValues(String slug) {
    Map<String, @Nullable Object> schema =
        BlockSchema.of(blocks.registry().blockClass(slug)).fields();
    Set<String> fields = JsonSchema.of(schema).propertyNames();
    boolean isRight = true;
    Map<String, YamlNode> known = new LinkedHashMap<>();
    for (Map.Entry<String, YamlNode> entry : section.entries().entrySet()) {
      String name = entry.getKey();
      boolean isOurs =
          name.startsWith("_")
              || name.equals("block_type_slug")
              || name.equals("type") && !fields.contains("type");
      if (fields.contains(name)) {
        known.put(name, entry.getValue());
      } else if (!isOurs && isEmpty(entry.getValue())) {
        yaml.warn("'" + name + "' of '" + key + "' is ignored");
      } else if (!isOurs) {
        yaml.problem(
            section.keys().get(name),
            "the block type '"
                + slug
                + "' has no field '"
                + name
                + "'."
                + Suggestions.hint(name, fields));
        isRight = false;
      }
    }
    if (!isRight) {
      return null;
    }
    Map<String, @Nullable Object> data =
        YamlValues.read(new Mapping(known, section.keys(), section.place()), schema);
    if (fields.contains("type")) {
      data.put("type", slug);
    }
    return blocks.create(slug, data);
  }

  private static boolean isEmpty(YamlNode node) {
    return node instanceof Scalar scalar && scalar.isNull()
        || node instanceof Mapping mapping && mapping.entries().isEmpty()
        || node instanceof Sequence list && list.elements().isEmpty();
  }
}
