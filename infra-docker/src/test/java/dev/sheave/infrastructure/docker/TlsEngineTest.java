package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.testkit.storage.TroubledServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine behind a port, which trusts those who have a certificate of its authority. */
@Timeout(180)
class TlsEngineTest {
  @TempDir static Path folder;
  private static OwnEngine engine;
  private static String address;
  private static String id;

  @BeforeAll
  static void startEngine() throws Exception {
    makeAuthority("ours");
    makeCertificate("ours", "engine", "subjectAltName=IP:127.0.0.1");
    makeCertificate("ours", "client", "extendedKeyUsage=clientAuth");
    makeAuthority("theirs");
    makeCertificate("theirs", "stranger", "extendedKeyUsage=clientAuth");
    address = "tcp://127.0.0.1:" + TroubledServer.freePort();
    Path files = folder.resolve("engine");
    engine =
        new OwnEngine(
            Files.createDirectory(folder.resolve("own")),
            "--host=" + address,
            "--tlsverify",
            "--tlscacert=" + files.resolve("ca.pem"),
            "--tlscert=" + files.resolve("cert.pem"),
            "--tlskey=" + files.resolve("key.pem"));
    engine.start();
    id = Engine.at(DockerHost.find(engine.host(), Map.of())).id();
  }

  @AfterAll
  static void stopEngine() throws Exception {
    if (engine != null) {
      engine.close();
    }
  }

  private static void makeAuthority(String name) throws Exception {
    Path key = folder.resolve(name + ".key");
    openssl("genrsa", "-out", key.toString(), "2048");
    openssl(
        "req -x509 -days 2 -subj /CN=" + name + " -new -key " + key + " -out " + authority(name));
  }

  private static Path authority(String name) {
    return folder.resolve(name + ".pem");
  }

  /** Makes a folder with the files that the {@code docker} command has. */
  private static void makeCertificate(String authority, String name, String extensions)
      throws Exception {
    Path files = Files.createDirectory(folder.resolve(name));
    Files.copy(authority(authority), files.resolve("ca.pem"));
    Path request = folder.resolve(name + ".csr");
    Path extensionFile = Files.writeString(folder.resolve(name + ".ext"), extensions);
    openssl("genrsa", "-out", files.resolve("key.pem").toString(), "2048");
    openssl(
        "req -new -subj /CN=" + name + " -key " + files.resolve("key.pem") + " -out " + request);
    openssl(
        "x509 -req -days 2 -CAcreateserial -in "
            + request
            + " -CA "
            + authority(authority)
            + " -CAkey "
            + folder.resolve(authority + ".key")
            + " -extfile "
            + extensionFile
            + " -out "
            + files.resolve("cert.pem"));
  }

  private static void openssl(String words) throws Exception {
    openssl(words.split(" "));
  }

  private static void openssl(String... words) throws Exception {
    run("openssl", words);
  }

  private static void run(String program, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(command + said).isZero();
  }

  private static Engine connect(String certificates, boolean isVerified) {
    return Engine.at(
        DockerHost.find(
            address,
            Map.of(
                "DOCKER_CERT_PATH",
                folder.resolve(certificates).toString(),
                isVerified ? "DOCKER_TLS_VERIFY" : "DOCKER_TLS",
                "1")));
  }

  @Test
  void anEngineIsReachedWithCertificates() throws Exception {
    assertThat(connect("client", true).id()).isEqualTo(id);

    Path copy = Files.createDirectory(folder.resolve("client-pkcs1"));
    for (String each : List.of("ca.pem", "cert.pem")) {
      Files.copy(folder.resolve("client").resolve(each), copy.resolve(each));
    }
    openssl(
        "rsa -traditional -in "
            + folder.resolve("client/key.pem")
            + " -out "
            + copy.resolve("key.pem"));
    assertThat(connect("client-pkcs1", true).id()).isEqualTo(id);
  }

  @Test
  void aContextHasAddressAndCertificates() throws Exception {
    Path configuration = folder.resolve("configuration");
    Path client = folder.resolve("client");
    run(
        "docker",
        "--config",
        configuration.toString(),
        "context",
        "create",
        "gold",
        "--docker",
        "host="
            + address
            + ",ca="
            + client.resolve("ca.pem")
            + ",cert="
            + client.resolve("cert.pem")
            + ",key="
            + client.resolve("key.pem"));

    Map<String, String> named =
        Map.of("DOCKER_CONFIG", configuration.toString(), "DOCKER_CONTEXT", "gold");
    assertThat(Engine.at(DockerHost.find(null, named)).id()).isEqualTo(id);

    run("docker", "--config", configuration.toString(), "context", "use", "gold");
    Map<String, String> current = Map.of("DOCKER_CONFIG", configuration.toString());
    assertThat(Engine.at(DockerHost.find(null, current)).id()).isEqualTo(id);
  }

  @Test
  void neitherSideTakesACertificateOfAStranger() {
    assertUnreachable(() -> connect("stranger", true)); // it doesn't trust the engine
    assertUnreachable(() -> connect("stranger", false)); // the engine doesn't trust it
    assertThatThrownBy(() -> Engine.at(DockerHost.find(address, Map.of())))
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining("HTTPS");
  }

  private static void assertUnreachable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
        .hasMessageContaining(address);
  }
}
