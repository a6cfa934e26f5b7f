package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Locator.FilterOptions;
import com.microsoft.playwright.Page;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.Schedule;
import dev.sheave.block.SaveMode;
import dev.sheave.storage.LocalFileSystem;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulePagesTest {
  @TempDir Path folder;

  @Test
  void theYamlAndTheValuesOfTheInfrastructureAreShown() {
    try (ServedPages pages = new ServedPages(folder)) {
      DeploymentApi api = pages.sheave.api().deployments();
      UUID flow = api.createFlow("log-flow").id();
      pages
          .sheave
          .blocks()
          .save(
              pages
                  .sheave
                  .blocks()
                  .create("process", Map.of("env", Map.of("REGION", "eu"), "working_dir", "/srv")),
              "big",
              SaveMode.CREATE);
      pages
          .sheave
          .blocks()
          .save(
              LocalFileSystem.builder().basepath(folder.resolve("files").toString()).build(),
              "code",
              SaveMode.CREATE);
      api.applyDeployment(
          DeploymentSpec.builder("nightly", flow)
              .workQueueName("test")
              .infrastructureDocumentId(
                  pages.sheave.api().blocks().findBlockDocumentId("process", "big").orElseThrow())
              .storageDocumentId(
                  pages
                      .sheave
                      .api()
                      .blocks()
                      .findBlockDocumentId("local-file-system", "code")
                      .orElseThrow())
              .path("log-flow")
              .entrypoint("LogFlow.java:logFlow")
              .infraOverrides(Map.of("env.MODE", "fast", "working_dir", "/tmp"))
              .build());

      Page page = pages.open("/deployments/log-flow/nightly").page;
      Locator rows = page.locator("#infrastructure tbody tr");
      assertThat(rows.filter(new FilterOptions().setHasText("env.MODE")))
          .containsText("fastdeployment's override");
      assertThat(rows.filter(new FilterOptions().setHasText("working_dir")))
          .containsText("/tmpdeployment's override");
      assertThat(rows.filter(new FilterOptions().setHasText("REGION"))).containsText("block");
      assertThat(rows.filter(new FilterOptions().setHasText("stream_output")))
          .containsText("type's default");
      assertThat(page.locator("main")).containsText(folder.resolve("files/log-flow").toString());
      pages.checkAccess();

      page.getByText("YAML", new Page.GetByTextOptions().setExact(true)).click();
      assertThat(page.locator("#yaml"))
          .containsText(
              new String[] {"A complete description of a Sheave Deployment for flow 'log-flow'"});
      assertThat(page.locator("#yaml")).containsText("env.MODE: fast");
      pages.checkAccess();
      assertThat(pages.complaints).isEmpty();
    }
  }

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
