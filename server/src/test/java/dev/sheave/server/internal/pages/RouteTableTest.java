package dev.sheave.server.internal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import dev.sheave.api.ArtifactRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.LogLevel;
import dev.sheave.api.NewArtifact;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Schedule;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.block.Blocks;
import dev.sheave.block.SaveMode;
import dev.sheave.block.StringBlock;
import dev.sheave.storage.LocalFileSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every page of the route table, as everybody sees it: nothing is in the way of a screen reader,
 * light or dark, no rule is off, and nothing stands out at the side of a phone. With the system
 * property {@code sheave.pictures}, each page is drawn to {@code target/looks}.
 */
class RouteTableTest {
  @TempDir Path folder;

  @Test
  void everyPageCanBeUsedByEverybody() {
    try (ServedPages pages = new ServedPages(folder)) {
      Map<String, List<String>> samples = samples(pages);
      List<String> asked = new ArrayList<>(List.of("/sign-in", "/no/such/page"));
      for (PageRoutes.Route route : PageRoutes.over(pages.sheave, new Views(), null).all()) {
        if (route.method().equals("GET")) {
          List<String> paths =
              route.path().contains("{")
                  ? samples.getOrDefault(route.path(), List.of())
                  : List.of(route.path());
          assertThat(paths).as("addresses of " + route.path()).isNotEmpty();
          asked.addAll(paths);
        }
      }
      for (String path : asked) {
        check(pages, path);
      }
      assertThat(asked).hasSizeGreaterThan(20);
      pages.complaints.removeIf(text -> text.contains("404"));
      assertThat(pages.complaints).isEmpty();
    }
  }

  private static void check(ServedPages pages, String path) {
    Page page = pages.page;
    var answer = pages.context.request().get(pages.address(path));
    if (!answer.headers().getOrDefault("content-type", "").startsWith("text/html")) {
      assertThat(answer.status()).as(path).isEqualTo(200);
      return;
    }
    Response shown = page.navigate(pages.address(path));
    assertThat(shown.status()).as(path).isIn(200, 404);
    String name = path.replaceAll("[0-9a-f-]{36}", "id").replaceAll("[^A-Za-z0-9]+", "-");
    pages.checkAccess("all" + name);
    page.setViewportSize(360, 740);
    assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
        .as(path + " on a phone")
        .isEqualTo(0);
    Looks.ifWanted(page, "all" + name + "-phone");
    page.setViewportSize(1280, 800);
  }

