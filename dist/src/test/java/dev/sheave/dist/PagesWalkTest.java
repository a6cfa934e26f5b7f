package dev.sheave.dist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.sheave.dist.Installed.DISTRIBUTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.sheave.dist.Installed.Result;
import dev.sheave.testkit.Chromium;
import dev.sheave.testkit.RequiredService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way of the tutorial, with a browser, a terminal, a server, an agent and an S3 server. With
 * the system property {@code sheave.pictures}, the pictures of the guide are taken.
 */
@Tag("distribution")
class PagesWalkTest {
  /** The pictures that docs/pages.md shows. */
  private static final Set<String> GUIDE =
      Set.of("home", "catalog", "s3-form", "s3-block", "run", "phone-run", "dark-runs");

  private static final int TIMEOUT_MILLIS = 60_000;
  private static final Pattern ADDRESS = Pattern.compile("Pages: (http\\S+)/");

  @TempDir Path folder;
  private Installed installed;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void writeTheFlow() throws IOException {
    installed = new Installed(folder);
    Files.writeString(
        folder.resolve("LogFlow.java"),
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import dev.sheave.flow.Param;
        import java.nio.file.Files;
        import java.nio.file.Path;

        public final class LogFlow {
          @Flow(name = "log-flow")
          public static void logFlow(@Param("name") String name, @Param("gates") String gates)
              throws InterruptedException {
            FlowRunContext.current().logger().info("Hello {}!", name);
            while (!Files.exists(Path.of(gates, name))) {
              Thread.sleep(50);
            }
            FlowRunContext.current().logger().info("The gate is open, {}.", name);
          }
        }
        """);
  }

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process each : processes) {
      each.destroy();
      each.waitFor();
    }
  }

  @Test
  void withAMouseInAWindow() throws Exception {
    Path opened = standForTheBrowser();
    Path said = start("server", "start", "--port", "0", "--open");
    assertThat(content(opened)).isEqualTo(address(said) + "/");
    walk(said, "", true);
  }

  @Test
  void withoutAMouseOnADarkPhoneUnderABasePathWithKeys() throws Exception {
    String key = sheave("api-key", "create", "walker", "--scope", "admin").strip();
    Path said = start("server", "start", "--port", "0", "--base-path", "/x");
    installed.environment().put("SHEAVE_API_KEY", key);
    walk(said, key, false);
  }

  /** Starts what goes on; returns the file that it writes to. */
  private Path start(String... words) throws IOException {
    Path said = folder.resolve(words[0] + ".out");
    processes.add(
        0,
        installed
            .builder(DISTRIBUTION, words)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start());
    return said;
  }

  /** Returns what a command writes; it must succeed. */
  private String sheave(String... words) throws IOException, InterruptedException {
    Result result = installed.sheave(DISTRIBUTION, words);
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    return result.out();
  }

  /** Puts a program in the place of the machine's browser; returns where it notes an address. */
  private Path standForTheBrowser() throws IOException {
    Path opened = folder.resolve("opened");
    Files.deleteIfExists(opened);
    Path program = Files.createDirectories(folder.resolve("bin")).resolve("xdg-open");
    Files.writeString(
        program,
        "#!/bin/sh\necho \"$1\" >'" + opened + ".new'\nmv '" + opened + ".new' '" + opened + "'\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    installed.environment().put("PATH", program.getParent() + ":" + System.getenv("PATH"));
    return opened;
  }

  private static String content(Path file) throws IOException {
    await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(file));
    return Files.readString(file).strip();
  }

  private static String address(Path said) {
    return await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              Matcher matcher = ADDRESS.matcher(Files.readString(said));
              return matcher.find() ? matcher.group(1) : "";
            },
            found -> !found.isEmpty());
  }

  private void walk(Path said, String key, boolean hasMouse) throws Exception {
    String s3 = RequiredService.variable("s3", "S3_ENDPOINT");
    String secret = RequiredService.variable("s3", "S3_SECRET_ACCESS_KEY");
    String place =
        RequiredService.variable("s3", "S3_BUCKET") + "/flows/log-test" + (hasMouse ? "" : "-keys");
    String address = address(said);
    installed.environment().put("SHEAVE_API_URL", address + "/api");
    NewContextOptions options =
        new NewContextOptions()
            .setTimezoneId("Europe/Berlin")
            .setLocale("en-GB")
            .setReducedMotion(ReducedMotion.REDUCE)
            .setPermissions(List.of("clipboard-read", "clipboard-write"))
            .setViewportSize(hasMouse ? 1280 : 360, hasMouse ? 800 : 740)
            .setColorScheme(hasMouse ? ColorScheme.LIGHT : ColorScheme.DARK);
    PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MILLIS);
    List<String> complaints = new ArrayList<>();
    try (BrowserContext context = Chromium.browser().newContext(options)) {
      context.setDefaultTimeout(TIMEOUT_MILLIS);
      Page page = context.newPage();
      page.onPageError(complaints::add);
      page.onConsoleMessage(
          message -> {
            if (message.type().equals("error")) {
              complaints.add(message.text());
            }
          });
      Hand hand = new Hand(page, hasMouse);
      page.navigate(address + "/");
      if (!key.isEmpty()) {
        hand.type("API key", key);
        hand.go("Sign in", "Home");
      }
      look(page, hasMouse, "home");
      makeTheBlock(page, hand, place, s3, secret);
      build(place);
      runIt(page, hand);
      cancelOne(page, hand);

      if (hasMouse) {
        Path opened = standForTheBrowser();
        sheave("flow-run", "inspect", page.url().replaceFirst(".*/", ""), "--web");
        assertThat(content(opened)).isEqualTo(page.url());
        assertThat(page.navigate(content(opened)).status()).isEqualTo(200);
      }
      hand.go("Flow runs", "Flow runs");
      assertThat(page.locator("[data-run]")).hasCount(2);
      assertThat(page.locator("[data-run]")).containsText(new String[] {"Cancelled", "Completed"});
      if (hasMouse) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        picture(page, "dark-runs");
      } else {
        look(page, false, "runs");
      }
      assertThat(complaints).isEmpty();
      assertThat(page.content()).doesNotContain(secret);
    }
    assertThat(everythingSaid()).doesNotContain(secret);
  }

  private static void makeTheBlock(Page page, Hand hand, String place, String s3, String secret) {
    hand.go("Blocks", "Blocks");
    hand.go("New block", "Choose a block type");
    assertThat(page.locator("[data-type=s3]")).isVisible();
    look(page, hand.hasMouse(), "catalog");
    hand.pick("Capability", "run-infrastructure");
    assertThat(page.locator("[data-type=s3]")).hasCount(0);
    for (String type : List.of("process", "docker-container")) {
      assertThat(page.locator("[data-type=" + type + "]")).isVisible();
    }
    page.goBack();
    hand.go("Add an S3 block", "New S3 block");
    hand.type("Block name", "log-test");
    hand.type("Bucket Path", place);
    hand.type("AWS Access Key ID", RequiredService.variable("s3", "S3_ACCESS_KEY_ID"));
    hand.type("AWS Secret Access Key", "mistyped-at-first");
    page.evaluate("scrollTo(0, 0)");
    look(page, hand.hasMouse(), "s3-form");
    hand.type("Endpoint URL", s3);
    hand.press("Create");
    assertThat(page.locator(".notice")).containsText("'s3/log-test' was created");
    assertThat(page.locator("main")).containsText("********");
    assertThat(page.content()).doesNotContain("mistyped-at-first");
    look(page, hand.hasMouse(), "s3-block");
    hand.press("Copy");
    assertThat(page.evaluate("navigator.clipboard.readText()"))
        .isEqualTo("S3 storage = Block.load(\"s3/log-test\", S3.class);");

    hand.go("Edit", "Edit log-test");
    hand.type("AWS Secret Access Key", secret);
    hand.press("Save");
    assertThat(page.locator(".notice")).containsText("was saved");
    assertThat(page.content()).doesNotContain(secret);
  }

  private void build(String place) throws Exception {
    String built =
        sheave(
            ("deployment build ./LogFlow.java:logFlow -n log-flow-s3 -sb s3/log-test -q test"
                    + " -o log-flow-s3-deployment.yaml --param gates="
                    + folder)
                .split(" "));
    assertThat(built).contains("Found flow 'log-flow'", "s3://" + place);
    assertThat(sheave("deployment", "apply", "log-flow-s3-deployment.yaml"))
        .contains("log-flow/log-flow-s3");
  }

  private void runIt(Page page, Hand hand) throws Exception {
    hand.go("Deployments", "Deployments");
    hand.go("log-flow / log-flow-s3", "log-flow-s3");
    assertThat(page.locator("main")).containsText("s3/log-test");
    look(page, hand.hasMouse(), "deployment");
    hand.go("Run", "Run");
    hand.type("name", "Marvin");
    hand.press("Run");
    assertThat(page.locator("main")).containsText("sheave agent start -q test");
    assertThat(page.locator("#live")).hasText("Live");

    start("agent", "start", "-q", "test");
    Locator log = page.locator("#log");
    assertThat(log).containsText("Hello Marvin!");
    assertThat(page.locator("[data-part=facts]")).containsText("Running");
    assertThat(log).not().containsText("The gate is open");
    Files.createFile(folder.resolve("Marvin"));
    assertThat(page.locator("#live")).hasText("Ended");
    assertThat(page.locator("[data-part=facts]")).containsText("Completed");
    assertThat(log.getByText("Hello Marvin!")).hasCount(1);
    assertThat(log.getByText("The gate is open, Marvin.")).hasCount(1);
    page.evaluate("scrollTo(0, 0)");
    look(page, hand.hasMouse(), "run");
    if (hand.hasMouse()) {
      page.setViewportSize(360, 740);
      look(page, true, "phone-run");
      page.setViewportSize(1280, 800);
    }
  }

  private static void cancelOne(Page page, Hand hand) {
    hand.go("Run again", "Run");
    assertThat(page.getByLabel("name", new Page.GetByLabelOptions().setExact(true)))
        .hasValue("Marvin");
    hand.type("name", "Ford");
    hand.press("Run");
    assertThat(page.locator("#log")).containsText("Hello Ford!");
    hand.press("Cancel the run");
    assertThat(page.locator("[data-part=facts]")).containsText("Cancelled");
    assertThat(page.locator("#live")).hasText("Ended");
    assertThat(page.locator("#log")).not().containsText("The gate is open");
  }

  /** Nothing stands out at the side of a page; and takes its picture. */
  private static void look(Page page, boolean isOfGuide, String name) {
    assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
        .as(name)
        .isEqualTo(0);
    picture(page, isOfGuide ? name : "walk-" + name);
  }

  private static void picture(Page page, String name) {
    boolean isOfGuide = Boolean.getBoolean("sheave.pictures") && GUIDE.contains(name);
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(
                Path.of(isOfGuide ? "../docs/images" : "target/looks", "pages-" + name + ".png")));
  }

  private String everythingSaid() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".out")).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  /** Somebody who uses a page: with a mouse, or with keys alone. */
  private record Hand(Page page, boolean hasMouse) {
    /** What people call the thing that has the focus. */
    private static final String FOCUSED =
        """
        (() => {
          const e = document.activeElement;
          const label = e.labels && e.labels[0];
          const own = label && [...label.childNodes].filter(each => each.nodeType === 3)
            .map(each => each.textContent).join('');
          return (e.getAttribute('aria-label') || own || e.textContent).trim().replace(/\\s+/g, ' ');
        })()
        """;

    void press(String name) {
      if (hasMouse) {
        GetByRoleOptions exactly = new GetByRoleOptions().setName(name).setExact(true);
        page.getByRole(AriaRole.LINK, exactly)
            .or(page.getByRole(AriaRole.BUTTON, exactly))
            .first()
            .click();
      } else {
        to(name).press("Enter");
      }
    }

    /** Presses something that leads to a page with a heading. */
    void go(String name, String heading) {
      press(name);
      assertThat(page.locator("h1")).hasText(heading);
    }

    void type(String label, String text) {
      if (hasMouse) {
        page.getByLabel(label, new Page.GetByLabelOptions().setExact(true)).fill(text);
      } else {
        // what a field has is selected when it gets the focus
        to(label).type(text);
      }
    }

    void pick(String label, String option) {
      if (hasMouse) {
        page.getByLabel(label).selectOption(option);
      } else {
        to(label).type(option);
      }
    }

    /** Presses Tab until something of this name has the focus. */
    private Keyboard to(String name) {
      List<String> passed = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        page.keyboard().press("Tab");
        String focused = String.valueOf(page.evaluate(FOCUSED));
        if (name.equals(focused)) {
          return page.keyboard();
        }
        passed.add(focused);
      }
      throw new AssertionError("no way by Tab to '" + name + "' on " + page.url() + ": " + passed);
    }
  }
}
