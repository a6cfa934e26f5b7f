package dev.sheave.server.internal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.KeyScope;
import dev.sheave.api.NewWorkPool;
import dev.sheave.api.Page;
import dev.sheave.api.VariableApi.VariableSort;
import dev.sheave.api.VariableFilter;
import dev.sheave.api.VariableRecord;
import dev.sheave.block.SaveMode;
import dev.sheave.block.StringBlock;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forms that no page of the server would send. */
class FormsTest {
  @TempDir Path folder;
  private ServedPages pages;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build();

  @BeforeEach
  void serve() {
    pages = new ServedPages(folder);
  }

  @AfterEach
  void close() {
    pages.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
    return browser.send(
        request.uri(URI.create(pages.address(path))).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String... fields) throws Exception {
    return send(form(fields), path);
  }

  private static HttpRequest.Builder form(String... fields) {
    String body =
        IntStream.range(0, fields.length / 2)
            .mapToObj(i -> fields[2 * i] + "=" + encoded(fields[2 * i + 1]))
            .collect(Collectors.joining("&"));
    return HttpRequest.newBuilder()
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Opens a page, and returns what its forms repeat. */
  private String token() throws Exception {
    send(HttpRequest.newBuilder(), "/sign-in");
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals(PageCall.CSRF))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElseThrow();
  }

  private List<String> variables() {
    return pages
        .sheave
        .api()
        .variables()
        .listVariables(VariableFilter.ALL, VariableSort.NAME_ASC, Page.FIRST)
        .stream()
        .map(VariableRecord::name)
        .toList();
  }

  @Test
  void aFormOfAnotherSiteIsRefused() throws Exception {
    assertThat(post("/variables", "name", "a", "value", "1").statusCode()).isEqualTo(403);
    String token = token();
    assertThat(post("/variables", "name", "a", "value", "1").statusCode()).isEqualTo(403);
    assertThat(post("/variables", "csrf", token + "x", "name", "a").statusCode()).isEqualTo(403);
    HttpResponse<String> foreign =
        send(
            form("csrf", token, "name", "a", "value", "1").header("Origin", "http://evil.example"),
            "/variables");
    assertThat(foreign.statusCode()).isEqualTo(403);
    cookies.getCookieStore().removeAll();
    assertThat(post("/variables", "csrf", token, "name", "a").statusCode()).isEqualTo(403);
    assertThat(variables()).isEmpty();
  }

  @Test
  void aFormThatIsSentTwiceDoesItsWorkOnce() throws Exception {
    String[] form = {"csrf", token(), "name", "a", "value", "1"};

    assertThat(post("/variables", form).statusCode()).isEqualTo(303);
    HttpResponse<String> again = post("/variables", form);

    assertThat(again.statusCode()).isEqualTo(422);
    assertThat(again.body()).contains("role=\"alert\"", "value=\"a\"");
    assertThat(variables()).containsExactly("a");
  }

  @Test
  void aRunFormThatIsSentTwiceStartsOneRun() throws Exception {
    UUID flow = pages.sheave.api().deployments().createFlow("log-flow").id();
    pages.sheave.api().deployments().applyDeployment(DeploymentSpec.builder("daily", flow).build());
    String path = "/deployments/log-flow/daily/run";
    String[] form = {"csrf", token(), "once", once(path)};

    Optional<String> first = post(path, form).headers().firstValue("Location");
    Optional<String> again = post(path, form).headers().firstValue("Location");
    Optional<String> another =
        post(path, "csrf", token(), "once", once(path)).headers().firstValue("Location");

    assertThat(again).isPresent().isEqualTo(first);
    assertThat(another).isPresent().isNotEqualTo(first);
  }

  /** What a form has so that it does its work once. */
  private String once(String path) throws Exception {
    String page = send(HttpRequest.newBuilder(), path).body();
    Matcher field = Pattern.compile("name=\"once\" value=\"([^\"]+)\"").matcher(page);
    assertThat(field.find()).isTrue();
    return field.group(1);
  }

  @Test
  void aPageBeyondAllIsEmpty() throws Exception {
    for (String path : List.of("/flows", "/runs", "/deployments", "/variables", "/artifacts")) {
      assertThat(send(HttpRequest.newBuilder(), path + "?page=43000000").statusCode())
          .as(path)
          .isEqualTo(200);
    }
  }

  @Test
  void manyBlocksAreShownInPagesWithTheirFilters() throws Exception {
    for (int i = 0; i < 60; i++) {
      pages.sheave.blocks().save(new StringBlock("x"), "many-" + i, SaveMode.CREATE);
    }

    String first = send(HttpRequest.newBuilder(), "/blocks?q=many").body();
    String second = send(HttpRequest.newBuilder(), "/blocks?q=many&page=1").body();

    assertThat(first).contains("60 blocks", "/blocks?q=many&amp;page=1");
    assertThat(first.split("class=\"name\"", -1)).hasSize(51);
    assertThat(second.split("class=\"name\"", -1)).hasSize(11);
    assertThat(send(HttpRequest.newBuilder(), "/blocks?page=43000000").statusCode()).isEqualTo(200);
  }

  @Test
  void manyQueuesAreShownInPages() throws Exception {
    for (int i = 0; i < 60; i++) {
      pages.sheave.api().workQueues().createWorkQueue("many-" + i, null, null);
    }
    pages.sheave.api().workPools().createWorkPool(NewWorkPool.builder("last").build());

    String first = send(HttpRequest.newBuilder(), "/pools").body();
    String second = send(HttpRequest.newBuilder(), "/pools?page=1").body();

    assertThat(first).contains("work queues", "/pools?page=1");
    assertThat(first.split("data-queue=", -1)).hasSize(51);
    assertThat(second).contains("data-pool=\"last\"", "/pools?page=0");
    assertThat(second.split("data-queue=\"many-", -1).length)
        .isEqualTo(62 - first.split("data-queue=\"many-", -1).length);
    assertThat(send(HttpRequest.newBuilder(), "/pools?page=43000000").statusCode()).isEqualTo(200);
  }

  @Test
  void anUnknownStateIsTold() throws Exception {
    HttpResponse<String> answer = send(HttpRequest.newBuilder(), "/runs?state=FAILED,NOPE");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("There is no state", "NOPE", "COMPLETED, ");
  }

  @Test
  void afterSigningOutAFormDoesNothing() throws Exception {
    String key =
        pages
            .sheave
            .api()
            .administration()
            .orElseThrow()
            .apiKeys()
            .createKey("me", KeyScope.ADMIN, null)
            .secret()
            .reveal();
    String token = token();
    assertThat(post("/sign-in", "csrf", token, "key", key).statusCode()).isEqualTo(303);
    assertThat(post("/variables", "csrf", token, "name", "a", "value", "1").statusCode())
        .isEqualTo(303);
    assertThat(post("/sign-out", "csrf", token).statusCode()).isEqualTo(303);

    HttpResponse<String> late = post("/variables", "csrf", token, "name", "b", "value", "1");

    assertThat(late.statusCode()).isEqualTo(403);
    assertThat(late.body()).contains("Sign in");
    assertThat(variables()).containsExactly("a");
  }

  @Test
  void fieldsThatAreNotInTheSchemaAreNotStored() throws Exception {
    HttpResponse<String> made =
        post(
            "/blocks/types/string/new",
            "csrf",
            token(),
            "name",
            "motto",
            "v:value",
            "Do not panic",
            "v:other",
            "1",
            "r:list",
            "0",
            "updated",
            "x");

    assertThat(made.statusCode()).isEqualTo(303);
    assertThat(pages.sheave.blocks().document("string/motto").data())
        .containsOnlyKeys("value")
        .containsEntry("value", "Do not panic");
  }

  @Test
  void aFormThatIsTooLargeIsRefused() throws Exception {
    HttpResponse<String> large =
        post("/variables", "csrf", token(), "name", "a", "value", "x".repeat(20 << 20));

    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(variables()).isEmpty();
  }
}
