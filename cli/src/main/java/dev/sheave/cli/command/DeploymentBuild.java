package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Schedule;
import dev.sheave.block.Blocks;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.deployment.Deployment;
import dev.sheave.deployment.DeploymentBuilder;
import dev.sheave.flow.Entrypoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave deployment build}. */
@picocli.CommandLine.Command(
    description = "Prepare a flow's deployment: upload its directory and write a YAML file.",
    footer = {
      "",
      "  $ sheave deployment build ./LogFlow.java:logFlow -n log-flow-s3 -sb s3/log-test -q test"
    })
final class DeploymentBuild extends Command {

  @Parameters(
      paramLabel = "ENTRYPOINT",
      description =
          "The flow: ./path/to/File.java:method, or com.acme.LogFlow:method for classes and jars"
              + " in this directory.")
  String entrypoint = "";

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "The deployment's name. Required.")
  @Nullable String name;

  @Option(
      names = {"-d", "--description"},
      paramLabel = "TEXT",
      description = "A description of the deployment. Default: the flow's description.")
  @Nullable String description;

  @Option(
      names = {"-v", "--version"},
      paramLabel = "TEXT",
      description =
          "The version of the code. Default: the flow's, else a digest of the uploaded files.")
  @Nullable String version;

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "TAG",
      description = "A tag; may be repeated.")
  @Nullable List<String> tags;

  @Option(
      names = {"-q", "--work-queue"},
      paramLabel = "QUEUE",
      description =
          "The work queue of the deployment's runs; it is created if it doesn't exist. Default:"
              + " 'default'.")
  @Nullable String workQueue;

  @Option(
      names = {"-p", "--pool"},
      paramLabel = "POOL",
      description = "The work pool of the queue.")
  @Nullable String workPool;

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "NUMBER",
      description = "How many runs of the work queue may be in progress at once; requires --apply.")
  @Nullable Integer limit;

  @Option(
      names = {"-i", "--infra"},
      paramLabel = "TYPE",
      description =
          "Where runs execute: an infrastructure type with its defaults, such as 'process'.")
  @Nullable String infra;

  @Option(
      names = {"-ib", "--infra-block"},
      paramLabel = "TYPE/NAME",
      description = "Where runs execute: a saved infrastructure block.")
  @Nullable String infraBlock;

  @Option(
      names = "--override",
      paramLabel = "KEY=VALUE",
      description =
          "Override a value of the infrastructure block, such as env.LEVEL=DEBUG; may be repeated.")
  @Nullable List<String> overrides;

  @Option(
      names = {"-sb", "--storage-block"},
      paramLabel = "TYPE/NAME[/PATH]",
      description = "The storage block that the code is uploaded to, such as s3/log-test.")
  @Nullable String storageBlock;

  @Option(names = "--skip-upload", description = "Don't upload the code.")
  boolean skipUpload;

  @Option(
      names = "--bundle",
      negatable = true,
      description =
          "Upload the code as one archive, or not. Default: as in the last upload there, at"
              + " first file by file.")
  @Nullable Boolean bundle;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description =
          "The folder in the storage for the code; without storage, the folder where runs find"
              + " the code.")
  @Nullable String path;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The YAML file to write. Default: METHOD-deployment.yaml.")
  @Nullable String output;

  @Option(
      names = {"-a", "--apply"},
      description = "Also register the deployment.")
  boolean apply;

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "A parameter's value; may be repeated.")
  List<String> parameters = new ArrayList<>();

  @Option(
      names = "--params",
      paramLabel = "JSON",
      description = "The parameters' values as JSON; - reads standard input.")
  @Nullable String parametersJson;

  @Mixin ScheduleOptions schedules = new ScheduleOptions();

  @Override
  public int run(Invocation invocation) {
    checkOptions();
    Schedule schedule = schedules.schedule();
    Terminal terminal = invocation.terminal();
    Entrypoint flow = relative(Entrypoint.parse(entrypoint), terminal.directory());
    Path file = outputFile(flow, terminal);
    Sheave sheave = invocation.sheave();
    DeploymentBuilder builder =
        sheave
            .deployments()
            .buildFromDirectory(terminal.directory(), flow, Objects.requireNonNull(name));
    terminal.say(terminal.in(Colour.GOOD, "Found flow '" + builder.flowName() + "'"));
    configure(builder, sheave.blocks(), terminal);
    if (schedule != null) {
      builder.schedule(schedule);
    }
    Deployment deployment = builder.exclude(file).build();
    if (!skipUpload) {
      deployment = upload(deployment, terminal);
    }
    deployment.toYaml(file);
    terminal.say(terminal.in(Colour.GOOD, "Deployment YAML created at '" + file + "'."));
    if (apply) {
      new Registration(sheave, terminal).register(List.of(deployment), limit);
    }
    return 0;
  }

  private void checkOptions() {
    if (name == null) {
      throw new UsageException(
          "A name for this deployment must be provided with the '--name' flag.");
    }
    if (infra != null && infraBlock != null) {
      throw new UsageException("Only one of --infra and --infra-block can be given.");
    }
    if (limit != null && !apply) {
      throw new UsageException("--limit requires --apply.");
    }
    Limits.check("--limit", limit);
  }

  /** Source files may be named in any way that leads into the directory. */
  private static Entrypoint relative(Entrypoint given, Path directory) {
    if (!given.isSource()) {
      return given;
    }
    Path file = directory.resolve(given.location()).normalize();
    if (!file.startsWith(directory)) {
      throw new SheaveException(
          Code.INVALID,
          "The flow's file '"
              + given.location()
              + "' isn't in this directory; run the command where the code is, so that all of it"
              + " is uploaded.");
    }
    return new Entrypoint(directory.relativize(file).toString().replace('\\', '/'), given.method());
  }

  private Path outputFile(Entrypoint flow, Terminal terminal) {
    String chosen = output == null ? flow.method() + "-deployment.yaml" : output;
    Path file = terminal.resolve(chosen);
    String fileName = String.valueOf(file.getFileName());
    if (fileName.lastIndexOf('.') <= 0) {
      file = file.resolveSibling(fileName + ".yaml");
    } else if (!fileName.endsWith(".yaml")) {
      throw new UsageException("Output file must be a '.yaml' file, not '" + fileName + "'.");
    }
    Path folder = file.getParent();
    // before anything is uploaded
    if (folder == null || !Files.isDirectory(folder)) {
      throw new SheaveException(
          Code.INVALID,
          "The deployment file '" + file + "' can't be written: its folder doesn't exist.");
    }
    if (Files.isDirectory(file) || !Files.isWritable(folder)) {
      throw new SheaveException(
          Code.INVALID,
          "The deployment file '" + file + "' can't be written; choose another with --output.");
    }
    return file;
  }

  private void configure(DeploymentBuilder builder, Blocks blocks, Terminal terminal) {
    if (version != null) {
      builder.version(version);
    }
    if (description != null) {
      builder.description(description);
    }
    if (tags != null) {
      builder.tags(tags);
    }
    if (workQueue != null) {
      builder.workQueueName(workQueue);
    }
    if (workPool != null) {
      builder.workPoolName(workPool);
    }
    if (infra != null) {
      builder.infrastructure(InfraType.withDefaults(blocks, infra));
    }
    if (infraBlock != null) {
      builder.infrastructure(blocks.load(infraBlock));
    }
    if (overrides != null) {
      builder.infraOverrides(KeyValues.read("--override", overrides));
    }
    if (!parameters.isEmpty() || parametersJson != null) {
      if (parametersJson != null && !parameters.isEmpty()) {
        throw new UsageException("Only one of --param and --params can be given.");
      }
      builder.parameters(
          GivenParameters.read(parameters, parametersJson, builder.parameterSchema(), terminal));
    }
    if (bundle != null) {
      builder.bundle(bundle);
    }
    setStorage(builder, blocks);
  }

  private void setStorage(DeploymentBuilder builder, Blocks blocks) {
    String reference = storageBlock;
    String below = path;
    if (reference != null) {
      int slash = reference.indexOf('/');
      int second = slash < 0 ? -1 : reference.indexOf('/', slash + 1);
      if (second > 0) {
        if (path != null) {
          throw new UsageException(
              "The path can be given with --path or in the storage block's name, but not both.");
        }
        below = reference.substring(second + 1);
        reference = reference.substring(0, second);
      }
      builder.storage(blocks.load(reference));
    }
    if (below != null) {
      builder.path(below);
    }
  }

  private static Deployment upload(Deployment deployment, Terminal terminal) {
    if (!deployment.isUploadable()) {
      terminal.complain(
          terminal.in(
              Colour.WARNING,
              "Warning: nothing was uploaded: "
                  + deployment
                      .storage()
                      .map(
                          storage ->
                              "the storage block '"
                                  + storage.displayName()
                                  + "' lacks the 'put-directory' capability.")
                      .orElseGet(
                          () ->
                              "there is no storage block; runs find the code in '"
                                  + deployment.path().orElse("")
                                  + "'.")
                  + " Use --skip-upload to suppress this warning."));
      return deployment;
    }
    return Uploads.upload(deployment, terminal);
  }
}
