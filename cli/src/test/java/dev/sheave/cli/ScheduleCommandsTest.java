package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules of deployments. */
class ScheduleCommandsTest {
  private static final String BUILD =
      "deployment build Night.java:night -n here -q test --skip-upload --apply ";

  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aFlow() throws IOException {
    shell = new Shell(folder);
    shell.write(
        "Night.java",
        """
        import dev.sheave.flow.Flow;

        public final class Night {
          @Flow(name = "night")
          public static void night() {}
        }
        """);
  }

  @Test
  void aDeploymentIsBuiltWithASchedule() throws IOException {
    Result built =
        shell.sheave(
            BUILD + "--interval 3600 --anchor-date 2026-01-01T00:30:00Z --timezone Europe/Berlin");

    assertThat(built.code()).as(built.toString()).isZero();
    assertThat(Files.readString(shell.directory().resolve("night-deployment.yaml")))
        .contains("schedule:\n  interval: 3600", "anchor_date:", "timezone: Europe/Berlin");
    assertThat(shell.sheave("flow-run ls").toString().split("Scheduled", -1)).hasSize(4);
  }

  @Test
  void aScheduleIsSetPreviewedPausedAndResumed() {
    shell.sheave(BUILD);

    Result set = shell.sheave("deployment set-schedule night/here --rrule FREQ=DAILY;BYHOUR=8");
    assertThat(set.code()).as(set.toString()).isZero();
    Result preview = shell.sheave("deployment schedule-preview night/here -n 4");
    assertThat(preview.toString().split(" 08:00:00 \\+00:00", -1)).hasSize(5);

    Result paused = shell.sheave("deployment pause-schedule night/here");
    assertThat(paused.toString()).contains("Paused schedule for deployment night/here");
    assertThat(shell.sheave("flow-run ls").toString()).doesNotContain("Scheduled");

    Result resumed = shell.sheave("deployment resume-schedule night/here");
    assertThat(resumed.toString()).contains("Resumed schedule for deployment night/here");
    assertThat(shell.sheave("flow-run ls").toString()).contains("Scheduled");
  }

  @Test
  void aFileThatLeavesTheScheduleOutKeepsItAndOneWithoutItRemovesIt() throws IOException {
    shell.sheave(BUILD);
    shell.sheave("deployment set-schedule night/here --interval 3600");
    Path file = shell.directory().resolve("night-deployment.yaml");
    String withNone = Files.readString(file);
    Files.writeString(file, withNone.replace("schedule: null\n", ""));

    shell.sheave("deployment apply night-deployment.yaml");
    assertThat(shell.sheave("flow-run ls").toString()).contains("Scheduled");

    Files.writeString(file, withNone);
    shell.sheave("deployment apply night-deployment.yaml");
    assertThat(shell.sheave("flow-run ls").toString()).doesNotContain("Scheduled");
  }

  @Test
  void aPoolThatIsMissingIsToldWithTheCommandThatMakesIt() {
    Result built = shell.sheave(BUILD + "-p 'my pool'");

    assertThat(built.code()).isEqualTo(1);
    assertThat(built.err())
        .isEqualTo(
            "The work pool 'my pool' doesn't exist; create it with 'sheave work-pool create 'my"
                + " pool''.\n");
  }

  @Test
  void aScheduleThatHasEndedIsSaid() {
    shell.sheave(BUILD);

    Result set =
        shell.sheave("deployment set-schedule night/here --rrule FREQ=DAILY;UNTIL=20210110");

    assertThat(set.code()).as(set.toString()).isZero();
    assertThat(set.toString()).contains("the schedule has ended: no run comes of it");
    assertThat(shell.sheave("deployment schedule-preview night/here").toString())
        .contains("The schedule has ended");
  }

  @Test
  void allWrongSchedulesOfFilesAreToldWithTheirFiles() throws IOException {
    shell.sheave(BUILD);
    String text = Files.readString(shell.directory().resolve("night-deployment.yaml"));
    shell.write("a.yaml", text.replace("schedule: null", "schedule: {cron: 61 * * * *}"));
    shell.write("b.yaml", text.replace("schedule: null", "schedule: {rrule: FREQ=OFTEN}"));

    Result applied = shell.sheave("deployment apply a.yaml b.yaml");

    assertThat(applied.code()).isEqualTo(1);
    assertThat(applied.toString()).contains("a.yaml', line", "column 1", "b.yaml', line", "OFTEN");
  }

  @Test
  void allThatIsWrongWithAScheduleIsToldAtOnce() throws IOException {
    shell.sheave(BUILD);
    String text = Files.readString(shell.directory().resolve("night-deployment.yaml"));
    shell.write(
        "a.yaml",
        text.replace(
            "schedule: null", "schedule: {cron: 61 * * * *, timezone: Europ, catch_up: some}"));

    assertThat(shell.sheave("deployment apply a.yaml").toString())
        .contains("'Europ'", "'catch_up' must be one of all, latest, none", "'61' as its minute");
  }

  @Test
  void anIntervalThatIsTooLongIsToldTheLongest() {
    shell.sheave(BUILD);

    assertThat(shell.sheave("deployment set-schedule night/here --interval 100000000001").err())
        .startsWith("The 'interval' of a schedule must be at most 100000000000 seconds.");
    assertThat(shell.sheave("deployment set-schedule night/here --interval 1e30").err())
        .contains("with up to six decimals, at most 100000000000.");
  }

  @Test
  void aLimitIsThatOfTheQueueInItsPool() {
    shell.sheave("work-pool create local");

    Result built = shell.sheave(BUILD + "--pool local --limit 3");

    assertThat(built.code()).as(built.toString()).isZero();
    assertThat(built.out()).contains("$ sheave agent start -q 'test' -p 'local'\n");
    assertThat(shell.sheave("work-queue inspect test -p local -o json").jsonObject())
        .containsEntry("concurrency_limit", 3);
  }

  @Test
  void aWrongLimitIsSaidBeforeAnythingIsRegistered() {
    Result built = shell.sheave(BUILD + "--limit -1");

    assertThat(built.code()).isEqualTo(2);
    assertThat(built.toString()).contains("--limit must be 0 or more, not -1.");
    assertThat(shell.sheave("deployment ls").toString()).doesNotContain("night");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--interval 0|more than 0",
        "--interval 60 --rrule FREQ=DAILY|Only one",
        "--rrule FREQ=DAILY --anchor-date 2026-01-01T00:00:00Z|requires --interval",
        "--rrule FREQ=DAILY;BYHOUR=25|column 12",
        "--rrule FREQ=DAILY --timezone Mars/Base|Mars/Base",
        "--interval 60 --anchor-date today|2026-01-01T08:00:00Z",
        "--timezone Europe/Berlin|requires one of",
      })
  void aWrongScheduleIsRefused(String options, String sentence) {
    Result built = shell.sheave(BUILD + options);

    assertThat(built.code()).isNotZero();
    assertThat(built.toString()).contains(sentence);
    assertThat(shell.directory().resolve("night-deployment.yaml")).doesNotExist();
  }
}
