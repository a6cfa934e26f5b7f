package dev.sheave.orchestrator.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sheave.SheaveException;
import dev.sheave.api.Schedule;
import dev.sheave.internal.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares times with those of croniter and dateutil, which the reference uses. {@code
 * SHEAVE_TEST_SCHEDULE_PYTHON} is the folder that {@code bin/schedule-judge} prints. {@code
 * sheave.test.schedules} is how many expressions and rules are compared, {@code sheave.test.seed}
 * where their sequence starts.
 */
class JudgedTimesTest {
  private static final int COUNT = Integer.getInteger("sheave.test.schedules", 2_000);
  private static final int TIMES = 5;

  private final long seed = Long.getLong("sheave.test.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private Optional<Process> judge = Optional.empty();

  @BeforeEach
  void startJudge() throws Exception {
    String folder = System.getenv("SHEAVE_TEST_SCHEDULE_PYTHON");
    if (folder == null && !"true".equals(System.getenv("CI"))) {
      assumeTrue(false, "croniter isn't there; see bin/schedule-judge");
    }
    Path script = Path.of(JudgedTimesTest.class.getResource("/schedule_judge.py").toURI());
    ProcessBuilder python =
        new ProcessBuilder("python3", script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    python.environment().put("PYTHONPATH", String.valueOf(folder));
    judge = Optional.of(python.start());
  }

  @AfterEach
  void stopJudge() {
    judge.ifPresent(Process::destroy);
  }

  @Test
  void cronExpressionsComeWhenCroniterSays() throws IOException {
    compare(
        after -> {
          Map<String, @Nullable Object> question = new LinkedHashMap<>();
          question.put("cron", cron());
          question.put("day_or", random.nextInt(4) > 0);
          return question;
        },
        question ->
            new Schedule.Cron(
                text(question, "cron"), null, Boolean.TRUE.equals(question.get("day_or"))));
  }

  @Test
  void rulesComeWhenDateutilSays() throws IOException {
    compare(
        after -> {
          Map<String, @Nullable Object> question = new LinkedHashMap<>();
          question.put("rrule", rules(after));
          return question;
        },
        question -> new Schedule.RRule(text(question, "rrule"), null));
  }

  /** What differs on purpose where the clock changes; the second column is croniter's answer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // in the gap: both run at its end
        "30 2 * * *|2024-03-30T12:00:00|2024-03-31T01:00:00|2024-03-31T01:00:00",
        // twice: croniter runs twice
        "30 2 * * *|2024-10-27T00:30:00|2024-10-27T01:30:00|2024-10-28T01:30:00",
        // each hour: both run in both
        "0 * * * *|2024-10-27T00:00:00|2024-10-27T01:00:00|2024-10-27T01:00:00",
        // seven minutes past, in the gap: neither runs at its end
        "7 * * * *|2024-03-31T00:07:00|2024-03-31T01:07:00|2024-03-31T01:07:00",
        // a step over the gap: both run at its end
        "0 */2 * * *|2024-03-30T23:00:00|2024-03-31T01:00:00|2024-03-31T01:00:00",
      })
  void whereTheClockChangesTheyDifferAsSaid(String cron, String after, String croniter, String ours)
      throws IOException {
    Map<String, @Nullable Object> question = new LinkedHashMap<>();
    question.put("cron", cron);
    question.put("day_or", true);
    question.put("zone", "Europe/Berlin");
    question.put("after", after);
    question.put("count", 1);
    BufferedWriter out = writer();
    out.write(Json.write(question) + "\n");
    out.flush();

    assertThat(answer(reader()).get("times")).isEqualTo(List.of(croniter));
    assertThat(ScheduleTimes.of(new Schedule.Cron(cron, "Europe/Berlin")).after(instant(after), 1))
        .containsExactly(instant(ours));
  }

  private interface Reading {
    Schedule schedule(Map<String, @Nullable Object> question);
  }

