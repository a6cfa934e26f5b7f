package dev.sheave.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers, and what is between them and us, do wrong. */
@Timeout(60)
class ServerFaultsTest {
  private static final String KEY = "shv_0123456789";
  private static final String FLOW =
      """
      {"id": "d6d953b7-af03-42ed-8296-ec5a6c814382", "created": "2026-11-23T06:06:45.590241+00:00",
       "updated": "2026-11-23T06:06:45.590274+00:00", "name": "log-flow", "tags": []}
      """;

  private ScriptedServer server;
  private OrchestrationApi api;

  @BeforeEach
  void connect() throws IOException {
    server = new ScriptedServer();
    api = server.connect(KEY);
  }

  @AfterEach
  void close() {
    api.close();
    server.close();
  }

  private static SheaveException refused(Code code, ThrowingCallable call) {
    SheaveException e = catchThrowableOfType(SheaveException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
    assertThat(e.getMessage()).doesNotContain(KEY, "\n", "java.").endsWith(".");
    return e;
  }

  private void answering(int status, String json) {
    server.answering((exchange, asked) -> ScriptedServer.answer(exchange, status, json));
  }

  private void readFlow() {
    assertThat(api.deployments().readFlow(UUID.randomUUID()).name()).isEqualTo("log-flow");
  }

  private void createVariable() {
    api.variables().createVariable("x", "1", List.of());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 502, 503, 504})
  void aQuestionIsAskedAgainOfAServerThatIsBusy(int status) {
    AtomicInteger count = new AtomicInteger();
    server.answering(
        (exchange, asked) ->
            ScriptedServer.answer(exchange, count.incrementAndGet() < 3 ? status : 200, FLOW));

    readFlow();

    assertThat(count).hasValue(3);
  }

