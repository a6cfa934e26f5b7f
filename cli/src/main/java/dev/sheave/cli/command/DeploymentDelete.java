package dev.sheave.cli.command;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.cli.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave deployment delete}. */
@picocli.CommandLine.Command(
    description = "Delete a deployment; its runs and the code in its storage stay.",
    footer = {"", "  $ sheave deployment delete log-flow/log-flow-s3"})
final class DeploymentDelete extends Command {

  @Parameters(
      arity = "0..1",
      paramLabel = "FLOW/DEPLOYMENT",
      description = "The deployment, such as log-flow/log-flow-s3.")
  @Nullable String name;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The deployment's id, in place of its name.")
  @Nullable String id;

  @Override
  public int run(Invocation invocation) {
    DeploymentChoice.check(name, id);
    DeploymentRecord deployment = DeploymentChoice.read(invocation, name, id);
    invocation.sheave().api().deployments().deleteDeployment(deployment.id());
    Terminal terminal = invocation.terminal();
    terminal.say(
        terminal.in(Terminal.Colour.GOOD, "Deleted deployment '" + deployment.fullName() + "'."));
    return CommandRunner.OK;
  }
}
