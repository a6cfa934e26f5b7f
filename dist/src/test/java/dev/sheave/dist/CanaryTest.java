package dev.sheave.dist;

import static dev.sheave.dist.Installed.DISTRIBUTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sheave.Sheave;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.Page;
import dev.sheave.block.Block;
import dev.sheave.block.BlockDraft;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.dist.Installed.Result;
import dev.sheave.internal.Json;
import dev.sheave.internal.Yaml;
import dev.sheave.runtime.internal.ProcessLogging;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;

/** A secret goes everywhere that secrets go, and is found nowhere that secrets don't go. */
@Tag("distribution")
class CanaryTest {
  /** What is logged in this process, from the first line on. */
  private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();

  static {
    ProcessLogging.install(new PrintStream(LOG, true, StandardCharsets.UTF_8), Level.TRACE);
  }

  private static final String FLOW =
      """
      import dev.sheave.block.Block;
      import dev.sheave.flow.Flow;
      import dev.sheave.flow.FlowRunContext;

      public final class CanaryFlow {
        @Flow(name = "canary-flow")
        public static void run() {
          Block block = Block.load("canary/mine");
          Block token = Block.load("secret/token");
          FlowRunContext.current().logger().info("logged: {}", block);
          FlowRunContext.current().logger().trace("traced: {}", token);
          System.out.println("printed: " + block);
          throw new IllegalStateException("thrown: " + block);
        }
      }
      """;

  @TempDir Path folder;
  Path work;
  Path home;
  Installed installed;

