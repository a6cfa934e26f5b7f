package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Schedule;
import dev.sheave.block.Block;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.Blocks;
import dev.sheave.flow.Entrypoint;
import dev.sheave.infrastructure.InfraOverrides;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.internal.LocalPaths;
import dev.sheave.internal.TextFile;
import dev.sheave.internal.YamlNode.Mapping;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads deployments from YAML, those that releases 2.0 to 2.20 of the reference have written, too.
 * Whatever is wrong is said at once.
 */
final class DeploymentReader {
  /** What a deployment may say. */
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

  private final DeploymentYaml yaml;
  private final Deployments connection;
  private final Blocks blocks;

  private DeploymentReader(DeploymentYaml yaml, Deployments connection) {
    this.yaml = yaml;
    this.connection = connection;
    this.blocks = connection.blocks();
  }

  /**
   * Reads a deployment.
   *
   * @param warnings is told what is passed over, a sentence each
   */
  static DeploymentValues read(Path file, Deployments connection, Consumer<String> warnings) {
    String text = TextFile.read(file, "deployment file '" + file + "'");
    DeploymentYaml yaml = DeploymentYaml.parse(text, file);
    DeploymentValues values = new DeploymentReader(yaml, connection).read();
    yaml.throwProblems();
    yaml.warnings().forEach(warnings);
    return values;
  }

  private DeploymentValues read() {
    ForeignKeys foreign = new ForeignKeys(yaml);
    foreign.check();
    Map<String, @Nullable Object> parameterSchema =
        yaml.object("parameter_openapi_schema", Map.of());
    Block infrastructure = infrastructure();
    Mapping section = yaml.mapping("storage");
    Block storage =
        section == null || section.entries().isEmpty()
            ? null
            : block("storage", section, ReadableStorage.class, "storage", "get-directory");
    String queue = yaml.text("work_queue_name");
    return DeploymentValues.builder(
            yaml.requiredText("name"), yaml.requiredText("flow_name"), infrastructure, entrypoint())
        .version(yaml.text("version"))
        .description(yaml.text("description"))
        .tags(yaml.texts("tags"))
        .parameters(parameters(parameterSchema))
        .parameterSchema(parameterSchema)
        .workQueueName(queue != null ? queue : Deployment.DEFAULT_WORK_QUEUE)
        .workPoolName(yaml.text("work_pool_name"))
        .infraOverrides(overrides(foreign.overridesKey(), infrastructure))
        .storage(storage)
        .path(path(infrastructure))
        .schedule(schedule(foreign))
        .keepsSchedule(!yaml.keys().contains("schedule") && !yaml.keys().contains("schedules"))
        .isScheduleActive(foreign.isScheduleActive())
        .timestamp(Instant.now())
        .build();
  }

  private @Nullable Schedule schedule(ForeignKeys foreign) {
    Schedule schedule = foreign.schedule();
    try {
      if (schedule != null && !connection.checkSchedule(schedule)) {
        yaml.warn("the schedule has ended: no run comes of it");
      }
    } catch (SheaveException e) {
      if (e.code() != Code.INVALID) {
        throw e;
      }
      yaml.problem(yaml.isEmpty("schedule") ? "schedules" : "schedule", e);
    }
    return schedule;
  }

  private Map<String, @Nullable Object> parameters(Map<String, @Nullable Object> schema) {
    Map<String, @Nullable Object> values = yaml.object("parameters", schema);
    if (schema.isEmpty()) {
      return values;
    }
    try {
      String fullName = yaml.text("flow_name") + "/" + yaml.text("name");
      return new RunParameters("deployment '" + fullName + "'", schema).check(values);
    } catch (SheaveException e) {
      yaml.problem("parameters", e);
      return values;
    }
  }

  private Block infrastructure() {
    Mapping section = yaml.mapping("infrastructure");
    Block infrastructure =
        section == null || section.entries().isEmpty()
            ? null
            : block(
                "infrastructure",
                section,
                Infrastructure.class,
                "infrastructure",
                "run-infrastructure");
    return infrastructure == null ? blocks.create("process", Map.of()) : infrastructure;
  }

  private @Nullable Block block(
      String key, Mapping section, Class<?> wanted, String what, String capability) {
    Block block = new BlockSection(key, section, yaml, blocks).read();
    if (block != null && !wanted.isInstance(block)) {
      yaml.problem(
          key,
          "the block '"
              + block.displayName()
              + "' isn't "
              + what
              + ": it lacks the '"
              + capability
              + "' capability.");
      return null;
    }
    return block;
  }

  private Map<String, @Nullable Object> overrides(String key, Block infrastructure) {
    Class<? extends Block> type = infrastructure.getClass();
    try {
      return InfraOverrides.check(
          blocks, infrastructure, yaml.object(key, BlockSchema.of(type).fields()));
    } catch (SheaveException e) {
      yaml.problem(key, e);
      return Map.of();
    }
  }

  /** Without storage it is where the code lies, for processes on this machine. */
  private @Nullable String path(Block infrastructure) {
    String path = yaml.text("path");
    if (path == null || path.isEmpty()) {
      return path;
    }
    try {
      if (!yaml.isEmpty("storage")) {
        RelativePath.of(path);
      } else if (infrastructure instanceof ProcessInfrastructure) {
        return LocalPaths.of(path).toString();
      }
    } catch (SheaveException e) {
      yaml.problem("path", e);
    }
    return path;
  }

  private String entrypoint() {
    String entrypoint = yaml.text("entrypoint");
    if (entrypoint == null && yaml.text("manifest_path") != null) {
      yaml.warn(
          "'entrypoint' is missing, and Sheave doesn't read manifests; name the flow in"
              + " 'entrypoint' so that Sheave's agents can run it");
      return "";
    }
    String required = yaml.requiredText("entrypoint");
    if (!required.isEmpty()) {
      try {
        Entrypoint.parse(required);
      } catch (SheaveException e) {
        yaml.problem("entrypoint", e);
      }
    }
    return required;
  }
}
