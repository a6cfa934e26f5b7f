package dev.sheave.cli.command;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.deployment.Deployments;
import dev.sheave.deployment.RunOptions;
import dev.sheave.internal.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave deployment run}. */
@picocli.CommandLine.Command(
    description = "Make a run of a deployment, for an agent to take.",
    footer = {"", "  $ sheave deployment run log-flow/log-flow-s3 --param name=Marvin"})
final class DeploymentRun extends Command {

  @Parameters(
      paramLabel = "FLOW/DEPLOYMENT",
      description = "The deployment, such as log-flow/log-flow-s3.")
  String name = "";

  @Option(
      names = {"-p", "--param"},
      paramLabel = "NAME=VALUE",
      description = "A value over the deployment's; may be repeated.")
  List<String> parameters = new ArrayList<>();

  @Option(
      names = "--params",
      paramLabel = "JSON",
      description = "Values over the deployment's, in JSON; - reads standard input.")
  @Nullable String parametersJson;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    var values = KeyValues.parameters(parameters, parametersJson, terminal);
    Deployments deployments = invocation.sheave().deployments();
    var deployment = deployments.read(name);
    terminal.say("Creating flow run for deployment '" + deployment.fullName() + "'...");
    FlowRunRecord run =
        deployments.run(deployment, RunOptions.DEFAULTS.withParameters(values)).created();
    Instant due = run.expectedStartTime() == null ? run.created() : run.expectedStartTime();
    terminal.say(terminal.in(Colour.GOOD, "Created flow run '" + run.name() + "'."));
    terminal.say("└── UUID: " + run.id());
    terminal.say("└── Parameters: " + Json.write(run.parameters()));
    terminal.say(
        "└── Scheduled start time: "
            + DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")
                .format(due.atOffset(ZoneOffset.UTC))
            + " UTC ("
            + Times.away(due, Instant.now())
            + ")");
    return 0;
  }
}
