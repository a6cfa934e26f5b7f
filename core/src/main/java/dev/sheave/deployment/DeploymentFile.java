package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import dev.sheave.infrastructure.InfraOverrides;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deployments as YAML: keys, order and comments are the reference's. Secrets are masked, and masks
 * are never read back as values: saved blocks are loaded by name.
 */
final class DeploymentFile {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

  private static final String QUEUE_COMMENT =
      "# The work queue that will handle this deployment's runs\n";

  private static final String DIVIDER = "\n###\n### DO NOT EDIT BELOW THIS LINE\n###\n";

  /** The fields of a deployment file, in the order in which they are written. */
  static final Set<String> KEYS =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(
              List.of(
                  "name",
                  "description",
                  "version",
                  "work_queue_name",
                  "work_pool_name",
                  "tags",
                  "parameters",
                  "schedule",
                  "is_schedule_active",
                  "infra_overrides",
                  "infrastructure",
                  "flow_name",
                  "manifest_path",
                  "storage",
                  "path",
                  "entrypoint",
                  "parameter_openapi_schema",
                  "timestamp")));

  private DeploymentFile() {}

  /** Writes a deployment; the write is atomic. */
  static void write(Deployment deployment, Blocks blocks, Path file) {
    String text = format(deployment, blocks);
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new SheaveException(
          Code.INVALID,
          "The deployment file '" + file + "' can't be written: its folder doesn't exist.");
    }
    try {
      Path beside = Files.createTempFile(folder, ".sheave-", ".yaml");
      try {
        Files.writeString(beside, text);
        Files.move(
            beside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The deployment file '" + file + "' can't be written: " + IoReason.of(e, target) + ".",
          e);
    }
  }

  /** Returns the YAML of a deployment. */
  static String format(Deployment deployment, Blocks blocks) {
    DeploymentValues values = deployment.values();
    boolean infrastructureIsSaved = isNamed(values.infrastructure());
    Map<String, @Nullable Object> above = new LinkedHashMap<>();
    above.put("name", values.name());
    above.put("description", values.description());
    above.put("version", values.version());
    above.put("work_queue_name", values.workQueueName());
    above.put("work_pool_name", values.workPoolName());
    above.put("tags", values.tags());
    above.put("parameters", RunParameters.of(values).toWrite(values.parameters(), blocks));
    above.put(
        "schedule",
        values.schedule() == null ? null : DeploymentJson.SCHEDULE.toJson(values.schedule()));
    above.put("is_schedule_active", values.isScheduleActive());
    above.put("infra_overrides", values.infraOverrides());
    if (!infrastructureIsSaved) {
      above.put("infrastructure", block(values.infrastructure(), blocks));
    }
    Map<String, @Nullable Object> below = new LinkedHashMap<>();
    below.put("flow_name", values.flowName());
    below.put("manifest_path", null);
    if (infrastructureIsSaved) {
      below.put("infrastructure", block(values.infrastructure(), blocks));
    }
    below.put("storage", values.storage() == null ? null : block(values.storage(), blocks));
    below.put("path", values.path());
    below.put("entrypoint", values.entrypoint());
    below.put("parameter_openapi_schema", values.parameterSchema());
    below.put("timestamp", TIMESTAMP.format(values.timestamp()));
    String editable = Yaml.write(above);
    int queue = editable.indexOf("work_queue_name:");
    return "###\n### A complete description of a Sheave Deployment for flow '"
        + values.flowName().replaceAll("\\p{Cntrl}", " ")
        + "'\n###\n"
        + editable.substring(0, queue)
        + QUEUE_COMMENT
        + editable.substring(queue)
        + DIVIDER
        + Yaml.write(below);
  }

  private static boolean isNamed(Block block) {
    return block.identity().filter(identity -> !identity.isAnonymous()).isPresent();
  }

  private static Map<String, @Nullable Object> block(Block block, Blocks blocks) {
    Map<String, @Nullable Object> section = new LinkedHashMap<>(blocks.values(block));
    if (isNamed(block)) {
      Block.Identity identity = block.identity().orElseThrow();
      section.put("_block_document_id", identity.id().toString());
      section.put("_block_document_name", identity.name());
      section.put("_is_anonymous", false);
    }
    section.put("block_type_slug", block.slug());
    section.put("_block_type_slug", block.slug());
    return section;
  }

  /** Reads a deployment. */
  static DeploymentValues read(Path file, Blocks blocks) {
    String text;
    try {
      text = Files.readString(file);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new SheaveException(
          Code.NOT_FOUND, "The deployment file '" + file + "' doesn't exist.", e);
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The deployment file '"
              + file
              + "' can't be read: "
              + (e instanceof java.nio.charset.CharacterCodingException
                  ? "it isn't UTF-8 text."
                  : IoReason.of(e, file) + "."),
          e);
    }
    DeploymentYaml yaml = DeploymentYaml.parse(text, file);
    yaml.refuseUnknownKeys(KEYS);
    Map<String, @Nullable Object> infrastructure = yaml.object("infrastructure");
    Map<String, @Nullable Object> storage = yaml.object("storage");
    Block runsOn =
        infrastructure == null || infrastructure.isEmpty()
            ? blocks.create("process", Map.of())
            : block("infrastructure", infrastructure, blocks, file);
    String name = yaml.requiredText("name");
    String flowName = yaml.requiredText("flow_name");
    Map<String, @Nullable Object> schema = orEmpty(yaml.object("parameter_openapi_schema"));
    return DeploymentValues.builder(name, flowName, runsOn, yaml.requiredText("entrypoint"))
        .version(yaml.text("version"))
        .description(yaml.text("description"))
        .tags(yaml.texts("tags"))
        .parameters(
            parameters(flowName + "/" + name, schema, orEmpty(yaml.object("parameters")), file))
        .parameterSchema(schema)
        .workQueueName(orDefault(yaml.text("work_queue_name")))
        .workPoolName(yaml.text("work_pool_name"))
        .infraOverrides(
            InfraOverrides.normalize(runsOn.getClass(), orEmpty(yaml.object("infra_overrides"))))
        .storage(
            storage == null || storage.isEmpty() ? null : block("storage", storage, blocks, file))
        .path(yaml.text("path"))
        .schedule(yaml.schedule("schedule"))
        .isScheduleActive(yaml.truth("is_schedule_active"))
        .timestamp(Instant.now())
        .build();
  }

  private static Map<String, @Nullable Object> parameters(
      String fullName,
      Map<String, @Nullable Object> schema,
      Map<String, @Nullable Object> values,
      Path file) {
    if (schema.isEmpty()) {
      return values;
    }
    try {
      return new RunParameters("deployment '" + fullName + "'", schema).check(values);
    } catch (SheaveException e) {
      throw new SheaveException(
          e.code(), "The parameters in '" + file + "' can't be used: " + e.getMessage(), e);
    }
  }

  private static String orDefault(@Nullable String queue) {
    return queue == null ? Deployment.DEFAULT_WORK_QUEUE : queue;
  }

  private static Map<String, @Nullable Object> orEmpty(
      @Nullable Map<String, @Nullable Object> map) {
    return map == null ? Map.of() : map;
  }

  private static Block block(
      String key, Map<String, @Nullable Object> section, Blocks blocks, Path file) {
    Object slug = section.get("block_type_slug");
    if (!(slug instanceof String type)) {
      throw new SheaveException(
          Code.INVALID,
          "The section '"
              + key
              + "' of '"
              + file
              + "' doesn't name its block type; add a 'block_type_slug'.");
    }
    if (section.get("_block_document_name") instanceof String name) {
      return blocks.load(type + "/" + name);
    }
    Map<String, @Nullable Object> data = new LinkedHashMap<>(section);
    data.keySet().removeIf(name -> name.equals("block_type_slug") || name.startsWith("_"));
    try {
      return blocks.create(type, data);
    } catch (SheaveException e) {
      throw new SheaveException(
          e.code(), "The section '" + key + "' of '" + file + "': " + e.getMessage(), e);
    }
  }
}