  @BeforeEach
  void aHomeWithAPlugin() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    home = work.resolve("home");
    installed = new Installed(work);
    installed.environment().put("SHEAVE_LOGGING_LEVEL", "TRACE");
    CanaryPlugin.writeTo(home.resolve("plugins/canary.jar"), folder.resolve("plugin"));
    String json = Canary.inJson();
    given("text", Canary.TEXT + "\n");
    given("list", "[" + json + "]");
    given("object", "{\"key\": " + json + "}");
    given("deep", "{\"deep\": [" + json + ", {\"er\": " + json + "}]}");
    given("login", "{\"user\": \"me\", \"password\": " + json + "}");
    given("logins", "[{\"user\": \"me\", \"password\": " + json + "}]");
    given("by-name", "{\"me\": {\"user\": \"me\", \"password\": " + json + "}}");
    given("blocks", "[{\"value\": " + json + "}]");
    given("half", "{\"key\": " + json);
    given("large", Canary.TEXT.repeat(3_000_000 / Canary.TEXT.length()));
  }

  /** A file that a secret is given in; it lies where nobody looks. */
  private void given(String name, String text) throws IOException {
    Path file = folder.resolve("given").resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }

  private String in(String field, String name) {
    return field + "=@file:" + folder.resolve("given").resolve(name);
  }

  private static Result quiet(Result result) {
    assertThat(Canary.formsIn(result.out())).isEmpty();
    assertThat(Canary.formsIn(result.err())).isEmpty();
    return result;
  }

  private Result sheave(String... words) throws Exception {
    Result result = quiet(installed.sheave(DISTRIBUTION, words));
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  /** What isn't logged of a command that is refused. */
  private List<String> refused(String... words) throws Exception {
    List<String> said = complaints(words);
    assertThat(said).as(String.join(" ", words)).hasSizeLessThanOrEqualTo(2);
    return said;
  }

  /** Expects a line, with one sentence, for each of several problems. */
  private void refusedForSeveral(String... words) throws Exception {
    assertThat(complaints(words))
        .as(String.join(" ", words))
        .hasSizeGreaterThan(1)
        .doesNotHaveDuplicates()
        .allMatch(line -> line.endsWith(".") && !line.contains(". "));
  }

  private List<String> complaints(String... words) throws Exception {
    Result result = quiet(installed.sheave(DISTRIBUTION, words));
    assertThat(result.code()).as(String.join(" ", words)).isPositive();
    List<String> said =
        result.err().lines().filter(line -> !line.matches("\\d\\d:\\d\\d:\\d\\d\\..*")).toList();
    assertThat(said).as(String.join(" ", words)).isNotEmpty();
    assertThat(said).noneMatch(line -> line.startsWith("\tat "));
    return said;
  }

  private String[] createCanary(String name, String... more) {
    List<String> words = new ArrayList<>(List.of("block", "create", "canary", name));
    for (String value :
        List.of(
            "port=1",
            in("plain", "text"),
            in("list", "list"),
            in("map", "object"),
            in("settings", "deep"),
            in("login", "login"),
            in("logins", "logins"),
            in("by_name", "by-name"),
            "token=secret/token",
            in("tokens", "blocks"))) {
      words.addAll(List.of("--set", value));
    }
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  static List<String> forms() {
    return Canary.allForms();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theCanaryIsRecognizedInEveryForm(String form) throws IOException {
    assertThat(Canary.formsIn(Canary.inAForm(form))).contains(form);
    Path file = Files.write(work.resolve("file"), Canary.inAForm(form));
    assertThat(Canary.filesWithItIn(work)).contains(file + ": " + form);
  }

  @Test
  void theInstalledCommandAndItsFlowRunsShowItNowhere() throws Exception {
    assumeThat(ProcessWatch.isPossible()).isTrue();
    Files.createDirectory(work.resolve("code"));
    Files.writeString(work.resolve("code/CanaryFlow.java"), FLOW);
    try (ProcessWatch processes = ProcessWatch.start()) {
      sheave("block", "create", "secret", "token", "--set", in("value", "text"));
      sheave(createCanary("mine"));
      sheave(createCanary("mine", "--overwrite"));
      assertThat(sheave("block", "inspect", "canary/mine").out()).contains("********");
      assertThat(sheave("block", "inspect", "canary/mine", "-o", "json").out())
          .contains("********");
      sheave("block", "ls");
      assertThat(sheave("block", "ls", "-o", "json").out()).contains("********");
      sheave("block", "type", "ls", "-o", "json");
      sheave("block", "register");
      sheave("block", "create", "local-file-system", "here", "--set", "basepath=" + work + "/put");
      sheave(
          "block",
          "create",
          "s3",
          "there",
          "--set",
          "bucket_path=b/p",
          "--set",
          in("aws_access_key_id", "text"),
          "--set",
          in("aws_secret_access_key", "text"));
      sheave(
          "deployment",
          "build",
          "code/CanaryFlow.java:run",
          "-n",
          "s3",
          "-sb",
          "s3/there",
          "--skip-upload",
          "-o",
          work.resolve("s3.yaml").toString(),
          "--apply");
      assertThat(Files.readString(work.resolve("s3.yaml"))).contains("********");
      sheave("deployment", "inspect", "canary-flow/s3", "-o", "json");
      sheave(
          "deployment",
          "build",
          "code/CanaryFlow.java:run",
          "-n",
          "local",
          "-sb",
          "local-file-system/here",
          "-q",
          "canary",
          "-o",
          work.resolve("local.yaml").toString(),
          "--override",
          "env.SHEAVE_LOGGING_LEVEL=TRACE",
          "--apply");
      sheave("deployment", "run", "canary-flow/local");
      Result agent = sheave("agent", "start", "-q", "canary", "--run-once");
      assertThat(agent.out()).contains("logged: ", "traced: ", "printed: ", "thrown: ");
      String run =
          String.valueOf(
              Json.asObject(
                      (Map<?, ?>)
                          ((List<?>)
                                  Objects.requireNonNull(
                                      Json.parse(
                                          sheave("flow-run", "ls", "-o", "json").out(), "list")))
                              .get(0))
                  .get("id"));
      assertThat(sheave("flow-run", "logs", run).out()).contains("logged: ", "traced: ");
      assertThat(sheave("flow-run", "inspect", run, "-o", "json").out()).contains("FAILED");
      badInput();
      sheave("key", "rotate");
      sheave("block", "inspect", "canary/mine");
      // meanwhile the agent's process and the run's were seen
      assertThat(processes.kinds()).contains("dev.sheave.cli.Main", "FlowRunMain");
      assertThat(processes.found()).isEmpty();
    }
    // the home with its plugins, runs and database, the YAML files, the files that were put
    assertThat(home.resolve("sheave.db")).isNotEmptyFile();
    assertThat(Canary.filesWithItIn(work)).isEmpty();
    assertThat(sheave("block", "inspect", "secret/token", "-o", "json").out()).contains("********");
  }

  private void badInput() throws Exception {
    String value = in("value", "text");
    assertThat(refused("block", "create", "secrte", "x", "--set", value))
        .anyMatch(line -> line.contains("'secret'"));
    refused("block", "inspect", "secret/tokn");
    for (String name :
        List.of("My_Block", "my.block", "my block", "😀", "x\n", "x".repeat(300), "")) {
      refused("block", "create", "secret", name, "--set", value);
    }
    refused("block", "inspect", "token");
    refused("block", "inspect", "secret/token/x");
    for (String field :
        List.of("list", "map", "settings", "login", "logins", "by_name", "tokens")) {
      refusedForSeveral("block", "create", "canary", "wrong", "--set", in(field, "text"));
      refusedForSeveral("block", "create", "canary", "wrong", "--set", in(field, "half"));
    }
    refusedForSeveral("block", "create", "canary", "wrong", "--set", in("token", "text"));
    refusedForSeveral("block", "create", "canary", "missing", "--set", in("plain", "text"));
    refused("block", "create", "secret", "unknown", "--set", in("valeu", "text"));
    refused("block", "create", "secret", "token", "--set", value);
    refused("block", "create", "secret", "nowhere", "--set", "value=@env:NO_SUCH_VARIABLE");
    refusedForSeveral("block", "create", "canary", "large", "--set", in("settings", "large"));
    refused("block", "delete", "secret/token");
    installed
        .environment()
        .put("SHEAVE_ENCRYPTION_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assertThat(refused("block", "inspect", "secret/token"))
        .anyMatch(line -> line.contains("SHEAVE_ENCRYPTION_KEY"));
    installed.environment().remove("SHEAVE_ENCRYPTION_KEY");
  }

  private final StringWriter said = new StringWriter();

  /** Keeps all that an error says, its causes' messages and their traces too. */
  private void refused(ThrowingCallable action) {
    Throwable refusal = catchThrowable(action);
    assertThat(refusal).isNotNull();
    refusal.printStackTrace(new PrintWriter(said, true));
  }

  private Sheave connect() {
    return Sheave.builder().home(home).url("jdbc:sqlite:" + home.resolve("sheave.db")).connect();
  }

  private static Map<String, @Nullable Object> canary() {
    Map<String, @Nullable Object> login = Map.of("user", "me", "password", Canary.TEXT);
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("port", 1);
    values.put("plain", Canary.TEXT);
    values.put("list", List.of(Canary.TEXT));
    values.put("map", Map.of("key", Canary.TEXT));
    values.put("settings", Map.of("deep", List.of(Canary.TEXT, Map.of("er", Canary.TEXT))));
    values.put("login", login);
    values.put("logins", List.of(login));
    values.put("by_name", Map.of("me", login));
    values.put("token", "secret/token");
    values.put("tokens", List.of(Map.of("value", Canary.TEXT)));
    return values;
  }

  @Test
  void aProgramShowsItNowhere() throws Exception {
    LOG.reset();
    try (Sheave sheave = connect()) {
      var blocks = sheave.blocks();
      SecretBlock token = new SecretBlock(Secret.of(Canary.TEXT));
      blocks.save(token, "token", SaveMode.CREATE);
      Block saved = blocks.save(blocks.create("canary", canary()), "mine", SaveMode.CREATE);
      Block loaded = blocks.load("canary/mine");
      assertThat(loaded).isEqualTo(saved);
      show(saved, loaded, blocks.values(loaded));
      show(blocks.list(BlockDocumentFilter.NAMED, Page.FIRST));
      show(sheave.api().blocks().listBlockDocuments(BlockDocumentFilter.NAMED, Page.FIRST, true));
      show(Json.write(blocks.values(loaded)), Yaml.write(blocks.values(loaded)));
      BlockDraft draft = blocks.draft("canary/mine").with("plain", Canary.TEXT + "2");
      show(draft, draft.values(), draft.save());

      refused(
          () -> blocks.save(blocks.with(loaded, Map.of("port", 2)), "mine", SaveMode.OVERWRITE));
      refused(() -> blocks.save(token, "token", SaveMode.CREATE));
      refused(() -> blocks.save(token, "Not_A_Name", SaveMode.CREATE));
      refused(() -> blocks.create("canaries", canary()));
      for (String field : canary().keySet()) {
        for (Object wrong :
            List.of(
                Canary.TEXT,
                List.of(List.of(Canary.TEXT)),
                Map.of("x", Map.of("y", Map.of("z", Canary.TEXT))))) {
          if (!Set.of("plain", "port", "settings").contains(field)) {
            Map<String, @Nullable Object> values = canary();
            values.put(field, wrong);
            refused(() -> blocks.create("canary", values));
          }
        }
        Map<String, @Nullable Object> missing = canary();
        missing.remove(field);
        refused(() -> blocks.create("canary", missing));
      }
      refused(() -> blocks.with(loaded, Map.of("plian", Canary.TEXT)));
      refused(() -> blocks.with(loaded, Map.of("list", "[" + Canary.TEXT.repeat(600_000))));
      refused(() -> blocks.delete("secret/token", false));
      refused(
          () ->
              Sheave.builder()
                  .home(home)
                  .url("jdbc:sqlite:" + home.resolve("sheave.db"))
                  .encryptionKey(Secret.of(Canary.TEXT))
                  .connect()
                  .close());
      show(sheave.api().administration().orElseThrow().rotateEncryptionKey(false));
      assertThat(blocks.load("canary/mine").toString()).contains("********");

      assertThat(home.resolve("sheave.db-wal"))
          .as("what isn't in the database yet")
          .isNotEmptyFile();
      assertThat(Canary.filesWithItIn(work)).isEmpty();
    }
    assertThat(Canary.filesWithItIn(work)).isEmpty();
    assertThat(said.toString()).contains("********", "must be", "SheaveException");
    assertThat(said.toString().lines().filter(line -> !Canary.formsIn(line).isEmpty())).isEmpty();
    String log = LOG.toString(StandardCharsets.UTF_8);
    assertThat(log).as("a log of everything").contains("DEBUG", "canary.jar");
    assertThat(Canary.formsIn(log)).isEmpty();
  }

  private void show(Object... shown) {
    for (Object each : shown) {
      said.append(String.valueOf(each)).append('\n');
    }
  }
}
