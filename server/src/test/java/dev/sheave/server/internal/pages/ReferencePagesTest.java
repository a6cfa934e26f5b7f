package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.sheave.Sheave;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.NewFlowRun;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.internal.Json;
import dev.sheave.server.SheaveServer;
import dev.sheave.testkit.Chromium;
import dev.sheave.testkit.RequiredService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages of Prefect 2.10.13 on our API, of the same origin: the browser gets their files as if
 * the server had them.
 */
class ReferencePagesTest {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final List<String> refused = new ArrayList<>();

  @Test
  void theyShowBlocksDeploymentsAndRunsAndMakeABlock(@TempDir Path folder) throws IOException {
    Path files = files();
    try (Sheave sheave =
            Sheave.builder(Map.of())
                .url("jdbc:sqlite:" + folder.resolve("sheave.db"))
                .home(folder)
                .connect();
        SheaveServer server =
            SheaveServer.builder(sheave).port(0).pages(false).registersBlockTypes(true).start();
        BrowserContext context =
            Chromium.browser().newContext(new NewContextOptions().setLocale("en-GB"))) {
      sheave.blocks().save(new SecretBlock(Secret.of("s3cret")), "night-key");
      sheave
          .api()
          .flowRuns()
          .createFlowRun(
              sheave
                  .api()
                  .deployments()
                  .applyDeployment(
                      DeploymentSpec.builder(
                              "every-night",
                              sheave.api().deployments().createFlow("sweep-floors").id())
                          .workQueueName("test")
                          .build())
                  .deployment()
                  .id(),
              NewFlowRun.now(Map.of()).toBuilder().name("sad-marvin").build());
      URI api = URI.create(server.url());
      context.setDefaultTimeout(TIMEOUT_MILLIS);
      context.route(
          url -> !URI.create(url).getPath().startsWith("/api/"), file -> serve(file, files, api));
      Page page = context.newPage();
      page.onResponse(
          response -> {
            if (response.status() >= 400) {
              refused.add(response.status() + " " + response.url());
            }
          });

      page.navigate(api.resolve("/blocks").toString());
      assertThat(page.getByText("night-key").first()).isVisible();
      page.navigate(api.resolve("/deployments").toString());
      assertThat(page.getByText("every-night").first()).isVisible();
      page.navigate(api.resolve("/flow-runs").toString());
      assertThat(page.getByText("sad-marvin").first()).isVisible();
      makeBlock(page, api);

      Assertions.assertThat(refused).isEmpty();
      Assertions.assertThat(sheave.api().blocks().findBlockDocument("s3", "log-test", true))
          .hasValueSatisfying(
              made ->
                  Assertions.assertThat(made.data()).containsEntry("bucket_path", "team/flows"));
    }
  }

  private static void makeBlock(Page page, URI api) {
    page.navigate(api.resolve("/blocks/catalog/s3/create").toString());
    field(page, "Block Name").fill("log-test");
    field(page, "Bucket Path").fill("team/flows");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Create")).click();
    assertThat(page.getByText("team/flows").first()).isVisible();
  }

  /** Its labels don't name their fields. */
  private static Locator field(Page page, String label) {
    return page.locator(".p-label:has(.p-label__header:has-text(\"" + label + "\"))")
        .locator("input, textarea")
        .first();
  }

  /** The files of the pages, which are in the wheel. */
  private static Path files() throws IOException {
    Path environment =
        Path.of(RequiredService.variable("prefect", "PREFECT_PROGRAMS")).resolveSibling("lib");
    try (Stream<Path> pythons = Files.list(environment)) {
      return pythons
          .map(python -> python.resolve("site-packages/prefect/server/ui"))
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow();
    }
  }

  private static void serve(Route route, Path files, URI api) {
    String path = URI.create(route.request().url()).getPath();
    if (path.equals("/ui-settings")) {
      route.fulfill(
          new Route.FulfillOptions()
              .setContentType("application/json")
              .setBody(Json.write(Map.of("api_url", api.toString(), "flags", List.of()))));
      return;
    }
    Path file = files.resolve(path.substring(1)).normalize();
    Path served = Files.isRegularFile(file) ? file : files.resolve("index.html");
    try {
      route.fulfill(
          new Route.FulfillOptions()
              .setContentType(type(served.toString()))
              .setBodyBytes(Files.readAllBytes(served)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String type(String file) {
    return file.endsWith(".js")
        ? "text/javascript"
        : file.endsWith(".css")
            ? "text/css"
            : file.endsWith(".svg") ? "image/svg+xml" : "text/html";
  }
}
