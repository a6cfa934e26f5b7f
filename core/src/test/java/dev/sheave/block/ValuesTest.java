package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.sheave.SheaveException;
import dev.sheave.block.Samples.Anonymous;
import dev.sheave.block.Samples.Auth;
import dev.sheave.block.Samples.Color;
import dev.sheave.block.Samples.Creds;
import dev.sheave.block.Samples.Endpoint;
import dev.sheave.block.Samples.Everything;
import dev.sheave.block.Samples.Limited;
import dev.sheave.block.Samples.Password;
import dev.sheave.block.Samples.Token;
import dev.sheave.block.Samples.Tree;
import dev.sheave.internal.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fields can hold, how it is written, and what is said about what they can't. */
class ValuesTest {

  private static Everything everything() {
    return new Everything(
        "text",
        -7,
        Long.MAX_VALUE,
        new BigInteger("123456789012345678901234567890"),
        0.1,
        new BigDecimal("12345678901234567890.123456789"),
        true,
        Color.BLUE,
        Instant.parse("2030-01-31T12:00:00.123456789Z"),
        OffsetDateTime.parse("2030-01-31T12:00:00+01:00"),
        ZonedDateTime.parse("2030-01-31T12:00:00+01:00[Europe/Zurich]"),
        LocalDateTime.parse("2030-01-31T12:00:00"),
        LocalDate.parse("2030-01-31"),
        LocalTime.parse("12:00:01"),
        ZoneId.of("Europe/Zurich"),
        Duration.ofMillis(1500),
        URI.create("https://example.org/a?b=c"),
        UUID.fromString("73b0288e-4ba1-4b1c-9ca6-3bb6f1d8e2a5"),
        List.of("a", "b"),
        Set.of(Color.RED),
        Map.of("one", 1),
        Arrays.asList("a", null),
        nullIn("PATH"),
        Optional.of("there"),
        null,
        new Endpoint("localhost", 8080),
        Map.of("eu", List.of(new Endpoint("a", 80))),
        new Tree("root", List.of(new Tree("leaf", List.of()))),
        new Password("me", Secret.of("hunter2")),
        Map.of("any", Arrays.asList(1, null, 2.5, "x", true)));
  }

  private static Map<String, @Nullable String> nullIn(String key) {
    Map<String, @Nullable String> map = new LinkedHashMap<>();
    map.put(key, null);
    return map;
  }

  @Test
  void everyTypeComesBackFromTheStoreAsItWas() {
    assertThat(WithoutStore.roundTrip(everything())).isEqualTo(everything());
  }

  @Test
  void valuesAreWrittenAsTheReferenceWritesThem() {
    assertThat(WithoutStore.stored(everything()))
        .contains(
            entry("whole", -7),
            entry("big", Long.MAX_VALUE),
            entry("fraction", 0.1),
            // too long for a JSON number, which is a double to most readers
            entry("exact", "12345678901234567890.123456789"),
            entry("color", "deep-blue"),
            entry("instant", "2030-01-31T12:00:00.123456789Z"),
            entry("offset_time", "2030-01-31T12:00+01:00"),
            entry("date", "2030-01-31"),
            entry("zone", "Europe/Zurich"),
            // seconds
            entry("duration", 1.5),
            entry("uri", "https://example.org/a?b=c"),
            entry("set", List.of("RED")),
            entry("holes", Arrays.asList("a", null)),
            entry("optional", "there"),
            entry("nullable", null),
            entry("endpoint", Map.of("host", "localhost", "port", 8080)),
            entry("auth", Map.of("type", "password", "user", "me", "password", "hunter2")));
  }

  @Test
  void eachRecordOfASealedInterfaceComesBackAsItself() {
    for (Auth auth :
        List.of(new Password("u", Secret.of("p")), new Token(Secret.of("t")), new Anonymous())) {
      Map<String, @Nullable Object> values = WithoutStore.stored(everything());
      values.put("auth", authJson(auth));
      assertThat(((Everything) WithoutStore.read(Everything.class, values)).auth).isEqualTo(auth);
    }
  }

  private static Map<String, Object> authJson(Auth auth) {
    if (auth instanceof Password password) {
      return Map.of(
          "type", "password", "user", password.user(), "password", password.password().reveal());
    }
    return auth instanceof Token token
        ? Map.of("type", "token", "token", token.token().reveal())
        : Map.of("type", "anonymous");
  }

