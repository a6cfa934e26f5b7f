package dev.sheave.cli.command;

/** {@code sheave deployment pause-schedule}. */
@picocli.CommandLine.Command(
    description = "Follow the schedule of a deployment no more; its future runs are deleted.",
    footer = {"", "  $ sheave deployment pause-schedule log-flow/log-flow-s3"})
final class DeploymentPauseSchedule extends ScheduleSwitch {
  DeploymentPauseSchedule() {
    super(false, "Paused");
  }
}
