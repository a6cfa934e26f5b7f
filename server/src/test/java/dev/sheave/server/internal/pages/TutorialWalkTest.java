package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByLabelOptions;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.LogLevel;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way of the tutorial through the pages. What the command line and an agent do meanwhile is
 * done to the same records. With the system property {@code sheave.pictures}, the pictures of the
 * guide are taken.
 */
class TutorialWalkTest {
  /** The pictures that docs/pages.md shows. */
  private static final Set<String> GUIDE =
      Set.of("home", "catalog", "s3-form", "s3-block", "run", "phone-run", "dark-runs");

  @TempDir Path folder;

  @Test
  void inAWindow() {
    walk("", new NewContextOptions().setViewportSize(1280, 800), "");
  }

  @Test
  void underABasePathInTheDark() {
    walk(
        "/x",
        new NewContextOptions().setViewportSize(1280, 800).setColorScheme(ColorScheme.DARK),
        "dark-");
  }

  @Test
  void onAPhone() {
    walk("", new NewContextOptions().setViewportSize(360, 740).setHasTouch(true), "phone-");
  }

  private void walk(String base, NewContextOptions options, String pictures) {
    try (ServedPages pages = new ServedPages(folder, base, options).open("/")) {
      Page page = pages.page;
      step(page, pictures, "home");
      page.getByRole(AriaRole.LINK, named("Blocks")).click();
      page.locator(".head").getByText("New block").click();
      step(page, pictures, "catalog");
      page.getByLabel("Capability").selectOption("run-infrastructure");
      assertThat(page.locator("[data-type]")).hasCount(1);
      page.goBack();
      page.getByLabel("Add a S3 block").click();
      page.getByLabel("Block name").fill("log-test");
      page.getByLabel("Bucket Path").fill("bucket-full-of-sunshine/flows/log-test");
      page.getByLabel("AWS Access Key ID", exactly()).fill("AKIAIOSFODNN7EXAMPLE");
      page.getByLabel("AWS Secret Access Key", exactly()).fill("wJalrXUtnFEMI");
      page.evaluate("scrollTo(0, 0)");
      step(page, pictures, "s3-form");
      page.getByRole(AriaRole.BUTTON, named("Create")).click();
      assertThat(page.locator(".notice")).containsText("'s3/log-test' was created");
      assertThat(page.content()).doesNotContain("wJalrXUtnFEMI");
      step(page, pictures, "s3-block");
      pages.context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
      page.locator("[data-copy=sample-Java]").click();
      assertThat(page.evaluate("navigator.clipboard.readText()"))
          .isEqualTo("S3 storage = Block.load(\"s3/log-test\", S3.class);");
      page.getByRole(AriaRole.LINK, named("Edit")).click();
      page.getByLabel("AWS Secret Access Key", exactly()).fill("another");
      page.getByRole(AriaRole.BUTTON, named("Save")).click();
      assertThat(page.locator(".notice")).isVisible();

      deploy(pages);
      page.getByRole(AriaRole.LINK, named("Deployments")).click();
      page.getByText("log-flow-s3").click();
      assertThat(page.locator("main")).containsText("s3/log-test");
      step(page, pictures, "deployment");
      page.getByRole(AriaRole.LINK, named("Run")).click();
      page.getByLabel("name", exactly()).fill("Marvin");
      page.getByRole(AriaRole.BUTTON, named("Run")).click();
      assertThat(page.locator("main")).containsText("sheave agent start -q test");

      FlowRunApi api = pages.sheave.api().flowRuns();
      UUID run = api.listAllFlowRuns(FlowRunFilter.ALL).get(0).id();
      assertThat(page.locator("#live")).hasText("Live");
      api.setFlowRunState(run, State.of(StateType.PENDING), false);
      api.setFlowRunState(run, State.of(StateType.RUNNING), false);
      log(api, run, "Hello Marvin!", "The bucket is full of sunshine.");
      assertThat(page.locator("#log li")).hasCount(2);
      assertThat(page.locator("[data-part=facts]")).containsText("Running");
      log(api, run, "Goodbye.");
      api.setFlowRunState(run, State.of(StateType.COMPLETED), false);
      assertThat(page.locator("#live")).hasText("Ended");
      assertThat(page.locator("#log li")).hasCount(3);
      assertThat(page.locator("[data-part=facts]")).containsText("Completed");
      page.evaluate("scrollTo(0, 0)");
      step(page, pictures, "run");

      page.getByText("Run again").click();
      assertThat(page.getByLabel("name", exactly())).hasValue("Marvin");
      page.getByRole(AriaRole.BUTTON, named("Run")).click();
      page.getByText("Cancel the run").click();
      assertThat(page.locator("[data-part=facts]")).containsText("Cancelled");
      page.getByRole(AriaRole.LINK, named("Flow runs")).first().click();
      assertThat(page.locator("[data-run]")).hasCount(2);
      step(page, pictures, "runs");
      pages.checkAccess();
      assertThat(pages.complaints).isEmpty();
    }
  }