  @Test
  void retryAfterIsHeeded() {
    AtomicInteger count = new AtomicInteger();
    server.answering(
        (exchange, asked) -> {
          exchange.getResponseHeaders().set("Retry-After", "1");
          ScriptedServer.answer(exchange, count.incrementAndGet() < 2 ? 503 : 200, FLOW);
        });

    long start = System.nanoTime();
    readFlow();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(990));
    assertThat(count).hasValue(2);
  }

  @Test
  void aServerThatIsAwayForLongIsNotWaitedFor() {
    server.answering(
        (exchange, asked) -> {
          exchange.getResponseHeaders().set("Retry-After", "3600");
          ScriptedServer.answer(exchange, 503, "{}");
        });

    refused(Code.UNAVAILABLE, this::readFlow);

    assertThat(server.calls()).hasSize(1);
  }

  @Test
  void aQuestionIsAskedAgainWhenTheConnectionBreaks() {
    AtomicInteger count = new AtomicInteger();
    server.answering(
        (exchange, asked) -> {
          if (count.incrementAndGet() < 3) {
            ScriptedServer.drop(exchange);
          } else {
            ScriptedServer.answer(exchange, 200, FLOW);
          }
        });

    readFlow();
  }

  @Test
  void whatMayHaveBeenDoneIsNotDoneAgain() {
    server.answering((exchange, asked) -> ScriptedServer.drop(exchange));

    refused(Code.UNAVAILABLE, this::createVariable);
    refused(
        Code.UNAVAILABLE,
        () -> api.flowRuns().createFlowRun(UUID.randomUUID(), NewFlowRun.now(Map.of())));

    assertThat(server.calls()).hasSize(2);
  }

  @Test
  void aRunWithAKeyOfItsOwnIsAskedForAgain() {
    server.answering((exchange, asked) -> ScriptedServer.drop(exchange));
    NewFlowRun run = NewFlowRun.now(Map.of()).toBuilder().idempotencyKey("k").build();

    refused(Code.UNAVAILABLE, () -> api.flowRuns().createFlowRun(UUID.randomUUID(), run));

    assertThat(server.calls()).hasSizeGreaterThan(2);
  }

  @Test
  void whatIsGoneAfterALostAnswerWasDeleted() {
    AtomicInteger count = new AtomicInteger();
    server.answering(
        (exchange, asked) -> {
          if (count.incrementAndGet() == 1) {
            ScriptedServer.drop(exchange);
          } else {
            ScriptedServer.answer(exchange, 404, "{\"detail\": \"Flow run not found\"}");
          }
        });

    api.flowRuns().deleteFlowRun(UUID.randomUUID());

    refused(Code.NOT_FOUND, () -> api.flowRuns().deleteFlowRun(UUID.randomUUID()));
  }

  @Test
  void aServerThatRestartsIsWaitedFor() throws Exception {
    answering(200, FLOW);
    OrchestrationApi patient = ScriptedServer.connect(server.url(), null, Duration.ofSeconds(30));
    patient.deployments().readFlow(UUID.randomUUID());
    int port = server.port();
    server.close();
    CountDownLatch isAsking = new CountDownLatch(1);
    AtomicReference<Object> result = new AtomicReference<>();
    Thread asking =
        new Thread(
            () -> {
              isAsking.countDown();
              try {
                result.set(patient.deployments().readFlow(UUID.randomUUID()).name());
              } catch (SheaveException e) {
                result.set(e);
              }
            });
    asking.start();
    isAsking.await();

    server = new ScriptedServer(port);
    answering(200, FLOW);
    asking.join();

    assertThat(result).hasValue("log-flow");
  }

  @Test
  void aServerThatNeverWasThereIsSaidSoAtOnce() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port + "/api";
    OrchestrationApi nobody = ScriptedServer.connect(url, KEY, Duration.ofMinutes(5));

    SheaveException e = refused(Code.UNAVAILABLE, nobody::checkHealth);

    assertThat(e)
        .hasMessage(
            "The server at "
                + url
                + " can't be reached: no connection can be made to it: check that it runs, and"
                + " SHEAVE_API_URL.");
  }

  @Test
  void anAnswerThatDoesNotComeIsNotWaitedForForEver() {
    CountDownLatch end = new CountDownLatch(1);
    server.answering(
        (exchange, asked) -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    SheaveException e = refused(Code.UNAVAILABLE, this::readFlow);

    assertThat(e).hasMessageContaining("it takes too long to answer");
    end.countDown();
  }

  @Test
  void anAnswerThatDripsIsNotWaitedForForEver() {
    System.setProperty("sheave.transfer.response-seconds", "2");
    CountDownLatch end = new CountDownLatch(1);
    server.answering(
        (exchange, asked) -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            while (!end.await(50, TimeUnit.MILLISECONDS)) {
              exchange.getResponseBody().write(' ');
              exchange.getResponseBody().flush();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    try {
      SheaveException e = refused(Code.UNAVAILABLE, this::readFlow);
      assertThat(e).hasMessageContaining("it takes too long to answer");
    } finally {
      System.clearProperty("sheave.transfer.response-seconds");
      end.countDown();
    }
  }

  @Test
  void anInterruptedCallEnds() throws Exception {
    CountDownLatch wasAsked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    server.answering(
        (exchange, asked) -> {
          wasAsked.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    AtomicReference<Object> result = new AtomicReference<>();
    Thread asking =
        new Thread(
            () -> {
              try {
                readFlow();
              } catch (SheaveException e) {
                result.set(e.code() + " " + Thread.currentThread().isInterrupted());
              }
            });
    asking.start();
    wasAsked.await();
    asking.interrupt();
    asking.join();
    end.countDown();

    assertThat(result).hasValue("INTERRUPTED true");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 404, 405, 422})
  void aWebPageIsSaidToBeOne(int status) {
    server.answering(
        (exchange, asked) ->
            ScriptedServer.send(
                exchange, status, "text/html", "<!DOCTYPE html><h1>Welcome</h1>".getBytes(UTF_8)));

    SheaveException e = refused(Code.INVALID, this::readFlow);

    assertThat(e)
        .hasMessageContaining("isn't an API server, or a proxy")
        .hasMessageContaining("usually ends with /api");
    refused(Code.INVALID, () -> api.blocks().findBlockType("s3"));
  }

  @Test
  void theWebPageOfAProxyWhoseServerIsAwayMeansThatItIsAway() {
    server.answering(
        (exchange, asked) ->
            ScriptedServer.send(
                exchange, 502, "text/html", "<h1>Bad gateway</h1>".getBytes(UTF_8)));

    assertThat(refused(Code.UNAVAILABLE, this::readFlow)).hasMessageContaining("a proxy before it");
  }

  @Test
  void longAnswersAreRead() {
    String tags = "\"x\",".repeat(2_600_000);
    answering(200, FLOW.replace("[]", "[" + tags + "\"y\"]"));

    assertThat(api.deployments().readFlow(UUID.randomUUID()).tags()).hasSize(2_600_001);
  }

  @Test
  void endlessAnswersAreNot() {
    server.answering(
        (exchange, asked) -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] some = new byte[1 << 20];
          while (true) {
            exchange.getResponseBody().write(some);
          }
        });

    assertThat(refused(Code.UNAVAILABLE, this::readFlow))
        .hasMessageContaining("more than the 67108864 bytes");
  }

  @Test
  void answersThatGrowWhenTheyAreUnpackedAreBoundedToo() {
    server.answering(
        (exchange, asked) -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            byte[] some = new byte[1 << 20];
            for (int i = 0; i < 65; i++) {
              gzip.write(some);
            }
          }
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          ScriptedServer.send(exchange, 200, "application/json", out.toByteArray());
        });

    assertThat(refused(Code.UNAVAILABLE, this::readFlow))
        .hasMessageContaining("more than the 67108864 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"id\": ", "nonsense"})
  void anAnswerThatIsNotJsonIsSaidSo(String answer) {
    answering(200, answer);

    refused(Code.INVALID, this::readFlow);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "3", "null", "{\"id\": \"x\", \"name\": 3}"})
  void anAnswerOfAnotherShapeIsSaidSo(String answer) {
    answering(200, answer);

    assertThat(refused(Code.INTERNAL, this::readFlow)).hasMessageContaining("can't be understood");
  }

  @Test
  void deepAnswersAreRefused() {
    answering(200, "[".repeat(500_000));

    SheaveException e = catchThrowableOfType(SheaveException.class, this::readFlow);

    assertThat(e.code()).isIn(Code.UNAVAILABLE, Code.INVALID);
  }

  @ParameterizedTest
  @CsvSource({
    "401, PERMISSION_DENIED, refuses the API key: set SHEAVE_API_KEY to a valid one.",
    "403, PERMISSION_DENIED, forbids it: No such luck.",
    "404, NOT_FOUND, doesn't exist.",
    "405, UNSUPPORTED, doesn't have this operation",
    "409, CONFLICT, refuses it: No such luck.",
    "413, INVALID, too large",
    "400, INVALID, No such luck.",
    "500, INTERNAL, failed (status 500): No such luck; its log says more.",
    "302, INVALID, sends clients elsewhere"
  })
  void aStatusIsASentence(int status, Code code, String sentence) {
    answering(status, "{\"detail\": \"No such luck\"}");

    assertThat(refused(code, this::readFlow)).hasMessageContaining(sentence);
  }

  @Test
  void aServerThatWantsAKeyIsSaidSo() {
    answering(401, "{\"detail\": \"Unauthorized\"}");
    OrchestrationApi without = server.connect(null);

    assertThat(refused(Code.PERMISSION_DENIED, without::checkHealth))
        .hasMessage("The server at " + server.url() + " wants an API key: set SHEAVE_API_KEY.");
  }

  @Test
  void allProblemsOfARequestAreSaid() {
    answering(
        422,
        """
        {"exception_message": "Invalid request received.", "exception_detail": [
          {"loc": ["body", "state", "type"], "msg": "field required", "type": "value_error.missing"},
          {"loc": ["body", "tags", 0], "msg": "str type expected", "type": "type_error.str"}],
         "request_body": {"x": "%s"}}
        """
            .formatted(KEY));

    SheaveException e = refused(Code.INVALID, this::createVariable);

    assertThat(e)
        .hasMessageContaining("'state.type': field required; 'tags[0]': str type expected.");
    assertThat(e.problems())
        .extracting(SheaveException.Problem::path)
        .containsExactly("state.type", "tags[0]");
  }

  @Test
  void aKeyThatAServerRepeatsIsNotShown() {
    answering(400, "{\"detail\": \"Bad key " + KEY + "\\nat com.example.Main\"}");

    assertThat(refused(Code.INVALID, this::readFlow)).hasMessageContaining("Bad key ********");
  }

  @Test
  void sheavesServerSaysTheCode() {
    server.answering(
        (exchange, asked) -> {
          exchange.getResponseHeaders().set("X-Sheave-Code", "NOT_FOUND");
          ScriptedServer.answer(exchange, 409, "{\"detail\": \"The block 's3/x' doesn't exist.\"}");
        });

    assertThat(refused(Code.NOT_FOUND, this::createVariable))
        .hasMessage("The block 's3/x' doesn't exist.");
  }

  @Test
  void sheavesServerSaysAllProblemsInOneSentence() {
    server.answering(
        (exchange, asked) -> {
          exchange.getResponseHeaders().set("X-Sheave-Code", "INVALID");
          ScriptedServer.answer(
              exchange,
              422,
              """
              {"exception_message": "The name must not be empty.",
               "detail": [{"loc": ["body", "name"], "msg": "It is empty.", "type": "value_error"}]}
              """);
        });

    SheaveException e = refused(Code.INVALID, this::createVariable);

    assertThat(e).hasMessage("The name must not be empty.");
    assertThat(e.problems()).containsExactly(new SheaveException.Problem("name", "It is empty."));
  }

  @Test
  void prefectsServerGetsNoLogoThatItWouldRefuse() {
    answering(
        201,
        """
        {"id": "d6d953b7-af03-42ed-8296-ec5a6c814382", "slug": "x", "name": "X",
         "created": "2026-11-23T06:07:04+00:00", "updated": "2026-11-23T06:07:04+00:00"}
        """);

    api.blocks()
        .createBlockType(
            "x", new BlockTypeRecord.Texts("X", "data:image/png;base64,AA", null, null, null));

    assertThat(Json.write(server.calls().get(0).body())).contains("\"logo_url\":null");
  }

  @Test
  void theKeyIsSentAndOnlyToTheServer() throws IOException {
    try (ScriptedServer other = new ScriptedServer()) {
      server.answering(
          (exchange, asked) -> {
            exchange.getResponseHeaders().set("Location", other.url() + "/?x=secret");
            ScriptedServer.answer(exchange, 307, "");
          });

      assertThat(refused(Code.INVALID, this::readFlow)).hasMessageNotContaining("secret");

      assertThat(server.calls())
          .first()
          .satisfies(asked -> assertThat(asked.header("Authorization")).isEqualTo("Bearer " + KEY));
      assertThat(other.asked).isEmpty();
    }
  }

  @Test
  void requestsAreCompressedOnceTheServerSaysThatItTakesThat() {
    server.answering(
        (exchange, asked) -> {
          exchange.getResponseHeaders().set("Accept-Encoding", "gzip");
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(FLOW.getBytes(UTF_8));
          }
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          ScriptedServer.send(exchange, 200, "application/json", out.toByteArray());
        });
    List<String> tags = List.of("x".repeat(5000));

    api.deployments().findOrCreateFlow("log-flow", tags);
    api.deployments().findOrCreateFlow("log-flow", tags);
    api.deployments().findOrCreateFlow("log-flow", List.of());

    assertThat(server.calls())
        .extracting(asked -> asked.header("Content-Encoding"))
        .containsExactly(null, "gzip", null);
    assertThat(server.calls().get(0).body()).isEqualTo(server.calls().get(1).body());
  }

  @Test
  void whatPrefectsServerLacksIsSaid() {
    assertThat(api.features()).isEmpty();
    SheaveException e =
        refused(Code.UNSUPPORTED, () -> api.flowRuns().renewLeases("me", Duration.ofSeconds(30)));
    assertThat(e)
        .hasMessage(
            "The server at "
                + server.url()
                + " has no leases of runs, since it isn't Sheave's, or is an older one.");
    refused(
        Code.UNSUPPORTED,
        () ->
            api.flowRuns()
                .createFlowRun(
                    UUID.randomUUID(),
                    NewFlowRun.now(Map.of()).toBuilder().infraOverrides(Map.of("a", 1)).build()));
    refused(
        Code.UNSUPPORTED,
        () ->
            api.flowRuns()
                .listFlowRuns(
                    FlowRunFilter.ALL, FlowRunSort.ID_DESC, Page.FIRST.after(UUID.randomUUID())));
    // asked once
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void whatSheavesServerHasIsSaidByIt() {
    server.answeringAll(
        (exchange, asked) ->
            ScriptedServer.answer(
                exchange,
                200,
                asked.path().equals(ScriptedServer.FEATURES)
                    ? "{\"features\": [\"LEASES\", \"SOMETHING_NEW\", \"DETACH\"]}"
                    : "7"));

    assertThat(api.features()).isEqualTo(Set.of(Feature.LEASES, Feature.DETACH));
    assertThat(api.flowRuns().renewLeases("me", Duration.ofSeconds(30))).isEqualTo(7);
    assertThat(server.calls())
        .last()
        .satisfies(
            asked -> assertThat(asked.body()).isEqualTo(Map.of("owner", "me", "lease", 30.0)));
  }

  @Test
  void aClosedConnectionIsClosed() {
    api.close();

    assertThat(refused(Code.UNAVAILABLE, this::readFlow)).hasMessageContaining("was closed");
  }

  @Test
  void anAbortedProposalIsAResult() {
    answering(
        200,
        """
        {"state": {"id": "c4cd3846-5e0b-445e-a3f1-28396fdfad0a", "type": "COMPLETED",
          "name": "Completed", "timestamp": "2026-11-23T06:07:12.993148+00:00"},
         "status": "WAIT", "details": {"type": "wait_details", "delay_seconds": 3, "reason": "later"}}
        """);

    var answer =
        api.flowRuns().setFlowRunState(UUID.randomUUID(), State.of(StateType.RUNNING), false);

    assertThat(answer.isRecorded()).isFalse();
    assertThat(answer.delay()).isEqualTo(Duration.ofSeconds(3));
    assertThat(Json.write(server.calls().get(0).body())).contains("\"force\":false");
  }

  @ParameterizedTest
  @CsvSource({
    "http://me:secret@host/api, must not have a user name",
    "http:/host/api, must be like",
    "http://host/api?token=secret, without a query",
    "https://, must be like",
    "http://ho st/api, must be like"
  })
  void aWrongUrlIsRefusedBeforeItIsUsed(String url, String sentence) {
    SheaveException e =
        refused(
            Code.INVALID,
            () -> new HttpOrchestrationProvider().open(new Options(url, Path.of("/"), null, null)));

    assertThat(e).hasMessageContaining(sentence).hasMessageNotContaining("secret");
  }

  @Test
  void aKeyThatCannotBeOneIsRefusedWithoutBeingShown() {
    Options options = new Options(server.url(), Path.of("/"), Secret.of("geheim\nX-Evil: 1"), null);

    assertThat(refused(Code.INVALID, () -> new HttpOrchestrationProvider().open(options)))
        .hasMessageNotContaining("geheim");
  }

  @Test
  void nothingIsSentBeforeTheFirstCall() {
    Options options = new Options(server.url() + "/", Path.of("/"), Secret.of(KEY + "\n"), null);

    OrchestrationApi opened = new HttpOrchestrationProvider().open(options);

    assertThat(opened.url()).isEqualTo(server.url());
    assertThat(server.asked).isEmpty();
    answering(200, FLOW);
    opened.deployments().readFlow(UUID.randomUUID());
    assertThat(server.calls())
        .last()
        .satisfies(asked -> assertThat(asked.header("Authorization")).isEqualTo("Bearer " + KEY));
  }
}
