package dev.sheave.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.Page;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.block.SecretMap;
import dev.sheave.block.StringBlock;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.Param;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.internal.Json;
import dev.sheave.storage.WritableFileSystem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One check of parameters: what a build takes, runs, files and the engine take, and what one
 * refuses all refuse, before there is a run.
 */
class ParameterAgreementTest {

  enum Colour {
    RED,
    DARK_BLUE
  }

  record Point(int x, @Nullable String label, Optional<Duration> pause) {}

  record Tree(String name, List<Tree> children) {}

  sealed interface Shape permits Circle, Box {}

  record Circle(double radius) implements Shape {}

  record Box(int width, Colour colour) implements Shape {}

  /** A flow for each type. */
  @SuppressWarnings("unused")
  public static class Flows {
    @Flow
    public static void text(@Param("v") String v) {}

    @Flow
    public static void whole(@Param("v") int v) {}

    @Flow
    public static void large(@Param("v") long v) {}

    @Flow
    public static void small(@Param("v") byte v) {}

    @Flow
    public static void huge(@Param("v") BigInteger v) {}

    @Flow
    public static void number(@Param("v") double v) {}

    @Flow
    public static void single(@Param("v") float v) {}

    @Flow
    public static void exact(@Param("v") BigDecimal v) {}

    @Flow
    public static void truth(@Param("v") boolean v) {}

    @Flow
    public static void date(@Param("v") LocalDate v) {}

    @Flow
    public static void time(@Param("v") LocalTime v) {}

    @Flow
    public static void instant(@Param("v") Instant v) {}

    @Flow
    public static void offset(@Param("v") OffsetDateTime v) {}

    @Flow
    public static void zoned(@Param("v") ZonedDateTime v) {}

    @Flow
    public static void local(@Param("v") LocalDateTime v) {}

    @Flow
    public static void pause(@Param("v") Duration v) {}

    @Flow
    public static void zone(@Param("v") ZoneId v) {}

    @Flow
    public static void id(@Param("v") UUID v) {}

    @Flow
    public static void uri(@Param("v") URI v) {}

    @Flow
    public static void colour(@Param("v") Colour v) {}

    @Flow
    public static void any(@Param("v") Object v) {}

    @Flow
    public static void wholes(@Param("v") List<Integer> v) {}

    @Flow
    public static void gaps(@Param("v") List<@Nullable Integer> v) {}

    @Flow
    public static void colours(@Param("v") Set<Colour> v) {}

    @Flow
    public static void dates(@Param("v") Map<String, LocalDate> v) {}

    @Flow
    public static void point(@Param("v") Point v) {}

    @Flow
    public static void points(@Param("v") List<Point> v) {}

    @Flow
    public static void tree(@Param("v") Tree v) {}

    @Flow
    public static void shape(@Param("v") Shape v) {}

    @Flow
    public static void shapes(@Param("v") List<Shape> v) {}

    @Flow
    public static void optional(@Param("v") Optional<LocalDate> v) {}

    @Flow
    public static void nullable(@Param("v") @Nullable Integer v) {}

    @Flow
    public static void defaulted(@Param(value = "v", defaultValue = "3") int v) {}

    @Flow
    public static void secret(@Param("v") Secret v) {}

    @Flow
    public static void secrets(@Param("v") SecretMap v) {}

    @Flow
    public static void note(@Param("v") StringBlock v) {}

    @Flow
    public static void files(@Param("v") WritableFileSystem v) {}

    @Flow
    public static void several(
        @Param("from") LocalDate from,
        @Param("to") LocalDate to,
        @Param("points") List<Point> points,
        @Param("colour") Colour colour) {}
  }

  @TempDir Path folder;
  private Sheave sheave;
  private Deployments deployments;
  private Path code;

  @BeforeEach
  void connect() throws Exception {
    sheave = Sheave.builder().home(folder.resolve("home")).connect();
    deployments = sheave.deployments();
    code = Files.createDirectories(folder.resolve("code"));
    sheave.blocks().save(new SecretBlock(Secret.of("known")), "known", SaveMode.CREATE);
    sheave.blocks().save(new StringBlock("a note"), "known", SaveMode.CREATE);
  }

  @AfterEach
  void close() {
    sheave.close();
  }

  private DeploymentBuilder builder(String flow) {
    return deployments
        .buildFromFlow(FlowMethods.find(Flows.class, flow), "x")
        .sourceDirectory(code);
  }