  private static GetByRoleOptions named(String name) {
    return new GetByRoleOptions().setName(name).setExact(true);
  }

  private static GetByLabelOptions exactly() {
    return new GetByLabelOptions().setExact(true);
  }

  /** Nothing stands out at the side of a page; and takes its picture. */
  private static void step(Page page, String prefix, String name) {
    assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
        .as(name)
        .isEqualTo(0);
    boolean isOfGuide = Boolean.getBoolean("sheave.pictures") && GUIDE.contains(prefix + name);
    String folder = isOfGuide ? "../docs/images" : "target/looks";
    page.screenshot(
        new Page.ScreenshotOptions().setPath(Path.of(folder, "pages-" + prefix + name + ".png")));
  }

  private static void deploy(ServedPages pages) {
    var api = pages.sheave.api().deployments();
    UUID flow = api.createFlow("log-flow").id();
    UUID storage = pages.sheave.api().blocks().findBlockDocumentId("s3", "log-test").orElseThrow();
    api.applyDeployment(
        DeploymentSpec.builder("log-flow-s3", flow)
            .workQueueName("test")
            .storageDocumentId(storage)
            .entrypoint("LogFlow.java:logFlow")
            .parameterSchema(
                Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of("name", Map.of("title", "name", "type", "string")),
                    "required",
                    List.of("name")))
            .build());
  }

  private static void log(FlowRunApi api, UUID run, String... messages) {
    for (String message : messages) {
      api.createLogs(
          List.of(new NewLogLine(run, "log-flow", LogLevel.INFO, message, Instant.now())));
    }
  }

  @Test
  void withoutAMouse() {
    try (ServedPages pages = new ServedPages(folder).open("/")) {
      Page page = pages.page;
      tabTo(page, "Blocks").press("Enter");
      page.waitForURL("**/blocks");
      tabTo(page, "New block").press("Enter");
      page.waitForURL("**/blocks/catalog");
      tabTo(page, "Add a Local File System block").press("Enter");
      page.waitForURL("**/new");
      tabTo(page, "Block name");
      page.keyboard().type("files");
      tabTo(page, "Basepath");
      page.keyboard().type("/srv/flows");
      tabTo(page, "Create").press("Enter");
      assertThat(page.locator(".notice")).containsText("'local-file-system/files' was created");
      tabTo(page, "Delete").press("Enter");
      page.waitForURL("**/delete");
      tabTo(page, "Delete").press("Enter");
      assertThat(page.locator("main")).containsText("No blocks yet");
    }
  }

  /** Presses Tab until something of this name has the focus. */
  private static com.microsoft.playwright.Keyboard tabTo(Page page, String name) {
    String current =
        "(() => { const e = document.activeElement; const label = e.labels && e.labels[0];"
            + " return (e.getAttribute('aria-label') || (label ? label.textContent :"
            + " e.textContent)).trim(); })()";
    for (int i = 0; i < 80; i++) {
      page.keyboard().press("Tab");
      if (name.equals(page.evaluate(current))) {
        return page.keyboard();
      }
    }
    throw new AssertionError("no way by Tab to '" + name + "' on " + page.url());
  }
}
