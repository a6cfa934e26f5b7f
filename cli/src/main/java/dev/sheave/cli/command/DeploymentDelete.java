package dev.sheave.cli.command;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Mixin;

/** {@code sheave deployment delete}. */
@picocli.CommandLine.Command(
    description = "Delete a deployment; its runs and the code in its storage stay.",
    footer = {"", "  $ sheave deployment delete log-flow/log-flow-s3"})
final class DeploymentDelete extends Command {

  @Mixin DeploymentChoice choice = new DeploymentChoice();

  @Override
  public int run(Invocation invocation) {
    DeploymentRecord deployment = choice.read(invocation);
    invocation.sheave().api().deployments().deleteDeployment(deployment.id());
    Terminal terminal = invocation.terminal();
    terminal.say(
        terminal.in(Terminal.Colour.GOOD, "Deleted deployment '" + deployment.fullName() + "'."));
    return CommandRunner.OK;
  }
}
