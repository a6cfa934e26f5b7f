package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.LogLevel;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.NewTaskRun;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPagesTest {
  private static final String SCRIPT = "<script>document.title='taken'</script>";

  @TempDir Path folder;

  static UUID deployment(ServedPages pages, String name) {
    var api = pages.sheave.api().deployments();
    UUID flow = api.createFlow("log-flow").id();
    return api.applyDeployment(
            DeploymentSpec.builder(name, flow)
                .workQueueName("test")
                .tags(List.of("demo"))
                .description(SCRIPT)
                .entrypoint("LogFlow.java:logFlow")
                .path("/srv/flows")
                .parameters(Map.of("name", "Marvin"))
                .parameterSchema(
                    Map.of(
                        "title",
                        "Parameters",
                        "type",
                        "object",
                        "properties",
                        Map.of(
                            "name", Map.of("title", "name", "type", "string"),
                            "times", Map.of("title", "times", "type", "integer", "default", 1)),
                        "required",
                        List.of("name")))
                .build())
        .deployment()
        .id();
  }

  private static FlowRunRecord run(ServedPages pages, String name, StateType... states) {
    var api = pages.sheave.api().flowRuns();
    UUID flow = pages.sheave.api().deployments().createFlow("log-flow").id();
    FlowRunRecord run =
        api.createFlowRunOfFlow(
            flow,
            NewFlowRun.at(Instant.now()).toBuilder()
                .name(name)
                .parameters(Map.of("who", SCRIPT))
                .tags(List.of("demo"))
                .build());
    for (StateType state : states) {
      api.setFlowRunState(run.id(), State.of(state, "Now " + state + "."), true);
    }
    return run;
  }

  private static void log(ServedPages pages, UUID run, String... messages) {
    pages
        .sheave
        .api()
        .flowRuns()
        .createLogs(
            Stream.of(messages)
                .map(text -> new NewLogLine(run, "flow", LogLevel.INFO, text, Instant.now()))
                .toList());
  }

  @Test
  void runsAreFoundByFiltersThatAreInTheAddress() {
    try (ServedPages pages = new ServedPages(folder).open("/runs")) {
      Page page = pages.page;
      assertThat(page.locator("main")).containsText("No runs yet");
      pages.checkAccess();
      run(pages, "bold-fox", StateType.RUNNING, StateType.COMPLETED);
      run(pages, "calm-owl", StateType.RUNNING, StateType.FAILED);
      run(pages, "dry-" + SCRIPT, StateType.RUNNING);
      pages.open("/runs");
      assertThat(page.locator("[data-run]")).hasCount(3);
      assertThat(page.locator("main")).containsText(SCRIPT);
      Looks.at(page, "runs");
      page.getByLabel("State").selectOption("FAILED");
      assertThat(page.locator("[data-run]")).hasCount(1);
      assertThat(page).hasURL(Pattern.compile(".*state=FAILED.*"));
      page.reload();
      assertThat(page.locator("[data-run]")).containsText(new String[] {"calm-owl"});
      page.goBack();
      assertThat(page.locator("[data-run]")).hasCount(3);
      page.getByLabel("Run", new Page.GetByLabelOptions().setExact(true)).fill("fox");
      assertThat(page.locator("[data-run]")).containsText(new String[] {"bold-fox"});
      page.getByLabel("Run", new Page.GetByLabelOptions().setExact(true)).fill("nothing");
      assertThat(page.locator("main")).containsText("No run matches");
      pages.open("/");
      assertThat(page.locator("main")).containsText("calm-owl");
      Looks.at(page, "home");
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void newRunsAppearByThemselves() {
    try (ServedPages pages = new ServedPages(folder)) {
      run(pages, "first", StateType.RUNNING);
      pages.open("/runs");
      run(pages, "second", StateType.RUNNING);
      assertThat(pages.page.locator("main"))
          .containsText("second", new LocatorAssertions.ContainsTextOptions().setTimeout(60_000));
    }
  }

  @Test
  void aLogIsFollowedLineByLineUntilTheRunIsOver() {
    try (ServedPages pages = new ServedPages(folder)) {
      UUID run = run(pages, "bold-fox", StateType.RUNNING).id();
      log(pages, run, "first " + SCRIPT, "\u001B[31mred\u001B[0m");
      Page page = pages.open("/runs/" + run).page;
      Locator lines = page.locator("#log li");
      assertThat(lines).containsText(new String[] {"first " + SCRIPT, "red"});
      assertThat(page.locator("#live")).hasText("Live");
      log(pages, run, "third", "fourth");
      assertThat(lines).hasCount(4);
      log(pages, run, "last");
      pages.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.COMPLETED), false);
      assertThat(page.locator("#live")).hasText("Ended");
      assertThat(lines).containsText(new String[] {"first", "red", "third", "fourth", "last"});
      assertThat(page.locator("[data-part=facts]")).containsText("Completed");
      assertThat(page.locator("[data-part=states] li")).hasCount(3);
      assertThat(page).hasTitle("bold-fox · Sheave");
      Looks.at(page, "run");
      page.getByLabel("Search").fill("four");
      assertThat(lines.locator("visible=true")).hasCount(1);
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void aRunThatIsDeletedWhileItsPageIsOpenIsSaidToBe() {
    try (ServedPages pages = new ServedPages(folder)) {
      UUID run = run(pages, "bold-fox", StateType.RUNNING).id();
      Page page = pages.open("/runs/" + run).page;
      assertThat(page.locator("#live")).hasText("Live");

      pages.sheave.api().flowRuns().deleteFlowRun(run);

      assertThat(page.locator("#live"))
          .hasText(
              "This run was deleted", new LocatorAssertions.HasTextOptions().setTimeout(30_000));
      assertThat(page.getByText("Cancel the run")).hasCount(0);
    }
  }

  @Test
  void longNamesAndMessagesOfStatesStayInTheirPlace() {
    try (ServedPages pages = new ServedPages(folder)) {
      UUID run = run(pages, "bold-fox", StateType.RUNNING).id();
      String name = "A state that somebody has given quite a long name ".repeat(3).trim();
      pages
          .sheave
          .api()
          .flowRuns()
          .setFlowRunState(
              run, State.of(StateType.FAILED, name, "Much is said of it. ".repeat(200)), true);
      pages.page.setViewportSize(390, 800);
      for (String each : List.of("/", "/runs", "/runs/" + run, "/flows/log-flow")) {
        Page page = pages.open(each).page;
        assertThat(page.locator(".state-name").first()).hasAttribute("title", name);
        assertThat(page.evaluate("document.documentElement.scrollWidth")).as(each).isEqualTo(390);
      }
      Locator message = pages.open("/").page.locator(".brief");
      assertThat(message.boundingBox().height).isLessThan(100);
    }
  }

  @Test
  void aRunThatIsOverIsNotShownAsRunningAgain() {
    try (ServedPages pages = new ServedPages(folder)) {
      FlowRunApi api = pages.sheave.api().flowRuns();
      UUID run = run(pages, "bold-fox", StateType.PENDING).id();
      Page page = pages.open("/runs/" + run).page;
      assertThat(page.locator("#live")).hasText("Live");
      assertThat(page.locator("[data-part=facts]")).containsText("Pending");
      List<Runnable> late = new ArrayList<>();
      page.route(
          pages.address("/runs/" + run),
          route -> {
            APIResponse answer = route.fetch();
            Runnable send = () -> route.fulfill(new Route.FulfillOptions().setResponse(answer));
            if (late.isEmpty() && answer.text().contains("Running")) {
              late.add(send);
            } else {
              send.run();
            }
          });
      api.setFlowRunState(run, State.of(StateType.RUNNING), true);
      page.waitForCondition(() -> !late.isEmpty());
      api.setFlowRunState(run, State.of(StateType.COMPLETED), true);
      assertThat(page.locator("#live")).hasText("Ended");
      late.get(0).run();
      assertThat(page.locator("[data-part=facts]")).containsText("Completed");
      page.evaluate(
          "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
      assertThat(page.locator("[data-part=facts]")).containsText("Completed");
      assertThat(page.locator("[data-part=states] li")).hasCount(4);
    }
  }

  @Test
  void aReaderWhoseConnectionBrokeGetsWhatItMissed() throws Exception {
    try (ServedPages pages = new ServedPages(folder)) {
      UUID run = run(pages, "bold-fox", StateType.RUNNING).id();
      log(pages, run, "one", "two", "three");
      pages.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.COMPLETED), false);
      URI stream = URI.create(pages.address("/runs/" + run + "/log/stream"));

      HttpResponse<InputStream> whole =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(stream).build(), BodyHandlers.ofInputStream());
      assertThat(whole.headers().firstValue("Content-Type"))
          .contains("text/event-stream; charset=utf-8");
      assertThat(whole.headers().firstValue("X-Accel-Buffering")).contains("no");
      List<String> events = events(whole);
      assertThat(events).filteredOn(line -> line.startsWith("id: ")).hasSize(3);
      assertThat(events).contains("event: end");

      String second =
          events.stream().filter(line -> line.startsWith("id: ")).skip(1).findFirst().orElseThrow();
      HttpResponse<InputStream> rest =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(stream)
                      .header("Last-Event-ID", second.substring("id: ".length()))
                      .build(),
                  BodyHandlers.ofInputStream());
      assertThat(events(rest))
          .filteredOn(line -> line.contains("\"message\""))
          .singleElement()
          .asString()
          .contains("three");
    }
  }

  private static List<String> events(HttpResponse<InputStream> answer) {
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))
        .lines()
        .toList();
  }

  @Test
  void closingTheServerDoesNotWaitForThoseWhoFollow() throws Exception {
    UUID run;
    try (ServedPages pages = new ServedPages(folder)) {
      run = run(pages, "bold-fox", StateType.RUNNING).id();
      pages.open("/runs/" + run);
      assertThat(pages.page.locator("#live")).hasText("Live");
      long start = System.nanoTime();
      pages.server.close();
      assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
      assertThat(pages.page.locator("#live")).containsText("Not live");
    }
  }

  @Test
  void aLongLogHasItsLastThousandLinesInThePage() {
    try (ServedPages pages = new ServedPages(folder)) {
      UUID run = run(pages, "bold-fox", StateType.RUNNING, StateType.COMPLETED).id();
      Instant start = Instant.parse("2026-01-01T00:00:00Z");
      for (int block = 0; block < 6; block++) {
        int first = block * 200;
        pages
            .sheave
            .api()
            .flowRuns()
            .createLogs(
                IntStream.range(first, first + 200)
                    .mapToObj(
                        i ->
                            new NewLogLine(
                                run, "flow", LogLevel.INFO, "line " + i, start.plusSeconds(i)))
                    .toList());
      }
      Page page = pages.open("/runs/" + run).page;
      assertThat(page.locator("#log li")).hasCount(1000);
      assertThat(page.locator("#log li").first()).containsText("line 200");
      page.getByText("Earlier lines").click();
      assertThat(page.locator("#log li")).hasCount(200);
      var download = page.waitForDownload(() -> page.getByText("Download").click());
      assertThat(download.path()).content().contains("line 0\n").contains("line 1199\n");
      assertThat(download.suggestedFilename()).isEqualTo("bold-fox.log");
    }
  }

  @Test
  void theWholeLogIsSearchedAndALineHasAnAddress() {
    try (ServedPages pages = new ServedPages(folder)) {
      UUID run = run(pages, "bold-fox", StateType.RUNNING, StateType.COMPLETED).id();
      for (int first = 0; first < 3000; first += 500) {
        pages
            .sheave
            .api()
            .flowRuns()
            .createLogs(
                IntStream.range(first, first + 500)
                    .mapToObj(
                        i ->
                            new NewLogLine(
                                run,
                                "flow",
                                i % 1000 == 7 ? LogLevel.WARNING : LogLevel.INFO,
                                "Line " + i + (i % 1000 == 7 ? " needs care" : ""),
                                Instant.now()))
                    .toList());
      }
      Page page = pages.open("/runs/" + run).page;
      Locator lines = page.locator("#log li");
      page.getByLabel("Search").fill("NEEDS care");
      assertThat(lines.locator("visible=true")).hasCount(1);
      page.keyboard().press("Enter");
      assertThat(lines).containsText(new String[] {"Line 7 ", "Line 1007 ", "Line 2007 "});
      assertThat(page).hasURL(Pattern.compile(".*find=NEEDS.*"));
      pages.checkAccess();

      lines.first().locator("a").click();
      assertThat(lines).hasCount(508);
      assertThat(page.locator("#log li:target")).containsText("Line 7 needs care");
      page.reload();
      assertThat(page.locator("#log li:target")).containsText("Line 7 needs care");
      page.getByText("The last lines").click();
      assertThat(lines.last()).containsText("Line 2999");
      page.getByText("Earlier lines").click();
      assertThat(lines.last()).containsText("Line 1999");
      lines.last().locator("a").click();
      assertThat(page).hasURL(Pattern.compile(".*[?]line=.*#line-.*"));
      page.reload();
      assertThat(page.locator("#log li:target")).containsText("Line 1999");
      assertThat(lines).hasCount(1001);

      pages.open("/runs/" + run + "?level=WARNING");
      assertThat(lines).hasCount(3);
      pages.open("/runs/" + run + "?find=nowhere");
      assertThat(page.locator("#no-lines")).hasText("No line matches.");
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void aRunThatFailedIsTriedAgainAndItsRelativesAreShown() {
    try (ServedPages pages = new ServedPages(folder)) {
      var api = pages.sheave.api();
      UUID deployment = deployment(pages, "nightly");
      FlowRunRecord parent = api.flowRuns().createFlowRun(deployment, NewFlowRun.at(Instant.now()));
      UUID task =
          api.taskRuns()
              .findOrCreateTaskRun(
                  NewTaskRun.builder(State.of(StateType.RUNNING), parent.id(), "call", "0").build())
              .record()
              .id();
      FlowRunRecord child =
          api.flowRuns()
              .createFlowRun(
                  deployment,
                  NewFlowRun.at(Instant.now()).toBuilder().parentTaskRunId(task).build());
      api.flowRuns().setFlowRunState(child.id(), State.of(StateType.RUNNING), true);
      api.flowRuns().setFlowRunState(child.id(), State.of(StateType.FAILED, "Broken."), true);

      Page page = pages.open("/runs/" + parent.id()).page;
      assertThat(page.getByText("Retry")).hasCount(0);
      page.locator("[data-part=children] a").click();
      assertThat(page.locator("h1")).hasText(child.name());
      assertThat(page.locator("[data-part=place]")).containsText(parent.name());
      page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Retry")).click();
      assertThat(page.locator(".notice").first()).containsText("waits to be tried again");
      assertThat(page.locator("[data-part=facts]")).containsText("AwaitingRetry");
      assertThat(api.flowRuns().readFlowRun(child.id()).state().type())
          .isEqualTo(StateType.SCHEDULED);

      FlowRunRecord alone = run(pages, "alone", StateType.RUNNING, StateType.FAILED);
      pages.open("/runs/" + alone.id());
      assertThat(page.getByText("Retry")).hasCount(0);
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void aStretchOfThePlotIsShownAlone() {
    try (ServedPages pages = new ServedPages(folder)) {
      deployment(pages, "nightly");
      run(pages, "first", StateType.RUNNING, StateType.COMPLETED);
      run(pages, "second", StateType.RUNNING, StateType.FAILED);
      run(pages, "third", StateType.RUNNING);
      Page page = pages.open("/runs").page;
      var box = page.locator(".plot > svg").boundingBox();
      page.mouse().move(box.x + 4, box.y + 20);
      page.mouse().down();
      page.mouse().move(box.x + box.width * 0.1, box.y + 20);
      page.mouse().up();
      assertThat(page.locator("[data-run]")).hasCount(1);
      assertThat(page.locator("[data-run]")).containsText("first");
      assertThat(page).hasURL(Pattern.compile(".*from=2.*to=2.*"));
      page.reload();
      assertThat(page.locator("[data-run]")).hasCount(1);
      pages.checkAccess();
      page.getByText("Any time", new Page.GetByTextOptions().setExact(true)).last().click();
      assertThat(page.locator("[data-run]")).hasCount(3);

      pages.open("/runs?state=FAILED,RUNNING&deployment=");
      assertThat(page.locator("[data-run]")).hasCount(2);
      page.getByLabel("Deployment").fill("nightly");
      assertThat(page.locator("main")).containsText("No run matches");
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void aRunIsStartedCancelledAndDeleted() {
    try (ServedPages pages = new ServedPages(folder)) {
      deployment(pages, "log-flow-s3");
      Page page = pages.open("/deployments").page;
      Looks.at(page, "deployments");
      page.getByText("log-flow-s3").click();
      assertThat(page.locator("main")).containsText(SCRIPT);
      Looks.at(page, "deployment");
      page.getByRole(AriaRole.LINK, new GetByRoleOptions().setName("Run").setExact(true)).click();
      assertThat(page.getByLabel("name", new Page.GetByLabelOptions().setExact(true)))
          .hasValue("Marvin");
      page.getByLabel("times", new Page.GetByLabelOptions().setExact(true)).fill("often");
      page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Run")).click();
      assertThat(page.locator("[data-errors='f-times']")).containsText("whole number");
      pages.checkAccess();
      Looks.at(page, "run-form");
      page.getByLabel("times", new Page.GetByLabelOptions().setExact(true)).fill("3");
      page.getByLabel("Tags").fill("nightly, eu");
      page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Run")).click();
      assertThat(page.locator("main")).containsText("sheave agent start -q test");
      FlowRunRecord run = pages.sheave.api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL).get(0);
      assertThat(run.parameters()).containsEntry("times", 3).containsEntry("name", "Marvin");
      assertThat(run.tags()).contains("nightly", "eu", "demo");
      Looks.at(page, "run-waiting");

      page.getByText("Cancel the run").click();
      assertThat(page.locator("[data-part=facts]")).containsText("Cancelled");
      page.getByText("Run again").click();
      assertThat(page.getByLabel("times", new Page.GetByLabelOptions().setExact(true)))
          .hasValue("3");
      page.goBack();
      page.locator(".head").getByText("Delete").click();
      page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Delete")).click();
      assertThat(page.locator("main")).containsText("No runs yet");
      pages.open("/flows");
      page.getByText("log-flow", new Page.GetByTextOptions().setExact(true)).click();
      assertThat(page.locator("main")).containsText("log-flow-s3");
      page.locator(".actions").getByText("Delete").click();
      assertThat(page.locator("main")).containsText("deployment log-flow/log-flow-s3");
      page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Delete")).click();
      assertThat(page.locator("main")).containsText("No flows yet");
      pages.complaints.removeIf(text -> text.contains("422"));
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void whatDoesNotExistIsSaidSo() {
    try (ServedPages pages = new ServedPages(folder)) {
      for (String path :
          List.of(
              "/runs/" + UUID.randomUUID(),
              "/runs/x",
              "/runs/" + UUID.randomUUID() + "?line=x",
              "/runs/" + UUID.randomUUID() + "/log",
              "/deployments/no/such",
              "/flows/no",
              "/blocks/s3/no",
              "/blocks/types/no/new")) {
        assertThat(pages.page.navigate(pages.address(path)).status()).as(path).isEqualTo(404);
        assertThat(pages.page.locator("main")).containsText(Pattern.compile("exist|has the id"));
      }
    }
  }
}
