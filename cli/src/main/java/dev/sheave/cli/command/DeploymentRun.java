package dev.sheave.cli.command;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.deployment.Deployments;
import dev.sheave.deployment.RunOptions;
import dev.sheave.internal.Json;
import dev.sheave.internal.OneLine;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sheave deployment run}. */
@picocli.CommandLine.Command(
    description = "Create a run of a deployment, for an agent to execute.",
    footer = {
      "",
      "With --watch the exit code is 0 if the run completes, and 1 if it ends otherwise. Ctrl-C"
          + " stops watching, not the run.",
      "",
      "  $ sheave deployment run log-flow/log-flow-s3 --param name=Marvin",
      "  $ sheave deployment run log-flow/log-flow-s3 --start-in '1 hour' --tag nightly",
      "  $ echo '{\"name\": \"Marvin\"}' | sheave deployment run log-flow/log-flow-s3 --params -"
          + " --watch"
    })
final class DeploymentRun extends Command {

  @Mixin DeploymentChoice choice = new DeploymentChoice();

  @Option(
      names = {"-p", "--param"},
      paramLabel = "NAME=VALUE",
      description =
          "A parameter's value, as text or JSON; overrides the deployment's and --params. May"
              + " be repeated.")
  List<String> parameters = new ArrayList<>();

  @Option(
      names = "--params",
      paramLabel = "JSON",
      description =
          "Parameters' values as JSON, overriding the deployment's; - reads standard input.")
  @Nullable String parametersJson;

  @Option(
      names = "--start-in",
      paramLabel = "TIME",
      description = "How long from now to start, such as '30 seconds', '1 hour' or 'PT1H30M'.")
  @Nullable String startIn;

  @Option(
      names = "--start-at",
      paramLabel = "TIME",
      description =
          "When to start, such as '2030-08-01T17:30' or '2030-08-01T17:30:00Z'; in this"
              + " machine's time zone unless one is given.")
  @Nullable String startAt;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "The run's name. Default: a generated name.")
  @Nullable String runName;

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "TAG",
      description = "A tag, added to the deployment's; may be repeated.")
  List<String> tags = new ArrayList<>();

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "If the flow has a run with this key already, no new one is created.")
  @Nullable String idempotencyKey;

  @Option(
      names = "--override",
      paramLabel = "KEY=VALUE",
      description =
          "Override a value of the infrastructure block, such as env.LEVEL=DEBUG; may"
              + " be repeated.")
  List<String> overrides = new ArrayList<>();

  @Option(names = "--watch", description = "Show the run's states and log until it ends.")
  boolean watch;

  @Option(
      names = "--watch-timeout",
      paramLabel = "SECONDS",
      description = "How long to watch at most. Default: until the run ends.")
  @Nullable Integer watchTimeout;

  @Override
  public int run(Invocation invocation) {
    choice.check();
    if (watchTimeout != null && (watchTimeout < 1 || !watch)) {
      throw new UsageException(
          watch
              ? "--watch-timeout must be 1 or more, not " + watchTimeout + "."
              : "--watch-timeout requires --watch.");
    }
    Terminal terminal = invocation.terminal();
    KeyValues.read("--param", parameters); // what isn't written right is said first
    RunOptions others = options();
    DeploymentRecord deployment = choice.read(invocation);
    RunOptions options =
        others.withParameters(
            GivenParameters.read(
                parameters, parametersJson, deployment.spec().parameterSchema(), terminal));
    terminal.say("Creating flow run for deployment '" + deployment.fullName() + "'...");
    Deployments deployments = invocation.sheave().deployments();
    FlowRunRecord run =
        GivenParameters.withHint(
                () -> deployments.run(deployment, options),
                () -> deployments.missingParameters(deployment, options.parameters()))
            .created();
    say(run, terminal);
    if (!watch) {
      return CommandRunner.OK;
    }
    Duration atMost = watchTimeout == null ? null : Duration.ofSeconds(watchTimeout);
    return new RunWatch(invocation.sheave().api().flowRuns(), run, terminal)
        .withStates()
        .untilOver(atMost);
  }

  private RunOptions options() {
    if (startIn != null && startAt != null) {
      throw new UsageException("Only one of --start-in and --start-at can be given.");
    }
    RunOptions options =
        RunOptions.DEFAULTS
            .withTags(tags)
            .withInfraOverrides(KeyValues.read("--override", overrides));
    if (startIn != null) {
      options = options.withScheduledTime(StartTimes.in(startIn, Instant.now()));
    }
    if (startAt != null) {
      options =
          options.withScheduledTime(
              StartTimes.at(startAt, ZonedDateTime.now(ZoneId.systemDefault())));
    }
    if (runName != null) {
      options = options.withName(runName);
    }
    return idempotencyKey == null ? options : options.withIdempotencyKey(idempotencyKey);
  }

  private static void say(FlowRunRecord run, Terminal terminal) {
    Instant due = run.expectedStartTime() == null ? run.created() : run.expectedStartTime();
    terminal.say(terminal.in(Colour.GOOD, "Created flow run '" + OneLine.of(run.name()) + "'."));
    terminal.say("└── UUID: " + run.id());
    terminal.say("└── Parameters: " + Json.write(run.parameters()));
    terminal.say(
        "└── Scheduled start time: "
            + DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")
                .format(due.atOffset(ZoneOffset.UTC))
            + " UTC ("
            + Times.away(due, Instant.now())
            + ")");
    if (run.deploymentId() != null && run.workQueueName() == null) {
      terminal.complain(
          terminal.in(
              Colour.WARNING,
              "No agent takes this run: its deployment is in no work queue. Apply it again with"
                  + " one."));
    }
  }
}
