package dev.sheave.cli.command;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Parameters;

/** A command that says whether the schedule of a deployment is followed. */
abstract class ScheduleSwitch extends Command {
  private final boolean isActive;
  private final String done;

  @Parameters(
      paramLabel = "FLOW/DEPLOYMENT",
      description = "The deployment, such as log-flow/log-flow-s3.")
  String name = "";

  /**
   * A command.
   *
   * @param isActive whether the schedule is followed from now on
   * @param done what was done, in a word
   */
  ScheduleSwitch(boolean isActive, String done) {
    this.isActive = isActive;
    this.done = done;
  }

  @Override
  public final int run(Invocation invocation) {
    DeploymentRecord deployment = DeploymentChoice.read(invocation, name, null);
    invocation
        .sheave()
        .api()
        .deployments()
        .updateDeployment(deployment.id(), DeploymentUpdate.scheduleActive(isActive));
    Terminal terminal = invocation.terminal();
    terminal.say(
        terminal.in(
            Terminal.Colour.GOOD, done + " schedule for deployment " + deployment.fullName()));
    return CommandRunner.OK;
  }
}
