package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.Sheave;
import dev.sheave.api.StateType;
import dev.sheave.server.SheaveServer;
import dev.sheave.testkit.PostgresSchema;
import dev.sheave.testkit.storage.CutConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent and a run, while the database of their server is away. */
@Timeout(300)
class DatabaseAwayTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  private static int ready(SheaveServer server) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/ready")).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  @SuppressWarnings("try") // the agent works while it is open
  void theRunGoesOnAndNothingOfItIsLost() throws Exception {
    Path go = folder.resolve("go");
    Path spoken = folder.resolve("spoken");
    try (PostgresSchema schema = new PostgresSchema();
        CutConnection way = new CutConnection(schema.port());
        Sheave records = schema.connect(way.port(), folder.resolve("server"));
        SheaveServer server = SheaveServer.builder(records).port(0).start();
        Workshop workshop =
            new Workshop(
                folder,
                Sheave.builder(Map.of())
                    .url(server.url())
                    .home(folder.resolve("home"))
                    .connect())) {
      workshop.writeFlow(
          """
          log.info("started");
          java.nio.file.Path go = java.nio.file.Path.of("%s");
          while (!java.nio.file.Files.exists(go)) {
            Thread.sleep(20);
          }
          for (int i = 0; i < 20; i++) {
            log.info("line {}", i);
          }
          java.nio.file.Files.writeString(java.nio.file.Path.of("%s"), "all");
          return "whole";
          """
              .formatted(go, spoken));
      UUID run = workshop.schedule(workshop.deploy());
      try (Agent agent = workshop.agent().start()) {
        workshop.awaitLine(run, "started");

        way.cutAfterAsked(0);
        await().atMost(PATIENCE).until(() -> ready(server) == 503);
        Files.createFile(go);
        await().atMost(PATIENCE).until(() -> Files.exists(spoken));
        assertThat(ready(server)).isEqualTo(503);

        way.restore();
        await().atMost(PATIENCE).until(() -> ready(server) == 200);
        workshop.awaitState(run, StateType.COMPLETED);
        assertThat(workshop.log(run).stream().filter(line -> line.startsWith("line ")))
            .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "line " + i).toList());
        // and takes the next one
        workshop.awaitState(workshop.schedule(workshop.deploy()), StateType.COMPLETED);
      }
    }
  }
}
