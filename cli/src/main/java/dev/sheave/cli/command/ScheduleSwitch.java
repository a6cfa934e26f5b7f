package dev.sheave.cli.command;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Mixin;

/** A command that says whether the schedule of a deployment is followed. */
abstract class ScheduleSwitch extends Command {
  private final boolean isActive;
  private final String done;

  @Mixin DeploymentChoice choice = new DeploymentChoice();

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
    DeploymentRecord deployment = choice.read(invocation);
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
