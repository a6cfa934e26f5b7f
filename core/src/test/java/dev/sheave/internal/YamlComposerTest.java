package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in a YAML text for something that stands elsewhere, and what can't. */
class YamlComposerTest {

  private static @Nullable Object value(String yaml) {
    return Yaml.parse(yaml, "it").value();
  }

  @Test
  void anAliasStandsForWhatItsAnchorNames() {
    assertThat(value("a: &x {k: [1, 2]}\nb: *x\nc: &x new\nd: [*x]\n*x : key\n"))
        .isEqualTo(
            Map.of(
                "a", Map.of("k", List.of(1, 2)),
                "b", Map.of("k", List.of(1, 2)),
                "c", "new",
                "d", List.of("new"),
                "new", "key"));
  }

  @Test
  void ownKeysGoBeforeMergedOnesAndTheFirstOfSeveralCounts() {
    assertThat(
            value(
                """
                base: &base {a: 1, b: 1}
                more: &more {<<: *base, b: 2, c: 2}
                own: {b: 3, <<: *base}
                list: {<<: [*more, *base], a: 4}
                twice: {<<: {a: 5}, <<: {a: 6, d: 6}}
                empty: {<<: []}
                quoted: {"<<": text}
                """))
        .isEqualTo(
            Map.of(
                "base", Map.of("a", 1, "b", 1),
                "more", Map.of("a", 1, "b", 2, "c", 2),
                "own", Map.of("a", 1, "b", 3),
                "list", Map.of("a", 4, "b", 2, "c", 2),
                "twice", Map.of("a", 5, "d", 6),
                "empty", Map.of(),
                "quoted", Map.of("<<", "text")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          a: *nowhere                     | line 1, column 4: the alias '*nowhere' has no anchor '&nowhere' before it; quote a string that starts with '*'.
          a: *x¶b: &x 1                   | line 1, column 4: the alias '*x' has no anchor '&x' before it
          a: &x [1, *x]                   | line 1, column 11: the alias '*x' refers to a node that contains it.
          a: &x {b: {c: *x}}              | line 1, column 15: the alias '*x' refers to a node that contains it.
          a:¶ k: 1¶ k: 2                  | line 3, column 2: duplicate key 'k'; it is also in line 2.
          a: 1¶'a': 2                     | line 2, column 1: duplicate key 'a'; it is also in line 1.
          a:¶→b: 1                        | line 2, column 1: a tab can't be used for indentation; use spaces.
          <<: text                        | line 1, column 5: the value of '<<' must be a mapping or a list of mappings.
          <<: [{a: 1}, 2]                 | line 1, column 14: the value of '<<' must be a mapping or a list of mappings.
          ? [a]¶: 1                       | line 1, column 3: a list or mapping can't be a key.
          a: 1¶---¶b: 2                   | line 3, column 1: only one YAML document is allowed.
          a: !secret x                    | line 1, column 4: the tag '!secret' isn't supported; remove it.
          a: !!set {b}                    | line 1, column 4: the tag '!!set' isn't supported; remove it.
          a: !!int x                      | line 1, column 4: the value doesn't match its tag '!!int'.
          a: !!binary "%"                 | line 1, column 4: the value of '!!binary' isn't UTF-8 text in Base64.
          a: .inf                         | line 1, column 4: JSON doesn't support the number .inf.
          a: [1                           | line 1, column 6: expected ',' or ']', but got <stream end>.
          a: b: c                         | line 1, column 5: mapping values are not allowed here.
          a: "x¶                          | line 2, column 1: found unexpected end of stream.
          """)
  void whatCannotBeIsSaidWithItsPlace(String yaml, String message) {
    String text = yaml.replace('¶', '\n').replace('→', '\t');
    assertThatThrownBy(() -> value(text))
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith("it");
  }

  @Test
  void tagsMeanWhatTheySay() {
    assertThat(
            value(
                "{a: !!str 1.10, b: ! yes, c: !!int '0x1F', d: !!binary aMOp, e: !!float 1.5,"
                    + " f: !!timestamp 2024-01-02, g: !!bool 'on', h: !!null '', i: !!map {}, j: !!seq []}"))
        .hasToString(
            "{a=1.10, b=yes, c=31, d=hé, e=1.5, f=2024-01-02, g=true, h=null, i={}, j=[]}");
  }

  /** The reference's reader follows YAML 1.1. */
  @ParameterizedTest
  @CsvSource({
    "1.,1.0",
    "1_0.5,10.5",
    "0o17,'\"0o17\"'",
    "017,15",
    "08,'\"08\"'",
    "1e3,'\"1e3\"'",
    "1.0e+3,1000.0",
    "+1,1",
    "-0x1F,-31",
    "0b1_0,2",
    "1:30,90",
    "190:20:30.15,685230.15",
    "-.5,'\"-.5\"'",
    ".5e+3,500.0",
    "00,0",
    "0_,0",
    "1__0,10",
    "09:30,'\"09:30\"'",
    "0.0.1,'\"0.0.1\"'",
    "-1:30,-90",
    "2024-01-02,'\"2024-01-02\"'",
    "y,'\"y\"'",
    "Yes,true",
    "OFF,false",
    "oN,'\"oN\"'",
    "Null,null",
    "~,null",
    "nil,'\"nil\"'",
    "=,'\"=\"'",
    "12345678901234567890,12345678901234567890"
  })
  void plainScalarsAreReadAsTheReferenceReadsThem(String plain, String json) {
    assertThat(Json.write(value("[" + plain + "]"))).isEqualTo("[" + json + "]");
  }

  @Test
  void aliasesThatMultiplyAreBounded() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [lol, lol, lol]\n");
    for (int i = 1; i < 30; i++) {
      String inner = "*a" + (i - 1);
      bomb.append("a" + i + ": &a" + i + " [" + inner + ", " + inner + ", " + inner + "]\n");
    }
    assertThatThrownBy(() -> value(bomb.toString()))
        .hasMessageContaining("the aliases expand to more than 1000000 characters and values");

    StringBuilder texts = new StringBuilder("a: &a '" + "x".repeat(100_000) + "'\nb:\n");
    texts.append("- *a\n".repeat(100));
    assertThatThrownBy(() -> value(texts.toString()))
        .hasMessageContaining("line 12, column 3: the aliases expand to more than");
  }

  @Test
  void nestingIsBounded() {
    assertThatThrownBy(() -> value("[".repeat(100_000)))
        .hasMessage("it, line 1, column 501: the nesting is deeper than 500 levels.");
    assertThat(value("[".repeat(400) + "]".repeat(400))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"k: \"%s\"", "k: '%s'", "k: %s", "k: |\n  %s", "'%s'"})
  void aScalarOfMegabytesTakesTimeByItsLength(String form) {
    String text = "x".repeat(32 * 1024 * 1024);

    @Nullable Object read =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> value(String.format(form, text)));

    assertThat(read instanceof Map<?, ?> map ? map.get("k") : read)
        .extracting(value -> String.valueOf(value).strip().length())
        .isEqualTo(text.length());
  }

  @Test
  void whatIsWrittenIsNeverAnAlias() {
    List<Object> shared = new ArrayList<>(List.of("a", "b"));

    assertThat(Yaml.write(Map.of("list", List.of(shared, shared)))).doesNotContain("*", "&");
  }

  @Test
  void numbersAreWrittenAsReadersOfYaml11KnowThem() {
    List<Object> numbers = List.of(1e10, 1e-10, 1.5, -1.0E300, 100.0, 1L << 40, true);

    assertThat(Yaml.write(numbers))
        .isEqualTo("- 1.0E+10\n- 1.0E-10\n- 1.5\n- -1.0E+300\n- 100.0\n- 1099511627776\n- true\n");
    assertThat(value(Yaml.write(numbers))).isEqualTo(numbers);
  }
}
