package dev.sheave.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.OwnProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of storage blocks over HTTP on a machine that reaches servers through a proxy, which
 * the environment names. The test class must have a constructor without parameters.
 */
@Timeout(300)
public abstract class ProxyContract {
  private static final String HOST = "behind-the-proxy.invalid";

  @TempDir private @Nullable Path temporary;

  /** For the backend's test. */
  protected ProxyContract() {}

  /**
   * Returns a block of a server.
   *
   * @param url its address: {@code https://behind-the-proxy.invalid}
   */
  protected abstract ReadableStorage openStorage(String url) throws Exception;

  /** Fetches a block's files: the test's class, the URL, and the target. */
  public static final class Fetch implements OwnProcess.Program {
    /** For the process. */
    public Fetch() {}

    @Override
    public String run(List<String> arguments) throws Exception {
      var constructor = Class.forName(arguments.get(0)).getDeclaredConstructor();
      constructor.setAccessible(true);
      ReadableStorage storage =
          ((ProxyContract) constructor.newInstance()).openStorage(arguments.get(1));
      storage.getDirectory(RelativePath.ROOT, Path.of(arguments.get(2)), TransferOptions.DEFAULTS);
      return "fetched";
    }
  }

  private OwnProcess.Answer fetch(String url, Map<String, String> variables) throws Exception {
    Path folder = temporary;
    assertThat(folder).isNotNull();
    OwnProcess process = new OwnProcess(Files.createTempDirectory(folder, "home"));
    process
        .environment()
        .keySet()
        .removeIf(name -> name.toUpperCase(Locale.ROOT).endsWith("_PROXY"));
    process.environment().put("SHEAVE_HOME", folder.resolve("sheave").toString());
    process.environment().putAll(variables);
    OwnProcess.Answer answer =
        process.run(Fetch.class, getClass().getName(), url, folder.resolve("target").toString());
    assertThat(answer.text() + answer.trace() + answer.printed())
        .doesNotContain(Refusal.CANARY)
        .doesNotContain("Y2FuYXJ5");
    assertThat(answer.text()).matches("[^\n\r]*[^.][.]");
    return answer;
  }

  @Test
  void aServerWithTlsIsReachedThroughTheProxyWithItsLogin() throws Exception {
    try (TroubledServer server = TroubledServer.notTrusted();
        ForwardProxy proxy = new ForwardProxy(URI.create(server.url()).getPort())) {
      OwnProcess.Answer answer = fetch("https://" + HOST, Map.of("HTTPS_PROXY", proxy.url()));

      assertThat(proxy.passed()).contains("CONNECT " + HOST + ":443");
      // it went so far: the server's certificate isn't trusted
      assertThat(answer.text()).startsWith("UNAVAILABLE ").contains("TLS");
      assertThat(server.requests()).isZero();
    }
  }

  @Test
  void aServerWithoutTlsIsReachedThroughTheProxyWithItsLogin() throws Exception {
    try (TroubledServer server = TroubledServer.answering(403, Map.of(), "");
        ForwardProxy proxy = new ForwardProxy(URI.create(server.url()).getPort())) {
      OwnProcess.Answer answer =
          fetch("http://" + HOST + ":8080", Map.of("http_proxy", proxy.url()));

      assertThat(answer.text()).startsWith("PERMISSION_DENIED ").doesNotContain("proxy 127.0.0.1");
      assertThat(proxy.passed())
          .isNotEmpty()
          .allMatch(request -> request.matches("[A-Z]+ http://" + HOST + ":8080/.*"));
    }
  }

  @Test
  void noProxyNamesAServerThatIsReachedDirectly() throws Exception {
    try (ForwardProxy proxy = new ForwardProxy(TroubledServer.freePort())) {
      OwnProcess.Answer answer =
          fetch(
              "https://" + HOST,
              Map.of("https_proxy", proxy.url(), "NO_PROXY", "localhost,.proxy.invalid," + HOST));

      assertThat(answer.text()).startsWith("UNAVAILABLE ").contains("can't be resolved");
      assertThat(proxy.passed()).isEmpty();
    }
  }

  @Test
  void aProxyThatRejectsTheLoginIsSaid() throws Exception {
    try (ForwardProxy proxy = new ForwardProxy(TroubledServer.freePort())) {
      OwnProcess.Answer answer =
          fetch("https://" + HOST, Map.of("HTTPS_PROXY", proxy.urlOfAnother()));

      assertThat(answer.text())
          .startsWith("PERMISSION_DENIED ")
          .contains("the proxy " + proxy.address() + " of HTTPS_PROXY rejected the login");
      assertThat(proxy.passed()).isEmpty();
    }
  }

  @Test
  void aProxyThatIsNotThereIsSaid() throws Exception {
    String address = "127.0.0.1:" + TroubledServer.freePort();
    OwnProcess.Answer answer = fetch("https://" + HOST, Map.of("HTTPS_PROXY", address));

    assertThat(answer.text())
        .startsWith("UNAVAILABLE ")
        .contains("can't connect to the proxy " + address + " of HTTPS_PROXY");
  }

  @Test
  void aVariableThatIsNotValidIsSaid() throws Exception {
    OwnProcess.Answer answer =
        fetch("https://" + HOST, Map.of("HTTPS_PROXY", "socks5://me:" + Refusal.CANARY + "@h:1"));

    assertThat(answer.text()).startsWith("INVALID ").contains("HTTPS_PROXY isn't valid");
  }
}
