package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.sheave.SheaveException;
import dev.sheave.block.Samples.Auth;
import dev.sheave.block.Samples.Channel;
import dev.sheave.block.Samples.Color;
import dev.sheave.block.Samples.Creds;
import dev.sheave.block.Samples.Endpoint;
import dev.sheave.block.Samples.Mail;
import dev.sheave.block.Samples.Nest;
import dev.sheave.block.Samples.Password;
import dev.sheave.block.Samples.Secrets;
import dev.sheave.block.Samples.Token;
import dev.sheave.block.Samples.Vault;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.Param;
import dev.sheave.infrastructure.InfraOverrides;
import dev.sheave.infrastructure.ProcessInfrastructure;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Programs give Java values wherever JSON values go. */
class JavaValuesTest {
  private static final Blocks BLOCKS = WithoutStore.blocks(Trip.class, Secrets.class, Nest.class);

  @BlockType(slug = "trip", name = "Trip", description = "All kinds of values.")
  static final class Trip extends Block {
    final LocalDate day;
    final LocalTime time;
    final Instant booked;
    final ZoneId zone;
    final Duration length;
    final Color color;
    final Endpoint where;
    final Secret code;
    final Path file;
    final URI link;
    final Optional<String> note;
    final List<Integer> legs;
    final Map<String, LocalDate> days;
    final Auth auth;
    final @Nullable Object any;

    Trip(
        @BlockField(description = "A field.", defaultValue = "2030-01-01") LocalDate day,
        @BlockField(description = "A field.", defaultValue = "12:00") LocalTime time,
        @BlockField(description = "A field.", defaultValue = "2030-01-01T00:00:00Z") Instant booked,
        @BlockField(description = "A field.", defaultValue = "Z") ZoneId zone,
        @BlockField(description = "A field.", defaultValue = "1") Duration length,
        @BlockField(description = "A field.", defaultValue = "RED") Color color,
        @BlockField(description = "A field.", defaultValue = "{\"host\": \"h\"}") Endpoint where,
        @BlockField(description = "A field.", defaultValue = "x") Secret code,
        @BlockField(description = "A field.", defaultValue = "/") Path file,
        @BlockField(description = "A field.", defaultValue = "a:b") URI link,
        @BlockField(description = "A field.") Optional<String> note,
        @BlockField(description = "A field.", defaultValue = "[]") List<Integer> legs,
        @BlockField(description = "A field.", defaultValue = "{}") Map<String, LocalDate> days,
        @BlockField(description = "A field.", defaultValue = "{\"type\": \"anonymous\"}") Auth auth,
        @BlockField(description = "A field.") @Nullable Object any) {
      this.day = day;
      this.time = time;
      this.booked = booked;
      this.zone = zone;
      this.length = length;
      this.color = color;
      this.where = where;
      this.code = code;
      this.file = file;
      this.link = link;
      this.note = note;
      this.legs = legs;
      this.days = days;
      this.auth = auth;
      this.any = any;
    }
  }

  private static final Map<String, @Nullable Object> VALUES =
      new LinkedHashMap<>(
          Map.ofEntries(
              entry("day", LocalDate.parse("2024-01-02")),
              entry("time", LocalTime.parse("01:02:03")),
              entry("booked", Instant.parse("2024-01-02T03:04:05Z")),
              entry("zone", ZoneId.of("Europe/Zurich")),
              entry("length", Duration.ofSeconds(90)),
              entry("color", Color.BLUE),
              entry("where", new Endpoint("example.org", 443)),
              entry("code", Secret.of("hunter2")),
              entry("file", Path.of("/data/in.csv")),
              entry("link", URI.create("https://example.org/")),
              entry("note", Optional.of("late")),
              entry("legs", new int[] {1, 2}),
              entry("days", Map.of("first", LocalDate.parse("2024-01-02"))),
              entry("auth", new Token(Secret.of("t"))),
              entry(
                  "any",
                  Map.of("at", LocalDate.parse("2024-01-02"), "by", new Color[] {Color.RED}))));

  private static void assertTrip(Trip trip) {
    assertThat(trip.day).isEqualTo(LocalDate.parse("2024-01-02"));
    assertThat(trip.time).isEqualTo(LocalTime.parse("01:02:03"));
    assertThat(trip.booked).isEqualTo(Instant.parse("2024-01-02T03:04:05Z"));
    assertThat(trip.zone).isEqualTo(ZoneId.of("Europe/Zurich"));
    assertThat(trip.length).isEqualTo(Duration.ofSeconds(90));
    assertThat(trip.color).isEqualTo(Color.BLUE);
    assertThat(trip.where).isEqualTo(new Endpoint("example.org", 443));
    assertThat(trip.code).isEqualTo(Secret.of("hunter2"));
    assertThat(trip.file).isEqualTo(Path.of("/data/in.csv"));
    assertThat(trip.link).isEqualTo(URI.create("https://example.org/"));
    assertThat(trip.note).contains("late");
    assertThat(trip.legs).containsExactly(1, 2);
    assertThat(trip.days).containsOnly(entry("first", LocalDate.parse("2024-01-02")));
    assertThat(trip.auth).isEqualTo(new Token(Secret.of("t")));
    assertThat(trip.any).isEqualTo(Map.of("at", "2024-01-02", "by", List.of("RED")));
  }