  /** What each way to give parameters says about a value; an empty text if it is taken. */
  private Map<String, String> verdicts(String flow, Map<String, @Nullable Object> values)
      throws Exception {
    FlowDefinition definition = FlowDefinition.of(FlowMethods.find(Flows.class, flow));
    builder(flow).loadExisting(false).apply();
    Path file = folder.resolve("x.yaml");
    builder(flow).loadExisting(false).build().toYaml(file);
    Files.writeString(
        file,
        Files.readString(file).replace("parameters: {}", "parameters: " + Json.write(values)));
    Map<String, String> verdicts = new LinkedHashMap<>();
    verdicts.put("build", said(() -> builder(flow).parameters(values)));
    verdicts.put(
        "run",
        said(() -> deployments.run(flow + "/x", RunOptions.DEFAULTS.withParameters(values))));
    verdicts.put("apply", said(() -> deployments.fromYaml(file).apply()));
    verdicts.put("here", said(() -> deployments.runParameters(definition, values)));
    verdicts.put("engine", said(() -> definition.arguments(values, sheave.blocks())));
    return verdicts;
  }

  private static String said(Runnable action) {
    try {
      action.run();
      return "";
    } catch (SheaveException e) {
      assertThat(e.code()).as(e.getMessage()).isIn(Code.INVALID, Code.NOT_FOUND);
      return e.getMessage();
    }
  }

