package dev.sheave.cli.command;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Parameters;

/** {@code sheave deployment pause-schedule}. */
@picocli.CommandLine.Command(
    description = "Follow the schedule of a deployment no more; its future runs are deleted.",
    footer = {"", "  $ sheave deployment pause-schedule log-flow/log-flow-s3"})
final class DeploymentPauseSchedule extends Command {

  @Parameters(
      paramLabel = "FLOW/DEPLOYMENT",
      description = "The deployment, such as log-flow/log-flow-s3.")
  String name = "";

  @Override
  public int run(Invocation invocation) {
    DeploymentRecord deployment = DeploymentChoice.read(invocation, name, null);
    invocation
        .sheave()
        .api()
        .deployments()
        .updateDeployment(deployment.id(), DeploymentUpdate.scheduleActive(false));
    Terminal terminal = invocation.terminal();
    terminal.say(
        terminal.in(
            Terminal.Colour.GOOD, "Paused schedule for deployment " + deployment.fullName()));
    return CommandRunner.OK;
  }
}
