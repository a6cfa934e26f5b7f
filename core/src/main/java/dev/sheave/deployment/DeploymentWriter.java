package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import dev.sheave.internal.Interruption;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import dev.sheave.internal.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes deployments as YAML: keys, order and comments are the reference's. Secrets are masked, and
 * masks are never read back as values: saved blocks are loaded by name.
 */
final class DeploymentWriter {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

  private static final String QUEUE_COMMENT =
      "# The work queue that will handle this deployment's runs\n";

  private static final String DIVIDER = "\n###\n### DO NOT EDIT BELOW THIS LINE\n###\n";

  private DeploymentWriter() {}

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
      PrivateFiles.write(target, text);
    } catch (IOException e) {
      Interruption.check(e, "writing the deployment file '" + file + "'");
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
    if (!values.keepsSchedule()) {
      above.put(
          "schedule",
          values.schedule() == null ? null : DeploymentJson.SCHEDULE.toJson(values.schedule()));
    }
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
}
