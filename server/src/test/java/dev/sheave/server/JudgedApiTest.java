package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sheave.api.KeyScope;
import dev.sheave.block.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schemathesis makes requests from the OpenAPI document, right and wrong ones, and compares the
 * answers with it. {@code SHEAVE_TEST_SCHEMATHESIS} is the command that {@code bin/api-judge}
 * prints; {@code sheave.test.requests} is how many requests it tries of a kind of each route, and
 * {@code sheave.test.seed} where their sequence starts.
 */
class JudgedApiTest {
  /** A quiet machine needs less. */
  private static final Duration LONGEST = Duration.ofSeconds(90);

  /** Nothing is old, or runs that it has ended would be gone. */
  private static final String KEEPING =
      """
      import schemathesis

      @schemathesis.hook
      def before_call(context, case, **kwargs):
          if case.operation.path == "/sheave/prune" and isinstance(case.body, dict):
              if isinstance(case.body.get("older_than"), (int, float)):
                  case.body["older_than"] += 1000000
      """;

  private static final int EXAMPLES = Integer.getInteger("sheave.test.requests", 6);

  @Test
  void noAnswerIsAnErrorOfTheServerOrOutsideTheDocument(@TempDir Path folder) throws Exception {
    String command = System.getenv("SHEAVE_TEST_SCHEMATHESIS");
    if (command == null && !"true".equals(System.getenv("CI"))) {
      assumeTrue(false, "Schemathesis isn't there; see bin/api-judge");
    }
    Path report = folder.resolve("report.txt");
    long seed = Long.getLong("sheave.test.seed", System.nanoTime() & 0xffff_ffffL);
    try (ServedStore store =
        new ServedStore(
            folder,
            settings ->
                settings.registersBlockTypes(true).requestsPerSecond(1_000_000).metrics(true))) {
      SampleRecords records = SampleRecords.in(store);
      Files.writeString(
          folder.resolve("schemathesis.toml"),
          configuration(store, records, SampleRecords.in(store, "2")));
      Files.writeString(folder.resolve("hooks.py"), KEEPING);
      // it makes keys, too, and then one is wanted
      String key =
          store
              .sheave
              .api()
              .administration()
              .orElseThrow()
              .apiKeys()
              .createKey("judge", KeyScope.ADMIN, null)
              .secret()
              .reveal();
      ProcessBuilder judged =
          new ProcessBuilder(
                  List.of(
                      String.valueOf(command),
                      "run",
                      store.server.url() + "/openapi.json",
                      "--url",
                      store.server.url(),
                      "--header",
                      "Authorization: Bearer " + key,
                      "--checks",
                      "not_a_server_error,status_code_conformance,content_type_conformance,"
                          + "response_schema_conformance",
                      "--phases",
                      "examples,coverage,fuzzing",
                      "--max-examples",
                      String.valueOf(EXAMPLES),
                      "--max-time",
                      String.valueOf(LONGEST.toSeconds()),
                      "--seed",
                      String.valueOf(seed),
                      "--generation-database",
                      "none",
                      "--no-color"))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(report.toFile());
      judged.environment().put("SCHEMATHESIS_HOOKS", folder.resolve("hooks.py").toString());
      Process judge = judged.start();
      try {
        assertThat(judge.waitFor(5, TimeUnit.MINUTES)).as("it ends").isTrue();
      } finally {
        judge.destroyForcibly();
      }
      assertThat(judge.exitValue()).as("seed %s: %s", seed, Files.readString(report)).isZero();
      assertThat(store.sheave.api().administration().orElseThrow().apiKeys().useKey(Secret.of(key)))
          .as("its key was good to the end")
          .isPresent();
      UUID flow = UUID.fromString(records.id("flows"));
      assertThat(store.sheave.api().deployments().readFlow(flow).name()).isEqualTo("f");
    }
  }

  /**
   * Names records that exist, which are found by chance otherwise. Those that are deleted are
   * others: else Schemathesis finds what all is about in a listing, its key too, and deletes it.
   */
  private static String configuration(
      ServedStore store, SampleRecords records, SampleRecords deleted) {
    return Routes.over(store.sheave, null).all().stream()
        .filter(route -> route.path().contains("{"))
        .map(
            route ->
                "[[operations]]\ninclude-name = \"%s %s\"\nparameters = { %s }\n"
                    .formatted(
                        route.method(),
                        route.path(),
                        parameters(route.method().equals("DELETE") ? deleted : records, route)))
        .collect(Collectors.joining("\n"));
  }

  private static String parameters(SampleRecords records, Route route) {
    return records.variables(route).entrySet().stream()
        .filter(variable -> route.path().contains("{" + variable.getKey() + "}"))
        .map(variable -> "\"path.%s\" = \"%s\"".formatted(variable.getKey(), variable.getValue()))
        .collect(Collectors.joining(", "));
  }
}