  @Test
  void aBlockIsMadeOfJavaValues() {
    assertTrip((Trip) BLOCKS.create("trip", VALUES));
  }

  @Test
  void aBlockIsChangedWithJavaValues() {
    assertTrip((Trip) BLOCKS.with(BLOCKS.create("trip", Map.of()), VALUES));
  }

  @Test
  void theValuesOfABlockAreReplacedByJavaValues() {
    assertTrip((Trip) BLOCKS.replace(BLOCKS.create("trip", Map.of()), VALUES));
  }

  @Test
  void anEmptyOptionalIsNoValue() {
    Trip noted = (Trip) BLOCKS.create("trip", Map.of("note", "late"));

    assertThat(BLOCKS.with(noted, Map.of("note", Optional.empty())).note).isEmpty();
  }

  @Test
  void secretsGoWhereSecretsAreExpected() {
    Secret secret = Secret.of("s");
    Secrets secrets =
        (Secrets)
            BLOCKS.create(
                "secrets",
                Map.of(
                    "plain", secret,
                    "list", List.of(secret),
                    "map", Map.of("a", secret),
                    "settings", Map.of("user", "u", "inner", Map.of("password", secret)),
                    "vault", new Vault("v", secret, null),
                    "vaults", new Vault[] {new Vault("w", secret, null)},
                    "auth", new Password("me", secret),
                    "named_vaults", Map.of(),
                    "named_creds", Map.of(),
                    "maps", List.of(Map.of("k", secret))));

    assertThat(secrets.list).containsExactly(secret);
    assertThat(secrets.settings.reveal())
        .containsEntry("inner", Map.of("password", "s"))
        .containsEntry("user", "u");
    assertThat(secrets.vaults).containsExactly(new Vault("w", secret, null));
    assertThat(secrets.auth).isEqualTo(new Password("me", secret));
    assertThat(BLOCKS.with(secrets, Map.of("settings", SecretMap.EMPTY)).settings)
        .isEqualTo(SecretMap.EMPTY);
  }

  @Test
  void aSecretIsNotPutWhereItWouldBeShown() {
    Block trip = BLOCKS.create("trip", Map.of());

    assertThatThrownBy(() -> BLOCKS.with(trip, Map.of("note", Secret.of("hunter2"))))
        .isInstanceOf(SheaveException.class)
        .hasMessage("'note' can't be a secret: values there are kept and shown in the clear.");
    assertThatThrownBy(() -> new JsonBlock(Map.of("login", new Password("me", Secret.of("p")))))
        .hasMessageStartingWith("'value.login.password' can't be a secret");
    assertThatThrownBy(
            () ->
                InfraOverrides.normalize(
                    ProcessInfrastructure.class, Map.of("env.TOKEN", Secret.of("p"))))
        .hasMessageStartingWith("'env.TOKEN' can't be a secret");
  }

  @Test
  void blocksAreValues() {
    Block mail = new Mail("a@example.org");

    Nest nest =
        (Nest)
            BLOCKS.create(
                "nest",
                Map.of(
                    "creds", new Creds("u", Secret.of("p"), 1),
                    "channel", new Channel("c", (Mail) mail)));

    assertThat(nest.creds).isEqualTo(new Creds("u", Secret.of("p"), 1));
    assertThat(nest.channel).isEqualTo(new Channel("c", (Mail) mail));
    assertThat(BLOCKS.with(nest, Map.of("notifier", mail)).notifier).isEqualTo(mail);
  }

  @Test
  void aJsonBlockTakesJavaValues() {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    given.put("day", LocalDate.parse("2024-01-02"));
    given.put("id", UUID.fromString("73b0288e-4ba1-4b1c-9ca6-3bb6f1d8e2a5"));
    given.put("color", Color.BLUE);
    given.put("endpoint", new Endpoint("h", 1));
    given.put("array", new String[] {"a", "b"});
    given.put("set", new LinkedHashSet<>(List.of(Duration.ofMillis(1500))));
    given.put("none", Optional.empty());
    given.put("path", Path.of("a", "b"));
    given.put("count", new AtomicInteger(3));
    given.put("text", 't');

    assertThat(new JsonBlock(given).value())
        .isEqualTo(
            new JsonBlock(
                    mapOf(
                        "day",
                        "2024-01-02",
                        "id",
                        "73b0288e-4ba1-4b1c-9ca6-3bb6f1d8e2a5",
                        "color",
                        "deep-blue",
                        "endpoint",
                        Map.of("host", "h", "port", 1),
                        "array",
                        List.of("a", "b"),
                        "set",
                        List.of(1.5),
                        "none",
                        null,
                        "path",
                        Path.of("a", "b").toString(),
                        "count",
                        3,
                        "text",
                        "t"))
                .value());
  }

