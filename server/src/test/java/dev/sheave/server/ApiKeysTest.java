package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.KeyScope;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.server.ServedStore.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server lets the holders of keys do. */
class ApiKeysTest {
  @TempDir private Path folder;
  private ServedStore store;

  @BeforeEach
  void start() {
    store = new ServedStore(folder);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private String key(KeyScope scope) {
    return store.key(scope.name(), scope);
  }

  private Answer send(String method, String path, @Nullable String body, String authorization) {
    return store.send(method, path, body, "Authorization", authorization);
  }

  private Answer get(String path, String key) {
    return store.send("GET", path, null, "Authorization", "Bearer " + key);
  }

  private static void assertRefused(Answer answer, int status, String part) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text("detail")).contains(part).endsWith(".");
    assertThat(answer.header("X-Sheave-Code")).contains("PERMISSION_DENIED");
  }

  @Test
  void withoutKeysEverybodyOnTheMachineMayDoEverything() {
    assertThat(store.post("/flows/", Map.of("name", "f")).status()).isEqualTo(201);
    // a key of another server does no harm, but one of ours must be valid
    assertThat(get("/flow_runs/" + UUID.randomUUID(), "pnu_abc").status()).isEqualTo(404);
    assertRefused(get("/admin/version", "shv_00"), 401, "isn't valid here");
  }

  @Test
  void asSoonAsThereIsAKeyOneIsWanted() {
    String key = key(KeyScope.READ);
    Answer refused = store.get("/admin/version");
    assertRefused(refused, 401, "wants an API key");
    assertThat(refused.header("WWW-Authenticate")).contains("Bearer");
    assertRefused(get("/admin/version", "pnu_abc"), 401, "isn't valid here");
    assertRefused(get("/admin/version", key.substring(1)), 401, "isn't valid here");

    assertThat(get("/admin/version", key).status()).isEqualTo(200);
    String login =
        Base64.getEncoder().encodeToString(("x:" + key).getBytes(StandardCharsets.UTF_8));
    assertThat(send("GET", "/admin/version", null, "Basic " + login).status()).isEqualTo(200);
    assertThat(store.get("/health").status()).isEqualTo(200);
  }

  @Test
  void aKeyIsGoodForItsScope() {
    String read = key(KeyScope.READ);
    String run = key(KeyScope.RUN);
    String admin = key(KeyScope.ADMIN);
    String flow = "{\"name\":\"f\"}";
    assertRefused(send("POST", "/flows/", flow, "Bearer " + read), 403, "has the scope read");
    Answer made = send("POST", "/flows/", flow, "Bearer " + run);
    assertThat(made.status()).isEqualTo(201);
    String path = "/flows/" + made.text("id");
    assertRefused(send("DELETE", path, null, "Bearer " + run), 403, "this needs admin");
    assertThat(send("DELETE", path, null, "Bearer " + admin).status()).isEqualTo(204);
  }

  @Test
  void secretsAreForThoseWhoMayRun() {
    UUID id =
        store
            .sheave
            .blocks()
            .save(new SecretBlock(Secret.of("s3cr3t")), "mine", SaveMode.CREATE)
            .identity()
            .orElseThrow()
            .id();
    String read = key(KeyScope.READ);
    String run = key(KeyScope.RUN);
    String byName = "/block_types/slug/secret/block_documents/name/mine";
    for (String path :
        new String[] {
          "/block_documents/" + id, byName, "/block_types/slug/secret/block_documents"
        }) {
      assertThat(get(path, read).body()).asString().doesNotContain("s3cr3t");
      assertRefused(get(path + "?include_secrets=true", read), 403, "this needs run");
      assertThat(get(path, run).body()).asString().doesNotContain("s3cr3t");
      assertThat(get(path + "?include_secrets=true", run).body()).asString().contains("s3cr3t");
    }
    String filter = "{\"include_secrets\":true}";
    assertRefused(
        send("POST", "/block_documents/filter", filter, "Bearer " + read), 403, "this needs run");
    assertThat(send("POST", "/block_documents/filter", filter, "Bearer " + run).body())
        .asString()
        .contains("s3cr3t");
  }

  @Test
  void withAKeyAServerListensBeyondTheMachine() {
    String key = key(KeyScope.READ);
    try (SheaveServer open = SheaveServer.builder(store.sheave).host("0.0.0.0").port(0).start();
        Sheave client =
            Sheave.builder(Map.of())
                .url("http://127.0.0.1:" + open.port() + "/api")
                .home(folder)
                .key(Secret.of(key))
                .connect()) {
      assertThat(client.api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL)).isEmpty();
    }
  }

  @Test
  void aServerBeyondTheMachineStaysClosedWhenItsLastKeyIsRevoked() {
    key(KeyScope.READ);
    try (SheaveServer open = SheaveServer.builder(store.sheave).host("0.0.0.0").port(0).start()) {
      store.sheave.api().administration().orElseThrow().apiKeys().revokeKey("READ");
      try (Sheave client =
          Sheave.builder(Map.of())
              .url("http://127.0.0.1:" + open.port() + "/api")
              .home(folder)
              .connect()) {
        assertThatThrownBy(() -> client.api().blocks().listCapabilities())
            .hasMessageContaining("wants an API key");
      }
    }
  }
}
