package dev.sheave.cli.command;

/** {@code sheave deployment resume-schedule}. */
@picocli.CommandLine.Command(
    description = "Follow the schedule of a deployment again.",
    footer = {"", "  $ sheave deployment resume-schedule log-flow/log-flow-s3"})
final class DeploymentResumeSchedule extends ScheduleSwitch {
  DeploymentResumeSchedule() {
    super(true, "Resumed");
  }
}