  private void compare(
      Function<LocalDateTime, Map<String, @Nullable Object>> questions, Reading reading)
      throws IOException {
    BufferedWriter out = writer();
    BufferedReader in = reader();
    int compared = 0;
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      LocalDateTime after =
          LocalDateTime.of(2024, 1, 1, 0, 0).plusMinutes(random.nextInt(1_500_000));
      Map<String, @Nullable Object> question = questions.apply(after);
      question.put("after", after + ":00");
      question.put("count", TIMES);
      out.write(Json.write(question) + "\n");
      out.flush();
      Map<String, @Nullable Object> judged = answer(in);
      if (judged.containsKey("slow")) {
        continue;
      }
      Object expected = judged.get("times");
      Object found;
      try {
        found =
            ScheduleTimes.of(reading.schedule(question))
                .after(after.toInstant(ZoneOffset.UTC), TIMES)
                .stream()
                .map(each -> LocalDateTime.ofInstant(each, ZoneOffset.UTC))
                .map(each -> each.getSecond() == 0 ? each + ":00" : each.toString())
                .toList();
      } catch (SheaveException e) {
        found = e.getMessage();
      }
      boolean isNever = List.of().equals(expected) && String.valueOf(found).contains("never");
      if (expected == null ? found instanceof List : !isNever && !expected.equals(found)) {
        differences.add(question + " judge: " + judged + " ours: " + found);
      } else if (expected != null) {
        compared++;
      }
    }
    assertThat(differences).as("seed %d", seed).isEmpty();
    assertThat(compared).isGreaterThan(COUNT / 2);
  }

  private static String text(Map<String, @Nullable Object> question, String name) {
    return String.valueOf(question.get(name));
  }

  private BufferedWriter writer() {
    return new BufferedWriter(
        new OutputStreamWriter(judge.orElseThrow().getOutputStream(), StandardCharsets.UTF_8));
  }

  private BufferedReader reader() {
    return new BufferedReader(
        new InputStreamReader(judge.orElseThrow().getInputStream(), StandardCharsets.UTF_8));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> answer(BufferedReader in) throws IOException {
    return Objects.requireNonNull(
        (Map<String, @Nullable Object>) Json.parse(in.readLine(), "The judge's answer"));
  }

  private static Instant instant(String text) {
    return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  private String cron() {
    List<String> fields = new ArrayList<>();
    fields.add(field(0, 59, ""));
    fields.add(field(0, 23, ""));
    fields.add(
        switch (random.nextInt(20)) {
          case 0 -> "L";
          case 1 -> "L," + field(1, 31, "");
          default -> field(1, 31, "");
        });
    fields.add(field(1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"));
    String weekday = field(0, 7, "sun mon tue wed thu fri sat");
    fields.add(
        switch (random.nextInt(12)) {
          case 0 -> "L" + random.nextInt(8);
          case 1 -> nth();
          case 2 -> nth() + "," + nth();
          case 3 -> weekday + "," + nth();
          default -> weekday;
        });
    if (random.nextInt(5) == 0) {
      fields.add(field(0, 59, ""));
    }
    return String.join(" ", fields);
  }

  private String nth() {
    String day =
        random.nextInt(4) == 0
            ? one("sun", "tue", "thu") + "-" + one("mon", "wed", "sat")
            : String.valueOf(random.nextInt(8));
    return day + "#" + (1 + random.nextInt(5));
  }

  private String field(int min, int max, String names) {
    List<String> items = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 2 : 1;
    for (int i = 0; i < count; i++) {
      int low = min + random.nextInt(max - min + 1);
      int high = min + random.nextInt(max - min + 1);
      int step = 1 + random.nextInt(12);
      items.add(
          switch (random.nextInt(9)) {
            case 0, 1, 2 -> "*";
            case 3 -> "*/" + step;
            case 4 -> low + "/" + step;
            case 5 -> low + "-" + high;
            case 6 -> low + "-" + high + "/" + step;
            default -> names.isEmpty() ? "" + low : one(names.split(" "));
          });
    }
    return String.join(",", items);
  }

  private String rules(LocalDateTime after) {
    String frequency = one("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY");
    // dateutil goes through all times from the first one on
    boolean isDense = List.of("HOURLY", "MINUTELY").contains(frequency);
    LocalDate start = isDense ? after.toLocalDate().minusDays(1) : LocalDate.of(2023, 3, 31);
    List<String> lines = new ArrayList<>();
    lines.add("DTSTART:" + start.format(DateTimeFormatter.BASIC_ISO_DATE));
    lines.add("RRULE:" + rule(frequency));
    if (random.nextInt(5) == 0) {
      lines.add("RRULE:" + rule(one("YEARLY", "MONTHLY", "WEEKLY")));
    }
    if (random.nextInt(8) == 0) {
      lines.add("RDATE:" + format(after.plusMinutes(random.nextInt(100_000))));
    }
    if (random.nextInt(8) == 0) {
      lines.add("EXRULE:FREQ=DAILY;INTERVAL=" + (2 + random.nextInt(4)));
    }
    return String.join("\n", lines);
  }

  private static String format(LocalDateTime time) {
    return time.format(DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss"));
  }

  private String rule(String frequency) {
    boolean isLong = List.of("YEARLY", "MONTHLY").contains(frequency);
    boolean isDense = List.of("HOURLY", "MINUTELY").contains(frequency);
    List<String> parts = new ArrayList<>(List.of("FREQ=" + frequency));
    if (random.nextBoolean()) {
      parts.add("INTERVAL=" + (1 + random.nextInt(4)));
    }
    if (random.nextInt(4) == 0) {
      parts.add("WKST=" + day());
    }
    if (random.nextInt(3) == 0 && !isDense) {
      parts.add("BYMONTH=" + numbers(1, 12));
    }
    switch (random.nextInt(6)) {
      case 0 -> parts.add("BYMONTHDAY=" + signed(1, isDense ? 28 : 31));
      case 1 -> {
        if (frequency.equals("YEARLY")) {
          parts.add("BYWEEKNO=" + signed(1, 53));
        }
      }
      case 2 -> {
        if (frequency.equals("YEARLY")) {
          parts.add("BYYEARDAY=" + signed(1, 366));
        }
      }
      default -> {}
    }
    if (random.nextInt(3) == 0) {
      String nth = isLong && random.nextBoolean() ? one("1", "2", "-1", "-5") : "";
      parts.add(
          "BYDAY="
              + nth
              + day()
              + (random.nextBoolean() ? "," + day() : "")
              + (isLong && random.nextInt(10) == 0 ? ",-2" + day() : ""));
    }
    if (random.nextInt(3) == 0) {
      parts.add("BYHOUR=" + numbers(0, 23));
    }
    if (random.nextInt(3) == 0) {
      parts.add("BYMINUTE=" + numbers(0, 59));
    }
    if (random.nextInt(8) == 0) {
      parts.add("BYSECOND=" + numbers(0, 59));
    }
    if (random.nextInt(6) == 0) {
      parts.add("BYSETPOS=" + signed(1, 3));
    }
    switch (random.nextInt(6)) {
      case 0 -> parts.add("COUNT=" + (1 + random.nextInt(3000)));
      case 1 -> parts.add("UNTIL=2026" + (10 + random.nextInt(3)) + "15T000000");
      default -> {}
    }
    return String.join(";", parts);
  }

  private String day() {
    return one("MO", "TU", "WE", "TH", "FR", "SA", "SU");
  }

  private String signed(int min, int max) {
    String numbers = numbers(min, max);
    return random.nextInt(3) == 0 ? "-" + numbers : numbers;
  }

  private String numbers(int min, int max) {
    int first = min + random.nextInt(max - min + 1);
    int second = min + random.nextInt(max - min + 1);
    return first == second || random.nextBoolean() ? "" + first : first + "," + second;
  }

  private String one(String... values) {
    return values[random.nextInt(values.length)];
  }
}
