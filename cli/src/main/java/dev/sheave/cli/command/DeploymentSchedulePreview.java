package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.Schedule;
import dev.sheave.cli.terminal.Terminal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sheave deployment schedule-preview}. */
@picocli.CommandLine.Command(
    description = "Show the next times of a deployment's schedule, in its time zone.",
    footer = {"", "  $ sheave deployment schedule-preview log-flow/log-flow-s3 -n 3"})
final class DeploymentSchedulePreview extends Command {
  private static final int MAX = 1000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

  @Mixin DeploymentChoice choice = new DeploymentChoice();

  @Option(
      names = {"-n", "--number"},
      paramLabel = "NUMBER",
      description = "How many times to show, at most 1000. Default: 10.")
  int number = 10;

  @Override
  public int run(Invocation invocation) {
    if (number < 1 || number > MAX) {
      throw new UsageException("The number of times must be between 1 and " + MAX + ".");
    }
    DeploymentRecord deployment = choice.read(invocation);
    Schedule schedule = deployment.spec().schedule();
    if (schedule == null) {
      throw new SheaveException(
          Code.NOT_FOUND,
          "The deployment '"
              + deployment.fullName()
              + "' has no schedule; set one with 'sheave deployment set-schedule'.");
    }
    List<Instant> times =
        invocation.sheave().api().deployments().previewSchedule(schedule, Instant.now(), number);
    String zone = schedule.timezone();
    ZoneId shown = zone == null ? ZoneOffset.UTC : Schedule.zoneNamed(zone);
    Terminal terminal = invocation.terminal();
    times.forEach(time -> terminal.say(TIME.format(time.atZone(shown))));
    if (times.size() < number) {
      terminal.complain(
          times.isEmpty()
              ? "The schedule has ended: no run comes of it."
              : "The schedule ends with the last of these times.");
    }
    if (Boolean.FALSE.equals(deployment.spec().isScheduleActive())) {
      terminal.complain("The schedule is paused: no runs are created.");
    }
    return CommandRunner.OK;
  }
}
