package dev.sheave.infrastructure.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.JsonText;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A user of a kubeconfig whose token comes from an identity provider (OIDC). The cluster takes the
 * tokens of its own accounts, so these are what the provider gives.
 */
@Timeout(120)
class IdentityProviderTest {
  private static final String ACCOUNT = "system:serviceaccount:default:default";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer provider;
  private volatile String given = "";

  @BeforeAll
  static void awaitCluster() {
    KubernetesService.await();
  }

  @BeforeEach
  void startProvider() throws IOException {
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/.well-known/openid-configuration",
        exchange -> answer(exchange, Map.of("token_endpoint", url() + "/token")));
    provider.createContext(
        "/token",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          answer(exchange, Map.of("id_token", given, "refresh_token", "next"));
        });
    provider.start();
  }

  @AfterEach
  void stopProvider() {
    provider.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + provider.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, Map<String, Object> body) throws IOException {
    byte[] bytes = JsonText.write(body).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private KubernetesClusterConfig with(String idToken) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("client-id", "sheave");
    config.put("client-secret", "42");
    config.put("idp-issuer-url", url());
    config.put("id-token", idToken);
    config.put("refresh-token", "first");
    return KubernetesService.as(Map.of("auth-provider", Map.of("name", "oidc", "config", config)));
  }

  /** A token of the default account, which may do nothing, and is named where it is refused. */
  private static String token() {
    return KubernetesService.token("default", "default");
  }

  private static String expired() {
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"exp\":1000000000}".getBytes(StandardCharsets.UTF_8))
        + ".c2lnbmVk";
  }

  private static void assertIsAccount(KubernetesClusterConfig config) {
    assertThatThrownBy(
            () -> Cluster.of(config).call("list the jobs", api -> api.batch().v1().jobs().list()))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.PERMISSION_DENIED))
        .hasMessageContaining(ACCOUNT);
  }

  @Test
  void aTokenIsUsedAsItIs() {
    assertIsAccount(with(token()));

    assertThat(asked).isEmpty();
  }

  @Test
  void anExpiredTokenIsRenewed() {
    given = token();

    assertIsAccount(with(expired()));

    assertThat(asked).hasSize(1);
    assertThat(asked.get(0)).contains("grant_type=refresh_token").contains("refresh_token=first");
  }
}
