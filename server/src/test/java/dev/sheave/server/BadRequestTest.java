package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.sheave.internal.Json;
import dev.sheave.server.ServedStore.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong requests get the right status and one sentence, and never a stack trace. */
class BadRequestTest {
  private static final String NOBODY = "00000000-0000-0000-0000-000000000001";

  private static ServedStore store;

  @BeforeAll
  static void start(@TempDir Path folder) {
    store = new ServedStore(folder);
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  private static void assertSentence(Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text("detail")).endsWith(".").doesNotContain("\n", "Exception", "java.");
  }

  /** Asserts a validation error, as the reference tells it, of one value. */
  private static void assertInvalid(Answer answer, String type, Object... location) {
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.object().get("detail")).asInstanceOf(LIST).hasSize(1);
    Map<?, ?> detail = Answer.first(answer.object().get("detail"));
    assertThat(detail.get("loc")).isEqualTo(List.of(location));
    assertThat(detail.get("type")).isEqualTo(type);
    assertThat((String) detail.get("msg")).isNotEmpty();
    assertThat(answer.text("exception_message")).doesNotContain("\n", "java.");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nothing",
    "GET, /flows/filter/more",
    "GET, ''",
    "POST, /admin/database/fill",
    "GET, /../admin/version",
    "GET, /%2e%2e/admin/version"
  })
  void anUnknownRouteIsNotFound(String method, String path) {
    Answer answer = store.send(method, path, null);
    assertSentence(answer, 404);
    // a client takes it for an operation that is missing, not a record
    assertThat(answer.header("X-Sheave-Code")).contains("UNSUPPORTED");
  }

  @Test
  void aMethodThatAPathLacksIsToldWithThoseItHas() {
    Answer answer = store.send("DELETE", "/flows/filter", null);
    // a flow of the id 'filter' could be deleted, if that were an id
    assertInvalid(answer, "type_error.uuid", "path", "id");
    Answer other = store.send("PUT", "/flows/", "{}");
    assertSentence(other, 405);
    assertThat(other.header("Allow")).contains("POST");
  }

  @Test
  void aPathThatLacksItsLastSlashIsRedirected() {
    Answer answer = store.send("POST", "/flows", "{}");
    assertThat(answer.status()).isEqualTo(307);
    assertThat(answer.header("Location")).contains("/api/flows/");
  }

  @ParameterizedTest
  @CsvSource({
    "{",
    "'{\"name\": }'",
    "'{} {}'",
    "nothing",
    "'{\"a\":1,}'",
    "'\u0000'",
    "'{\"name\": \"a\\ud800b\"}'"
  })
  void whatIsNotJsonIsInvalid(String body) {
    assertInvalid(store.send("POST", "/flows/", body), "value_error.jsondecode", "body");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"})
  void aTimeThatIsOfAnotherYearInUtcIsInvalidAndSpoilsNothing(String time) {
    Map<String, Object> flow = store.send("POST", "/flows/", "{\"name\": \"edge\"}").object();
    Answer made = store.send("POST", "/flow_runs/", "{\"flow_id\": \"" + flow.get("id") + "\"}");
    String run = "/flow_runs/" + made.object().get("id");

    Answer refused =
        store.send(
            "POST",
            run + "/set_state",
            "{\"state\": {\"type\": \"SCHEDULED\", \"state_details\": {\"scheduled_time\": \""
                + time
                + "\"}}}");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(store.send("GET", run, null).status()).isEqualTo(200);
    assertThat(store.send("POST", "/flow_runs/filter", "{}").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "cron, '99 1 * * *', '99'",
    "cron, '0 0 31 2 *', never comes",
    "rrule, FREQ=OFTEN, FREQ=OFTEN",
    "interval, 0.001, at least 1 second"
  })
  void whatIsWrongWithAScheduleIsToldWithItsField(String field, String value, String told) {
    String flow = store.post("/flows/", Map.of("name", "scheduled")).text("id");
    Object times = field.equals("interval") ? Double.valueOf(value) : value;

    Answer answer =
        store.send(
            "POST",
            "/deployments/",
            Json.write(Map.of("name", "d", "flow_id", flow, "schedule", Map.of(field, times))));

    assertInvalid(answer, "value_error", "body", "schedule", field);
    assertThat(answer.text("exception_message")).contains(told).endsWith(".");
  }

  @ParameterizedTest
  @CsvSource({
    "path, ..",
    "path, flows/../../etc",
    "path, 'C:\\flows\\..'",
    "path, 'a\0b'",
    "entrypoint, ../flow.py:flow",
    "entrypoint, 'flow\0.py:flow'"
  })
  void aDeploymentsCodeIsInItsFolder(String field, String value) {
    String flow = store.post("/flows/", Map.of("name", "placed")).text("id");

    Answer answer =
        store.send(
            "POST",
            "/deployments/",
            Json.write(Map.of("name", "placed", "flow_id", flow, field, value)));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("exception_message"))
        .contains("The '" + field + "' of a deployment can't have '..' or a NUL character");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/opt/prefect/flows", "C:\\flows", "bucket/flows..old", ".", ""})
  void aPlaceOfAnotherMachineIsTaken(String path) {
    String flow = store.post("/flows/", Map.of("name", "placed")).text("id");

    assertThat(
            store
                .post("/deployments/", Map.of("name", "elsewhere", "flow_id", flow, "path", path))
                .text("path"))
        .isEqualTo(path);
  }

  @Test
  void aBlockSchemaIsOfAnObject() {
    String type = store.post("/block_types/", Map.of("slug", "five", "name", "Five")).text("id");

    Answer answer =
        store.send(
            "POST",
            "/block_schemas/",
            Json.write(Map.of("block_type_id", type, "fields", Map.of("type", 5))));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("exception_message")).contains("must be \"object\"", "not 5.");
  }

  @Test
  void aDocumentIsOfItsSchemasType() {
    String mine = store.post("/block_types/", Map.of("slug", "mine", "name", "Mine")).text("id");
    String other = store.post("/block_types/", Map.of("slug", "other", "name", "Other")).text("id");
    Map<String, Object> fields = Map.of("title", "Mine");
    String schema =
        store.post("/block_schemas/", Map.of("block_type_id", mine, "fields", fields)).text("id");

    Answer answer =
        store.send(
            "POST",
            "/block_documents/",
            "{\"name\": \"a\", \"data\": {}, \"block_schema_id\": \""
                + schema
                + "\", \"block_type_id\": \""
                + other
                + "\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(String.valueOf(answer.body()))
        .contains(
            "The block schema with the id "
                + schema
                + " is of the block type 'mine', not of the one with the id "
                + other
                + ".");
  }

  @Test
  void textInAnotherEncodingIsInvalid() {
    Answer answer =
        store.exchange(
            "POST", "/flows/", BodyPublishers.ofByteArray(new byte[] {'"', (byte) 0xff, '"'}));
    assertInvalid(answer, "value_error.jsondecode", "body");
  }

  @Test
  void jsonThatIsNestedWithoutEndIsInvalid() {
    assertInvalid(
        store.send("POST", "/flows/", "[".repeat(100_000)), "value_error.jsondecode", "body");
  }

  @Test
  void aValueOfTheWrongTypeIsToldWithItsPlace() {
    assertInvalid(store.post("/flows/", Map.of("name", 1)), "type_error.str", "body", "name");
    assertInvalid(store.post("/flows/", Map.of()), "value_error.missing", "body", "name");
    assertInvalid(store.post("/flows/", List.of()), "type_error.dict", "body");
    assertInvalid(store.post("/logs/", Map.of()), "type_error.list", "body");
    assertInvalid(
        store.post("/flow_runs/filter", Map.of("sort", "SIDEWAYS")),
        "type_error.enum",
        "body",
        "sort");
    assertInvalid(
        store.post(
            "/flow_runs/filter", Map.of("flow_runs", Map.of("id", Map.of("any_", List.of("x"))))),
        "type_error.list",
        "body",
        "flow_runs",
        "id",
        "any_");
    assertInvalid(
        store.post(
            "/flow_runs/" + NOBODY + "/set_state", Map.of("state", Map.of("type", "SLEEPING"))),
        "type_error.enum",
        "body",
        "state",
        "type");
  }

  @ParameterizedTest
  @CsvSource({"limit", "offset"})
  void aNegativePageIsInvalid(String field) {
    assertInvalid(
        store.post("/flows/filter", Map.of(field, -1)), "value_error.number.not_ge", "body", field);
  }

  @Test
  void aNumberThatIsTooLargeIsToldItsBounds() {
    assertInvalid(
        store.post("/flows/filter", Map.of("offset", 1_000_000_000_000L)),
        "value_error.number.not_in_range",
        "body",
        "offset");
  }

  @Test
  void aPageHas200EntriesAtMost() {
    assertSentence(store.post("/flows/filter", Map.of("limit", 201)), 422);
    assertThat(store.post("/flows/filter", Map.of("limit", 200)).status()).isEqualTo(200);
    assertThat(store.post("/flows/filter", Map.of("limit", 0)).body()).isEqualTo(List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /flows/",
    "GET, /flow_runs/",
    "GET, /task_runs/",
    "GET, /deployments/",
    "GET, /block_types/",
    "GET, /block_schemas/",
    "GET, /block_documents/",
    "GET, /work_queues/",
    "GET, /variables/",
    "GET, /artifacts/",
    "GET, /saved_searches/",
    "GET, /concurrency_limits/",
    "GET, /flow_run_states/",
    "GET, /task_run_states/",
    "DELETE, /flows/",
    "DELETE, /flow_runs/",
    "DELETE, /deployments/",
    "DELETE, /block_documents/",
    "DELETE, /work_queues/",
    "DELETE, /variables/"
  })
  void anIdThatNothingHasIsNotFound(String method, String path) {
    assertSentence(store.send(method, path + NOBODY, null), 404);
    assertInvalid(store.send(method, path + "no-id", null), "type_error.uuid", "path", "id");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1-1-1-1-1",
        "0000000-0000-0000-0000-000000000001",
        "00000000-0000-0000-0000-00000000001",
        "0000000000000000000000000000001",
        "0000000-00000-0000-0000-000000000001"
      })
  void anIdThatLacksDigitsIsInvalid(String id) {
    assertInvalid(store.get("/flows/" + id), "type_error.uuid", "path", "id");
    String filter = "{\"flows\": {\"id\": {\"any_\": [\"" + id + "\"]}}}";
    assertThat(store.send("POST", "/flows/filter", filter).status()).isEqualTo(422);
    String body = "{\"flow_id\": \"" + id + "\"}";
    assertThat(store.send("POST", "/flow_runs/", body).status()).isEqualTo(422);
  }

  @Test
  void anIdNeedNotHaveHyphens() {
    String flow = store.post("/flows/", Map.of("name", "plain")).text("id");
    assertThat(store.get("/flows/" + flow.replace("-", "")).text("id")).isEqualTo(flow);
  }

  @Test
  void namesAndKeysThatNothingHasAreNotFound() {
    assertThat(store.get("/variables/name/nope").text("detail")).isEqualTo("Variable not found.");
    assertThat(store.get("/work_queues/name/nope").text("detail"))
        .isEqualTo("work queue not found");
    assertThat(store.get("/block_types/slug/nope").text("detail"))
        .isEqualTo("Block type not found");
    assertThat(store.get("/work_pools/a%2Fb").text("detail"))
        .isEqualTo("Work pool \"a/b\" not found.");
  }

  @Test
  void aHugeBodyIsRefused() {
    byte[] huge = new byte[RequestBody.MAX_BYTES + 1];
    assertSentence(store.exchange("POST", "/flows/", BodyPublishers.ofByteArray(huge)), 413);
    // without a length, too
    assertSentence(
        store.exchange(
            "POST", "/flows/", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(huge))),
        413);
  }

  @Test
  void aSmallBodyThatExpandsToAHugeOneIsRefused() throws IOException {
    byte[] bomb = compressed(new byte[4 * RequestBody.MAX_BYTES]);
    assertSentence(
        store.exchange(
            "POST", "/flows/", BodyPublishers.ofByteArray(bomb), "Content-Encoding", "gzip"),
        413);
  }

  @Test
  void compressionIsGzipOrNone() throws IOException {
    byte[] body = compressed("{\"name\":\"small\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(
            store
                .exchange(
                    "POST", "/flows/", BodyPublishers.ofByteArray(body), "Content-Encoding", "gzip")
                .status())
        .isEqualTo(201);
    assertSentence(store.send("POST", "/flows/", "{}", "Content-Encoding", "gzip"), 400);
    assertSentence(store.send("POST", "/flows/", "{}", "Content-Encoding", "br"), 415);
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(compressed)) {
      stream.write(bytes);
    }
    return compressed.toByteArray();
  }

  @Test
  void aNameOfTenMegabytesIsRefused() {
    assertSentence(store.post("/flows/", Map.of("name", "x".repeat(10 << 20))), 413);
  }

  @Test
  void anOldClientIsToldWhichVersionIsSpoken() {
    assertSentence(store.send("GET", "/health", null, ApiHandler.VERSION_HEADER, "0.7.1"), 400);
    assertSentence(store.send("GET", "/health", null, ApiHandler.VERSION_HEADER, "new"), 400);
    assertThat(store.send("GET", "/health", null, ApiHandler.VERSION_HEADER, "0.8.9").body())
        .isEqualTo(true);
  }

  @Test
  void aPageOfAnotherSiteIsRefused() throws IOException {
    String own = store.server.url().replaceFirst("/api$", "");
    assertThat(store.send("GET", "/admin/version", null, "Origin", own).status()).isEqualTo(200);
    assertSentence(store.send("GET", "/admin/version", null, "Origin", "http://evil.example"), 403);
    assertSentence(store.send("GET", "/admin/version", null, "Origin", "null"), 403);
    String request = "GET /api/admin/version HTTP/1.1|Host: evil.example|Connection: close||";
    assertThat(raw(request.replace("|", "\r\n"))).startsWith("HTTP/1.1 403");
  }

  @ParameterizedTest
  @CsvSource({
    "400, 'POST /api/flows/ HTTP/1.1|Host: localhost|Content-Length: 2|Transfer-Encoding:"
        + " chunked||{}'",
    "400, 'POST /api/flows/ HTTP/1.1|Host: localhost|Content-Length: 2|Content-Length: 3||{}'",
    "400, 'GET /api/health HTTP/1.1||'",
    "400, 'GET /api/../../etc/passwd HTTP/1.1|Host: localhost|Connection: close||'",
    "400, 'GET /api/work_pools/%zz HTTP/1.1|Host: localhost|Connection: close||'",
    "400, 'NONSENSE||'"
  })
  void oddFramingIsRefusedInJson(int status, String request) throws IOException {
    assertThat(raw(request.replace("|", "\r\n")))
        .startsWith("HTTP/1.1 " + status)
        .contains("{\"detail\":")
        .doesNotContain("<html", "Exception", "jetty");
  }

  @Test
  void headersAreLimited() throws IOException {
    String header = "X-Long: " + "x".repeat(SheaveServer.MAX_HEADER_BYTES) + "\r\n";
    assertThat(raw("GET /api/health HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("{\"detail\":");
  }

  /** Sends bytes, and returns what comes back until the server closes the connection. */
  private String raw(String request) throws IOException {
    URI server = URI.create(store.server.url());
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream answer = socket.getInputStream();
      return new String(answer.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
