package dev.sheave.cli.command;

import dev.sheave.api.Change;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.Feature;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Schedule;
import dev.sheave.cli.terminal.Terminal;
import java.time.Instant;
import picocli.CommandLine.Mixin;

/** {@code sheave deployment set-schedule}. */
@picocli.CommandLine.Command(
    description = "Set when runs of a deployment are created by themselves.",
    footer = {"", "  $ sheave deployment set-schedule log-flow/log-flow-s3 --cron '0 1 * * *'"})
final class DeploymentSetSchedule extends Command {

  @Mixin DeploymentChoice choice = new DeploymentChoice();

  @Mixin ScheduleOptions options = new ScheduleOptions();

  @Override
  public int run(Invocation invocation) {
    Schedule schedule = options.schedule();
    if (schedule == null) {
      throw new UsageException("Pass one of --cron, --interval and --rrule.");
    }
    DeploymentRecord deployment = choice.read(invocation);
    OrchestrationApi api = invocation.sheave().api();
    api.deployments()
        .updateDeployment(
            deployment.id(), DeploymentUpdate.builder().schedule(Change.to(schedule)).build());
    Terminal terminal = invocation.terminal();
    terminal.say(terminal.in(Terminal.Colour.GOOD, "Updated deployment schedule!"));
    if (api.features().contains(Feature.SCHEDULE_PREVIEW)
        && api.deployments().previewSchedule(schedule, Instant.now(), 1).isEmpty()) {
      terminal.complain(
          terminal.in(
              Terminal.Colour.WARNING, "Warning: the schedule has ended: no run comes of it."));
    }
    return CommandRunner.OK;
  }
}