  @ParameterizedTest(name = "{0}: {1} is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "text      | \"x\"                        | good",
        "text      | \"\"                         | good",
        "text      | 5                            | bad, but a string in YAML",
        "text      | [\"x\"]                      | bad",
        "text      | null                         | bad",
        "whole     | 5                            | good",
        "whole     | \"5\"                        | good",
        "whole     | 5.0                          | good",
        "whole     | 1e3                          | good",
        "whole     | 5.5                          | bad",
        "whole     | \"many\"                     | bad",
        "whole     | 2147483648                   | bad",
        "whole     | true                         | bad",
        "whole     | 1e999999999                  | bad",
        "large     | 9223372036854775807          | good",
        "large     | 9223372036854775808          | bad",
        "small     | -128                         | good",
        "small     | 128                          | bad",
        "huge      | 9223372036854775808          | good",
        "huge      | 0.5                          | bad",
        "number    | 1.5                          | good",
        "number    | 1                            | good",
        "number    | \"1.5\"                      | good",
        "number    | 1e400                        | bad",
        "number    | \"NaN\"                      | bad",
        "single    | 1e38                         | good",
        "single    | 1e39                         | bad",
        "exact     | 1.50                         | good",
        "exact     | \"0.1000\"                   | good",
        "exact     | \"much\"                     | bad",
        "truth     | true                         | good",
        "truth     | \"false\"                    | good",
        "truth     | 1                            | bad",
        "truth     | \"yes\"                      | bad",
        "date      | \"2024-01-02\"               | good",
        "date      | \"nonsense\"                 | bad",
        "date      | \"2024-02-30\"               | bad",
        "date      | \"2024-01-02T00:00:00\"      | bad",
        "date      | 20240102                     | bad",
        "time      | \"12:30\"                    | good",
        "time      | \"12:30:01.5\"               | good",
        "time      | \"25:00\"                    | bad",
        "instant   | \"2024-01-02T03:04:05Z\"     | good",
        "instant   | \"2024-01-02T03:04:05+01:00\" | good",
        "instant   | \"2024-01-02T03:04:05\"      | good",
        "instant   | \"2024-01-02\"               | bad",
        "offset    | \"2024-01-02T03:04:05+01:00\" | good",
        "offset    | \"2024-01-02T03:04:05\"      | good",
        "offset    | \"now\"                      | bad",
        "zoned     | \"2024-01-02T03:04:05+01:00[Europe/Zurich]\" | good",
        "zoned     | \"2024-01-02T03:04:05+01:00[Nowhere]\" | bad",
        "local     | \"2024-01-02T03:04:05\"      | good",
        "local     | \"2024-01-02T03:04:05Z\"     | bad",
        "pause     | \"PT5M\"                     | good",
        "pause     | \"-PT5M\"                    | good",
        "pause     | 300                          | good",
        "pause     | 0.5                          | good",
        "pause     | \"300\"                      | good",
        "pause     | \"5 minutes\"                | bad",
        "pause     | 1e30                         | bad",
        "pause     | true                         | bad",
        "zone      | \"Europe/Zurich\"            | good",
        "zone      | \"Nowhere\"                  | bad",
        "id        | \"0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0\" | good",
        "id        | \"7\"                        | bad",
        "uri       | \"https://example.com/x\"    | good",
        "uri       | \"a b\"                      | bad",
        "uri       | \"\"                         | bad",
        "colour    | \"RED\"                      | good",
        "colour    | \"red\"                      | bad",
        "colour    | 0                            | bad",
        "any       | {\"a\": [1, null]}           | good",
        "any       | \"text\"                     | good",
        "wholes    | [1, 2]                       | good",
        "wholes    | \"[1, 2]\"                   | good",
        "wholes    | [1, \"2\"]                   | bad",
        "wholes    | [1, null]                    | bad",
        "wholes    | 1                            | bad",
        "gaps      | [1, null]                    | good",
        "colours   | [\"RED\", \"RED\"]           | good",
        "colours   | [\"RED\", null]              | bad",
        "colours   | [\"blue\"]                   | bad",
        "dates     | {\"a\": \"2024-01-02\"}      | good",
        "dates     | {\"a\": \"soon\"}            | bad",
        "dates     | {\"a\": null}                | bad",
        "point     | {\"x\": 1}                   | good",
        "point     | {\"x\": 1, \"label\": null, \"pause\": \"PT1S\"} | good",
        "point     | {\"x\": 1, \"pause\": \"later\"} | bad",
        "point     | {\"x\": null}                | bad",
        "point     | {}                           | bad",
        "point     | {\"x\": 1, \"y\": 2}         | bad",
        "point     | {\"x\": 99999999999}         | bad",
        "points    | [{\"x\": 1}, {\"x\": 2}]     | good",
        "points    | [{\"x\": 1}, {\"x\": \"2\"}] | bad",
        "tree      | {\"name\": \"a\", \"children\": [{\"name\": \"b\", \"children\": []}]} | good",
        "tree      | {\"name\": \"a\", \"children\": [{\"name\": \"b\"}]} | bad",
        "shape     | {\"type\": \"circle\", \"radius\": 1} | good",
        "shape     | {\"type\": \"box\", \"width\": 1, \"colour\": \"RED\"} | good",
        "shape     | {\"type\": \"box\", \"width\": 1, \"colour\": \"red\"} | bad",
        "shape     | {\"type\": \"circle\", \"width\": 1} | bad",
        "shape     | {\"type\": \"line\"}         | bad",
        "shape     | {\"radius\": 1}              | bad",
        "optional  | \"2024-01-02\"               | good",
        "optional  | null                         | good",
        "optional  | \"soon\"                     | bad",
        "nullable  | null                         | good",
        "nullable  | \"x\"                        | bad",
        "defaulted | null                         | good",
        "defaulted | 4                            | good",
        "defaulted | \"x\"                        | bad",
        "secret    | \"hunter2\"                  | good",
        "secret    | \"secret/known\"             | good",
        "secret    | \"secret/unknown\"           | bad",
        "secret    | \"********\"                 | bad",
        "secret    | {\"$ref\": {\"block_document_id\": \"0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0\"}} | bad",
        "secret    | 5                            | bad, but a string in YAML",
        "secrets   | {\"a\": {\"b\": \"c\"}, \"n\": 5} | good",
        "secrets   | \"plain\"                    | bad",
        "secrets   | [1]                          | bad",
        "note      | \"string/known\"             | good",
        "note      | {\"value\": \"inline\"}      | good",
        "note      | \"string/unknown\"           | bad",
        "note      | \"secret/known\"             | bad",
        "note      | {\"valeu\": \"inline\"}      | bad",
        "note      | 5                            | bad",
        "files     | {\"block_type_slug\": \"local-file-system\"} | good",
        "files     | \"string/known\"             | bad",
        "files     | {\"basepath\": \"/tmp\"}     | bad",
      })
  void everyWayToGiveAParameterSaysTheSameOfAValue(String flow, String json, String verdict)
      throws Exception {
    Map<String, String> verdicts =
        verdicts(flow, Collections.singletonMap("v", Json.parse(json, "value")));

    SoftAssertions all = new SoftAssertions();
    verdicts.forEach(
        (way, said) -> {
          // a deployment file's plain 5 is what was typed where a string is wanted
          boolean isString = verdict.endsWith("in YAML") && way.equals("apply");
          if (verdict.equals("good") || isString) {
            all.assertThat(said).as(way).isEmpty();
          } else {
            all.assertThat(said).as(way).contains("'").doesNotContain("--param");
          }
        });
    all.assertAll();
    assertThat(
            sheave
                .api()
                .flowRuns()
                .listFlowRuns(FlowRunFilter.ALL, FlowRunSort.CREATED_DESC, Page.FIRST))
        .hasSize(verdict.equals("good") ? 1 : 0);
  }

  @Test
  void aRecordOfASealedInterfaceIsGivenAsAJavaValue() {
    builder("shape").apply();
    builder("shapes").parameter("v", List.of(new Box(1, Colour.RED))).apply();

    assertThat(
            deployments
                .run("shape/x", RunOptions.DEFAULTS.withParameters(Map.of("v", new Circle(2))))
                .created()
                .parameters())
        .isEqualTo(Map.of("v", Map.of("type", "circle", "radius", 2.0)));
    assertThat(
            deployments
                .run(
                    "shapes/x",
                    RunOptions.DEFAULTS.withParameters(Map.of("v", Set.of(new Circle(2)))))
                .created()
                .parameters())
        .isEqualTo(Map.of("v", List.of(Map.of("type", "circle", "radius", 2.0))));
    assertThatThrownBy(
            () ->
                deployments.run(
                    "shape/x",
                    RunOptions.DEFAULTS.withParameters(Map.of("v", new Tree("a", List.of())))))
        .hasMessage("'v.type' must be one of circle, box, not a string.");
  }

  @Test
  void aNullIsNoName() {
    Map<@Nullable String, Object> values = new HashMap<>();
    values.put(null, "1");
    builder("shape").apply();
    String parameter = "The name of a parameter must not be null.";
    String field = "The name of a field must not be null.";

    assertThatThrownBy(() -> builder("shape").parameters(values)).hasMessage(parameter);
    assertThatThrownBy(() -> deployments.run("shape/x", RunOptions.DEFAULTS.withParameters(values)))
        .hasMessage(parameter);
    assertThatThrownBy(() -> builder("shape").infraOverrides(values).build()).hasMessage(field);
    assertThatThrownBy(() -> sheave.blocks().create("string", values)).hasMessage(field);
    assertThatThrownBy(() -> sheave.blocks().with(new StringBlock("x"), values)).hasMessage(field);
  }

  @Test
  void allThatIsWrongIsSaidAtOnceEachWithItsPlace() throws Exception {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("from", "nonsense");
    values.put("points", Json.parse("[{\"x\": 1}, {\"x\": \"one\", \"lable\": \"a\"}]", "points"));
    values.put("colour", "dark_blue");
    values.put("until", 1);

    Map<String, String> verdicts = verdicts("several", values);

    assertThat(verdicts.get("build"))
        .isEqualTo(
            """
            'from' must be a date such as 2030-01-31, not 'nonsense'. \
            'points[1].x' must be a whole number, not 'one'. \
            There is no field 'points[1].lable'. Did you mean 'label'? \
            'colour' must be one of RED, DARK_BLUE, not 'dark_blue'. Did you mean 'DARK_BLUE'? \
            The flow 'several' has no parameter 'until'. Its parameters are: from, to, points, colour.""");
    assertThat(verdicts.get("run"))
        .contains("'points[1].x' must be a whole number", "There is no field 'points[1].lable'.")
        .endsWith("The parameter 'to' of the deployment 'several/x' is missing.");
  }

  @Test
  void aValueThatTheChangedFlowDoesntTakeAnyMoreIsSaidWhenItIsBuiltAgain() {
    builder("text").parameters(Map.of("v", "abc")).apply();
    FlowDefinition changed = FlowDefinition.of(FlowMethods.find(Changed.class, "text"));
    DeploymentBuilder again =
        deployments.buildFromFlow(changed.method(), "x").sourceDirectory(code);

    assertThatThrownBy(again::build)
        .hasMessage(
            "The deployment 'text/x' has parameters that its flow doesn't take any more; give all"
                + " parameters anew: 'v' must be a whole number, not 'abc'.");
  }

  /** The same flow, later. */
  @SuppressWarnings("unused")
  public static class Changed {
    @Flow
    public static void text(@Param("v") int v) {}
  }
}