  @Test
  void aDefaultStandsForWhatIsAbsentAndANullStaysWhereItMayBe() {
    Map<String, @Nullable Object> values = WithoutStore.stored(everything());
    assertThat(((Everything) WithoutStore.read(Everything.class, values)).nullable).isNull();

    values.remove("nullable");
    values.remove("optional");
    Everything read = (Everything) WithoutStore.read(Everything.class, values);
    assertThat(read.nullable).isEqualTo(60);
    assertThat(read.optional).isEmpty();

    Creds creds =
        (Creds)
            WithoutStore.read(
                Creds.class,
                Json.parseObject("{\"user\": \"me\", \"password\": \"x\", \"port\": null}", "v"));
    assertThat(creds.port).isEqualTo(5432);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text      | 5            | 'text' must be a string, not 5.",
        "text      | [1]          | 'text' must be a string, not a list.",
        "text      | {}           | 'text' must be a string, not an object.",
        "whole     | \"7\"        | 'whole' must be a whole number, not '7'.",
        "whole     | 7.5          | 'whole' must be a whole number, not 7.5.",
        "whole     | 3000000000   | 'whole' must be a whole number, not 3000000000.",
        "big       | true         | 'big' must be a whole number, not true.",
        "fraction  | \"x\"        | 'fraction' must be a number, not 'x'.",
        "exact     | \"1,5\"      | 'exact' must be a number, not '1,5'.",
        "truth     | \"yes\"      | 'truth' must be true or false, not 'yes'.",
        "color     | \"GREEN\"    | 'color' must be one of RED, deep-blue, not 'GREEN'.",
        "color     | \"deepblue\" | 'color' must be one of RED, deep-blue, not 'deepblue'. Did"
            + " you mean 'deep-blue'?",
        "instant   | \"noon\"     | 'instant' must be a date and time such as"
            + " 2030-01-31T12:00:00Z, not 'noon'.",
        "date      | \"31.1.30\"  | 'date' must be a date such as 2030-01-31, not '31.1.30'.",
        "zone      | \"Mars\"     | 'zone' must be a time zone such as Europe/Zurich, not 'Mars'.",
        "duration  | \"1h\"       | 'duration' must be a duration, as seconds or as PT1H30M, not"
            + " '1h'.",
        "duration  | 1e300        | 'duration' must be a duration, as seconds or as PT1H30M, not"
            + " 1.0E300.",
        "uri       | \"a b\"      | 'uri' must be a URI, not 'a b'.",
        "uuid      | \"7\"        | 'uuid' must be a UUID, not '7'.",
        "list      | \"a\"        | 'list' must be a list, not 'a'.",
        "list      | [\"a\", 1]   | 'list[1]' must be a string, not 1.",
        "list      | [null]       | 'list[0]' must be a string, not null.",
        "map       | {\"a\": \"b\"} | 'map.a' must be a whole number, not 'b'.",
        "endpoint  | {}           | 'endpoint.host' is missing; it must be a string.",
        "endpoints | {\"eu\": [{\"host\": 1}]} | 'endpoints.eu[0].host' must be a string, not 1.",
        "tree      | {\"name\": \"a\", \"children\": [{}]} | 'tree.children[0].name' is missing; it must be a string. 'tree.children[0].children' is missing; it must be a list.",
        "auth      | {\"user\": \"u\"} | 'auth.type' must be one of password, token, anonymous, not null.",
        "text      | null         | 'text' is missing; it must be a string."
      })
  void aWrongValueIsRefusedWithItsPathAndWhatIsExpected(String field, String json, String message) {
    Map<String, @Nullable Object> values = WithoutStore.stored(everything());
    values.put(field, Json.parse(json, "the example"));

    assertThatThrownBy(() -> WithoutStore.read(Everything.class, values))
        .isInstanceOf(SheaveException.class)
        .hasMessage(message);
  }

  @Test
  void aLongTextIsNotRepeated() {
    Map<String, @Nullable Object> values = WithoutStore.stored(everything());
    values.put("whole", "x".repeat(10_000_000));

    assertThatThrownBy(() -> WithoutStore.read(Everything.class, values))
        .hasMessage("'whole' must be a whole number, not a string of 10000000 characters.");
  }

  @Test
  void aValueOfTenMegabytesComesBack() {
    StringBlock block = new StringBlock("x".repeat(10_000_000));

    assertThat(WithoutStore.roundTrip(block)).isEqualTo(block);
  }

  @Test
  void whatANestedConstructorRefusesIsPlacedBelowItsField() {
    assertThatThrownBy(() -> WithoutStore.read(Limited.class, Map.of("limits", Map.of("most", -1))))
        .isInstanceOfSatisfying(
            SheaveException.class,
            e ->
                assertThat(e.problems())
                    .extracting(SheaveException.Problem::path)
                    .containsExactly("limits.most"))
        .hasMessage("The most can't be negative.");
  }

  @Test
  void aConstructorsRefusalIsTheMessage() {
    assertThatThrownBy(
            () -> WithoutStore.read(Creds.class, Map.of("user", "me", "password", "x", "port", -1)))
        .hasMessage("a port can't be negative");
  }

  @Test
  void timesOfTheReferenceWithoutAZoneAreInUtc() {
    assertThat(WithoutStore.read(DateTimeBlock.class, Map.of("value", "2022-10-04T12:00:00")))
        .isEqualTo(new DateTimeBlock(Instant.parse("2022-10-04T12:00:00Z")));
    assertThat(WithoutStore.read(DateTimeBlock.class, Map.of("value", "2022-10-04T12:00:00+02:00")))
        .isEqualTo(new DateTimeBlock(Instant.parse("2022-10-04T10:00:00Z")));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void whatJsonHasNoNumberForIsRefused(double number) {
    assertThatThrownBy(() -> new JsonBlock(number))
        .hasMessage("'value' can't be " + number + ": JSON has no such number.");
  }

  @Test
  void aJsonBlockIsEqualHoweverItsValueWasMade() {
    JsonBlock block =
        new JsonBlock(Map.of("a", List.of(1L, (short) 2, 1.5f, new BigDecimal("2.5"))));

    assertThat(block).isEqualTo(new JsonBlock(Map.of("a", List.of(1, 2, 1.5, 2.5))));
    assertThat(WithoutStore.roundTrip(block)).isEqualTo(block);
    assertThat(new JsonBlock(Instant.EPOCH)).isEqualTo(new JsonBlock("1970-01-01T00:00:00Z"));
  }

  @Test
  void aJsonBlockDoesntChangeWithTheMapItWasMadeOf() {
    Map<String, Object> map = new LinkedHashMap<>(Map.of("a", 1));
    JsonBlock block = new JsonBlock(map);
    map.put("b", 2);

    assertThat(block.value()).isEqualTo(Map.of("a", 1));
  }
}