  /** Records of each kind, and the addresses of their pages by the path of the route. */
  private static Map<String, List<String>> samples(ServedPages pages) {
    var api = pages.sheave.api();
    Blocks blocks = pages.sheave.blocks();
    blocks.save(new StringBlock("Do not panic"), "motto", SaveMode.CREATE);
    blocks.save(blocks.create("process", Map.of("working_dir", "/srv")), "big", SaveMode.CREATE);
    blocks.save(LocalFileSystem.builder().basepath("/srv").build(), "code", SaveMode.CREATE);
    UUID flow = api.deployments().createFlow("log-flow").id();
    UUID deployment =
        api.deployments()
            .applyDeployment(
                DeploymentSpec.builder("nightly", flow)
                    .workQueueName("test")
                    .tags(List.of("demo", "eu"))
                    .description("Says hello.")
                    .entrypoint("LogFlow.java:logFlow")
                    .path("flows")
                    .storageDocumentId(blocks.document("local-file-system/code").id())
                    .infrastructureDocumentId(blocks.document("process/big").id())
                    .infraOverrides(Map.of("env.MODE", "fast"))
                    .parameters(Map.of("name", "Marvin"))
                    .parameterSchema(
                        Map.of(
                            "type",
                            "object",
                            "properties",
                            Map.of("name", Map.of("title", "name", "type", "string"))))
                    .schedule(new Schedule.Cron("30 2 * * *", "Europe/Berlin"))
                    .build())
            .deployment()
            .id();
    UUID waiting = api.flowRuns().createFlowRun(deployment, NewFlowRun.at(Instant.now())).id();
    UUID failed = run(pages, deployment, "bold-fox", StateType.FAILED).id();
    UUID running = run(pages, deployment, "calm-owl").id();
    run(pages, deployment, "dry-elk", StateType.COMPLETED);
    UUID variable = api.variables().createVariable("answer", "42", List.of("eu")).id();
    api.concurrencyLimits().setConcurrencyLimit("database", 3);
    List<String> artifacts = new ArrayList<>();
    artifacts.add(artifact(pages, failed, "table", "[{\"item\": \"tea\", \"price\": 3}]"));
    artifacts.add(
        artifact(
            pages,
            failed,
            "markdown",
            "# Report\n\nAll is [well](https://example.org/).\n\n| a | b |\n|---|--:|\n| 1 | 2"
                + " |\n\n- one\n- two\n\n```\ncode\n```\n\n> said\n"));

    String ofBlock = "/blocks/string/motto";
    String ofDeployment = "/deployments/log-flow/nightly";
    Map<String, List<String>> samples = new LinkedHashMap<>();
    samples.put(
        "/blocks/types/{slug}/new", List.of("/blocks/types/s3/new", "/blocks/types/process/new"));
    samples.put("/blocks/{slug}/{name}", List.of(ofBlock, "/blocks/local-file-system/code"));
    samples.put("/blocks/{slug}/{name}/edit", List.of(ofBlock + "/edit"));
    samples.put("/blocks/{slug}/{name}/check", List.of(ofBlock + "/check"));
    samples.put("/blocks/{slug}/{name}/delete", List.of(ofBlock + "/delete"));
    samples.put("/logos/{slug}", List.of("/logos/string"));
    samples.put("/runs/{id}", List.of("/runs/" + waiting, "/runs/" + running, "/runs/" + failed));
    samples.put("/runs/{id}/log", List.of("/runs/" + failed + "/log"));
    samples.put("/runs/{id}/delete", List.of("/runs/" + failed + "/delete"));
    samples.put("/deployments/{flow}/{name}", List.of(ofDeployment));
    samples.put("/deployments/{flow}/{name}/yaml", List.of(ofDeployment + "/yaml"));
    samples.put("/deployments/{flow}/{name}/run", List.of(ofDeployment + "/run"));
    samples.put("/deployments/{flow}/{name}/delete", List.of(ofDeployment + "/delete"));
    samples.put("/flows/{name}", List.of("/flows/log-flow"));
    samples.put("/flows/{name}/delete", List.of("/flows/log-flow/delete"));
    samples.put("/variables/{id}", List.of("/variables/" + variable));
    samples.put("/artifacts/{id}", artifacts);
    return samples;
  }

  private static FlowRunRecord run(
      ServedPages pages, UUID deployment, String name, StateType... end) {
    var api = pages.sheave.api().flowRuns();
    FlowRunRecord run =
        api.createFlowRun(
            deployment,
            NewFlowRun.at(Instant.now()).toBuilder()
                .name(name)
                .parameters(Map.of("name", "Ford"))
                .build());
    api.setFlowRunState(run.id(), State.of(StateType.RUNNING), true);
    for (int level : new int[] {LogLevel.DEBUG, LogLevel.INFO, LogLevel.WARNING, LogLevel.ERROR}) {
      api.createLogs(
          List.of(new NewLogLine(run.id(), "flow", level, "A line of text.", Instant.now())));
    }
    for (StateType state : end) {
      api.setFlowRunState(run.id(), State.of(state, "So it ended."), true);
    }
    return run;
  }

  private static String artifact(ServedPages pages, UUID run, String type, String data) {
    ArtifactRecord made =
        pages
            .sheave
            .api()
            .artifacts()
            .createArtifact(
                NewArtifact.builder()
                    .key(type + "-of-prices")
                    .type(type)
                    .flowRunId(run)
                    .description("What was found.")
                    .data(data)
                    .build());
    return "/artifacts/" + made.id();
  }
}
