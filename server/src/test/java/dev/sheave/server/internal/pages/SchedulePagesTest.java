package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.Schedule;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulePagesTest {
  @TempDir Path folder;

  @Test
  void aScheduleIsShownWithItsNextTimesAndPausedAndResumed() {
    try (ServedPages pages = new ServedPages(folder)) {
      DeploymentApi api = pages.sheave.api().deployments();
      UUID flow = api.createFlow("log-flow").id();
      api.applyDeployment(
          DeploymentSpec.builder("nightly", flow)
              .workQueueName("test")
              .schedule(new Schedule.Cron("30 2 * * *", "Europe/Berlin"))
              .build());

      pages.open("/deployments/log-flow/nightly");
      assertThat(pages.page.locator("main")).containsText("cron 30 2 * * *");
      assertThat(pages.page.locator("#next-times li")).hasCount(10);
      assertThat(pages.page.locator("#next-times li").first()).containsText("02:30:00");
      pages.checkAccess();

      pages.page.click("text=Pause");
      assertThat(pages.page.locator("main")).containsText("none while it is paused");
      assertThat(api.findDeployment("log-flow", "nightly").orElseThrow().spec().isScheduleActive())
          .isFalse();
      pages.page.click("text=Resume");
      assertThat(pages.page.locator("#next-times li")).hasCount(10);
      assertThat(pages.complaints).isEmpty();
    }
  }
}