  private static Map<String, @Nullable Object> mapOf(@Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  @Test
  void overridesTakeJavaValues() {
    assertThat(
            InfraOverrides.normalize(
                ProcessInfrastructure.class,
                mapOf(
                    "env",
                    Map.of("DAY", LocalDate.parse("2024-01-02"), "SECONDS", Duration.ofSeconds(5)),
                    "command",
                    new String[] {"sh", "-c"},
                    "working_dir",
                    Path.of("/srv"),
                    "name",
                    Optional.empty())))
        .containsOnly(
            entry("env.DAY", "2024-01-02"),
            entry("env.SECONDS", "5"),
            entry("command", List.of("sh", "-c")),
            entry("working_dir", "/srv"),
            entry("name", null));
  }

  /** A flow with parameters of many types. */
  public static final class Travel {
    /** Travels. */
    @Flow
    public static void travel(
        @Param("day") LocalDate day,
        @Param("length") Duration length,
        @Param("colors") List<Color> colors,
        @Param("where") Endpoint where,
        @Param("file") Path file) {}
  }

  @Test
  void parametersTakeJavaValues() throws Exception {
    FlowDefinition travel =
        FlowDefinition.of(
            Travel.class.getMethod(
                "travel", LocalDate.class, Duration.class, List.class, Endpoint.class, Path.class));

    Map<String, @Nullable Object> json =
        travel.check(
            Map.of(
                "day", LocalDate.parse("2024-01-02"),
                "length", Duration.ofMinutes(5),
                "colors", new Color[] {Color.BLUE},
                "where", new Endpoint("h", 1),
                "file", Path.of("a.csv")));

    assertThat(json)
        .containsOnly(
            entry("day", "2024-01-02"),
            entry("length", 300L),
            entry("colors", List.of("deep-blue")),
            entry("where", Map.of("host", "h", "port", 1)),
            entry("file", "a.csv"));
    assertThat(travel.arguments(json))
        .containsExactly(
            LocalDate.parse("2024-01-02"),
            Duration.ofMinutes(5),
            List.of(Color.BLUE),
            new Endpoint("h", 1),
            Path.of("a.csv"));
  }

  @Test
  void halfOfACharacterIsRefused() {
    String problem = "has half of a character, an unpaired surrogate, which can't be stored.";
    assertThatThrownBy(() -> new JsonBlock(Map.of("a", List.of("x\ud800"))))
        .hasMessage("'value.a[0]' " + problem);
    assertThatThrownBy(() -> new JsonBlock(Map.of("\udc00", 1))).hasMessage("'value' " + problem);
    assertThatThrownBy(() -> SecretMap.of(Map.of("a", "\ud800x")))
        .hasMessage("'value.a' " + problem);
  }

  @Test
  void whatHasNoFormInJsonIsSaid() {
    assertThatThrownBy(() -> new JsonBlock(Map.of("a", List.of(new Thread()))))
        .hasMessage(
            "'value.a[0]' can't be represented in JSON: it is of the type Thread; use strings,"
                + " numbers, booleans, enums, java.time values, URIs, paths, lists, sets, arrays,"
                + " maps and records.");
    assertThatThrownBy(() -> new JsonBlock((Runnable) () -> {}))
        .hasMessageStartingWith(
            "'value' can't be represented in JSON: it is of the type Runnable; use strings");
    assertThatThrownBy(() -> new JsonBlock(Map.of("a", Double.NaN)))
        .hasMessage("'value.a' can't be NaN: JSON has no such number.");
    assertThatThrownBy(() -> new JsonBlock(Map.of(1, "a")))
        .hasMessage("The keys of 'value' must be strings, as those of JSON objects are.");
  }

  @Test
  void aValueThatContainsItselfIsRefused() {
    Map<String, Object> map = new LinkedHashMap<>();
    List<Object> list = new ArrayList<>(Arrays.asList("a"));
    map.put("list", list);
    list.add(map);

    assertThatThrownBy(() -> new JsonBlock(map))
        .isInstanceOf(SheaveException.class)
        .hasMessage("'value.list[1]' contains itself, which JSON can't represent.");
    assertThatThrownBy(() -> SecretMap.of(map)).hasMessageContaining("contains itself");
    assertThatThrownBy(
            () -> BLOCKS.with(BLOCKS.create("trip", Map.of()), Map.of("any", (Object) map)))
        .hasMessage("'any.list[1]' contains itself, which JSON can't represent.");
  }

  @Test
  void theSameListTwiceIsNoCircle() {
    List<String> list = List.of("a");

    assertThat(new JsonBlock(List.of(list, list)).value()).isEqualTo(List.of(list, list));
  }

  @Test
  void aValueThatIsTooDeepIsRefused() {
    Object deep = "bottom";
    for (int i = 0; i < 10_000; i++) {
      deep = List.of(deep);
    }
    Object given = deep;

    assertThatThrownBy(() -> new JsonBlock(given))
        .isInstanceOf(SheaveException.class)
        .hasMessageEndingWith("is nested more than 500 levels deep.");
  }
}
