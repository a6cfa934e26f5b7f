package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentSync;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.NewArtifact;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.VariableApi;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.block.SaveMode;
import dev.sheave.block.StringBlock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordPagesTest {
  private static final String SCRIPT = "<script>document.title='taken'</script>";

  @TempDir Path folder;

  @Test
  void variablesAreMadeChangedAndDeleted() {
    try (ServedPages pages = new ServedPages(folder).open("/variables")) {
      Page page = pages.page;
      pages.checkAccess();
      page.getByLabel("Name").fill("Bad Name");
      page.getByLabel("Value").fill(SCRIPT);
      page.getByText("Create", new Page.GetByTextOptions().setExact(true)).click();
      assertThat(page.locator(".problem")).isVisible();
      assertThat(page.getByLabel("Value")).hasValue(SCRIPT);
      page.getByLabel("Name").fill("answer");
      page.getByText("Create", new Page.GetByTextOptions().setExact(true)).click();
      assertThat(page.locator("tbody")).containsText(SCRIPT);
      Looks.at(page, "variables");
      page.getByText("answer", new Page.GetByTextOptions().setExact(true)).click();
      page.getByLabel("Value").fill("42");
      page.getByText("Save").click();
      assertThat(page.locator("tbody")).containsText("42");
      page.getByText("answer", new Page.GetByTextOptions().setExact(true)).click();
      page.onDialog(Dialog::accept);
      page.getByText("Delete", new Page.GetByTextOptions().setExact(true)).click();
      assertThat(page.locator("main")).containsText("No variables yet");
      assertThat(pages.sheave.api().variables().findVariable("answer")).isEmpty();
    }
  }

  /** The browser's own question: Escape dismisses it, and Enter accepts it. */
  @Test
  void theQuestionBeforeADeletionIsAnsweredWithKeys() {
    try (ServedPages pages = new ServedPages(folder)) {
      VariableApi variables = pages.sheave.api().variables();
      variables.createVariable("answer", "42", List.of());
      Page page = pages.open("/variables").page;
      page.getByText("answer", new Page.GetByTextOptions().setExact(true)).press("Enter");
      Locator delete =
          page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Delete"));
      List<String> questions = new ArrayList<>();
      page.onceDialog(
          dialog -> {
            questions.add(dialog.message());
            dialog.dismiss();
          });
      delete.press("Enter");
      assertThat(questions).containsExactly("Delete the variable? This can't be undone.");
      assertThat(delete).isFocused();
      assertThat(variables.findVariable("answer")).isPresent();

      page.onceDialog(Dialog::accept);
      page.keyboard().press("Enter");
      assertThat(page.locator("main")).containsText("No variables yet");
      assertThat(variables.findVariable("answer")).isEmpty();
      assertThat(pages.complaints).isEmpty();
    }
  }

  /** What has more to say before it is deleted asks on a page of its own. */
  @Test
  void thePageBeforeADeletionIsUsedWithKeys() {
    try (ServedPages pages = new ServedPages(folder)) {
      pages.sheave.blocks().save(new StringBlock("x"), "word", SaveMode.CREATE);
      Page page = pages.open("/blocks/string/word").page;
      Locator link = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Delete"));
      Locator cancel = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Cancel"));
      Locator delete =
          page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Delete"));
      link.press("Enter");
      assertThat(page.locator("h1")).hasText("Delete string/word?");
      page.keyboard().press("Escape");
      cancel.press("Enter");
      assertThat(page.locator("h1")).hasText("word");
      assertThat(pages.sheave.blocks().exists("string/word")).isTrue();

      link.press("Enter");
      cancel.focus();
      page.keyboard().press("Tab");
      assertThat(delete).isFocused();
      page.keyboard().press("Enter");
      assertThat(page.locator("main")).containsText("No blocks yet");
      assertThat(pages.sheave.blocks().exists("string/word")).isFalse();
    }
  }

  @Test
  void emptyListsGiveACommandThatMakesTheFirstRecord() throws Exception {
    try (ServedPages pages = new ServedPages(folder)) {
      answer(pages.open("/variables").page.locator("#empty-variable").innerText());
      assertThat(pages.sheave.api().variables().findVariable("answer")).isPresent();
      answer(pages.open("/limits").page.locator("#empty-limit").innerText());
      assertThat(pages.open("/limits").page.locator("tbody")).containsText("database");
      pages.checkAccess();
    }
  }

  /** Sends what a command of curl says. */
  private static void answer(String command) throws Exception {
    Matcher parts = Pattern.compile("curl \"(.*?)\" --json '(.*)'").matcher(command);
    assertThat(parts.matches()).as(command).isTrue();
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(parts.group(1)))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(parts.group(2)))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
  }

  @Test
  void queuesArePausedAndLimited() {
    try (ServedPages pages = new ServedPages(folder)) {
      WorkQueueApi queues = pages.sheave.api().workQueues();
      queues.createWorkQueue("test", null, null);
      Page page = pages.open("/pools").page;
      page.getByLabel("Pause test in default-agent-pool").click();
      assertThat(page.locator("[data-queue=test]")).containsText("is paused");
      assertThat(queues.findWorkQueue("test").orElseThrow().isPaused()).isTrue();
      Locator limit =
          page.getByLabel(
              "Limit of test in default-agent-pool", new Page.GetByLabelOptions().setExact(true));
      Locator set = page.getByLabel("Set limit and priority of test in default-agent-pool");
      limit.fill("-5");
      set.click();
      assertThat(page.locator("input[name=limit]:invalid"))
          .hasCount(1); // said beside it, by the browser
      limit.fill("3");
      set.click();
      assertThat(page.locator(".notice")).isVisible();
      assertThat(queues.findWorkQueue("test").orElseThrow().concurrencyLimit()).isEqualTo(3);
      page.getByLabel("Name of a new queue in default-agent-pool").fill("night");
      page.getByLabel("Add a queue to default-agent-pool").click();
      assertThat(page.locator("[data-queue=night]")).isVisible();
      page.getByLabel("Pause default-agent-pool", new Page.GetByLabelOptions().setExact(true))
          .click();
      assertThat(page.locator("[data-pool]").first()).containsText("Resume");
      Looks.at(page, "pools");
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void whoTakesRunsIsListedAndWhyTheyWaitIsSaid() {
    try (ServedPages pages = new ServedPages(folder)) {
      OrchestrationApi api = pages.sheave.api();
      UUID flow = api.deployments().createFlow("hello").id();
      UUID deployment =
          api.deployments()
              .applyDeployment(DeploymentSpec.builder("night", flow).workQueueName("test").build())
              .deployment()
              .id();
      UUID run = api.flowRuns().createFlowRun(deployment, NewFlowRun.now(Map.of())).id();
      String waits =
          "No agent takes runs from the work queue 'test'; none ever has: start one with"
              + " 'sheave agent start -q test'.";
      Page page = pages.open("/runs/" + run).page;
      assertThat(page.locator("main")).containsText(waits);
      pages.open("/pools");
      assertThat(page.locator("[data-queue=test]")).containsText(waits);
      assertThat(page.locator("#agents")).containsText("sheave agent start");

      AgentProfile agent =
          new AgentProfile(
              "1", "worker-1", "host", "1.0", "default-agent-pool", Set.of("test"), Set.of());
      api.agents()
          .sync(
              new AgentSync(
                  agent,
                  1,
                  0,
                  Duration.ZERO,
                  Duration.ofSeconds(60),
                  Set.of(),
                  Set.of(),
                  Duration.ZERO));
      pages.open("/pools");
      assertThat(page.locator("[data-agent=worker-1]")).containsText("default-agent-pool: test");
      assertThat(page.locator("[data-queue=test]")).containsText("are full: 'worker-1'");
      pages.checkAccess();
      Looks.at(page, "agents");

      api.agents().leave("1");
      UUID queue = api.workQueues().findWorkQueue("default").orElseThrow().id();
      api.workQueues().updateWorkQueue(queue, WorkQueueUpdate.NONE.withPaused(true));
      page.setViewportSize(1280, 900);
      pages.open("/pools");
      assertThat(page.locator("[data-queue=test]")).containsText("Some agent asked");
      assertThat(
              page.evaluate(
                  "[...document.querySelectorAll('.scroll')]"
                      + ".some(each => each.scrollWidth > each.clientWidth)"))
          .as("some of it has to be scrolled to")
          .isEqualTo(false);
      assertThat(page.locator("[data-queue=test]").boundingBox().height).isLessThan(150);
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void limitsAreSetAndDeleted() {
    try (ServedPages pages = new ServedPages(folder).open("/limits")) {
      Page page = pages.page;
      pages.checkAccess();
      page.getByLabel("Tag").fill("database");
      page.getByText("Set", new Page.GetByTextOptions().setExact(true)).click();
      assertThat(page.locator(".problem")).isVisible();
      page.getByLabel("Limit", new Page.GetByLabelOptions().setExact(true)).fill("10");
      page.getByText("Set", new Page.GetByTextOptions().setExact(true)).click();
      assertThat(page.locator("tbody")).containsText("database");
      page.onDialog(Dialog::accept);
      page.getByLabel("Delete the limit of database").click();
      assertThat(page.locator("main")).containsText("No limits yet");
    }
  }

  @Test
  void artifactsAreShownAsWhatTheyAreAndNeverRun() {
    try (ServedPages pages = new ServedPages(folder)) {
      var api = pages.sheave.api().artifacts();
      api.createArtifact(
          NewArtifact.builder()
              .key("prices")
              .type("table")
              .description(SCRIPT)
              .data("[{\"item\": \"tea\", \"price\": 3}, {\"item\": \"" + SCRIPT + "\"}]")
              .build());
      api.createArtifact(
          NewArtifact.builder()
              .key("report")
              .type("markdown")
              .data(
                  "# Title\n[click](javascript:alert(1)) [well](https://example.org/) "
                      + SCRIPT
                      + " ![drawn](https://example.org/a.svg)"
                      + " ![in](data:image/svg+xml;base64,PHN2Zz4=)\n\n| a |\n|---|\n| 1 |")
              .build());
      Page page = pages.open("/artifacts").page;
      page.getByText("prices").click();
      assertThat(page.locator("tbody tr")).hasCount(2);
      assertThat(page.locator("tbody")).containsText(SCRIPT);
      page.goBack();
      page.getByText("report").click();
      assertThat(page.locator(".prose h1")).hasText("Title");
      assertThat(page.locator(".prose td")).hasText("1");
      assertThat(page.locator(".prose")).containsText("click");
      assertThat(page.locator(".prose")).containsText(SCRIPT);
      assertThat(page.locator(".prose img, .prose script")).hasCount(0);
      assertThat(page.locator(".prose a")).hasText(new String[] {"well", "drawn"});
      assertThat(page.locator("main a[href^='javascript']")).hasCount(0);
      assertThat(page).hasTitle("report · Sheave");
      assertThat(pages.complaints).isEqualTo(List.of());
    }
  }
}
