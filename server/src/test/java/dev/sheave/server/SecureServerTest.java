package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.api.KeyScope;
import dev.sheave.api.Page;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a certificate, and one behind a proxy. */
class SecureServerTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path folder;

  /** A certificate and its key, in files. */
  private record Identity(Certificate certificate, Path certificateFile, Path keyFile) {}

  private Identity identity(String name, String algorithm) throws Exception {
    Path file = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "server",
                    "-keyalg",
                    algorithm,
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    new String(PASSWORD)))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(file)) {
      store.load(stream, PASSWORD);
    }
    Certificate certificate = store.getCertificate("server");
    return new Identity(
        certificate,
        pem(name + ".crt", "CERTIFICATE", certificate.getEncoded()),
        pem(name + ".key", "PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded()));
  }

  private Path pem(String file, String kind, byte[] bytes) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  private static HttpClient trusting(Certificate certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate);
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void aServerWithACertificateSpeaksHttps(String algorithm) throws Exception {
    Identity identity = identity("server", algorithm);
    try (ServedStore store =
        new ServedStore(
            folder, settings -> settings.tls(identity.certificateFile(), identity.keyFile()))) {
      URI url = URI.create(store.server.url() + "/health");
      assertThat(url.getScheme()).isEqualTo("https");
      HttpResponse<String> answer =
          trusting(identity.certificate())
              .send(
                  HttpRequest.newBuilder(url)
                      .header("Origin", "https://" + url.getAuthority())
                      .build(),
                  BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("true");
    }
  }

  @Test
  void aCertificateThatCannotBeUsedIsRefusedAtTheStart() throws Exception {
    Identity one = identity("one", "EC");
    Identity two = identity("two", "EC");
    Path missing = folder.resolve("missing");
    Path empty = Files.createFile(folder.resolve("empty"));
    try (ServedStore store = new ServedStore(folder)) {
      assertThatThrownBy(() -> start(store, one.certificateFile(), two.keyFile()))
          .hasMessageContaining("isn't that of");
      assertThatThrownBy(() -> start(store, missing, one.keyFile()))
          .hasMessageContaining("can't be read");
      assertThatThrownBy(() -> start(store, empty, one.keyFile()))
          .hasMessageContaining("has no certificate");
      assertThatThrownBy(() -> start(store, one.certificateFile(), one.certificateFile()))
          .hasMessageContaining("BEGIN PRIVATE KEY");
    }
  }

  private static void start(ServedStore store, Path certificate, Path key) {
    SheaveServer.builder(store.sheave).port(0).tls(certificate, key).start().close();
  }

  @Test
  void onlyATrustedProxySaysWhoSendsARequest() throws Exception {
    for (String proxies : List.of("127.0.0.0/8", "10.0.0.0/8")) {
      Path home = Files.createDirectory(folder.resolve(proxies.replace('/', '-')));
      try (ServedStore store =
          new ServedStore(home, settings -> settings.trustedProxies(List.of(proxies)))) {
        var administration = store.sheave.api().administration().orElseThrow();
        String key =
            administration.apiKeys().createKey("ann", KeyScope.RUN, null).secret().reveal();
        store.send(
            "POST",
            "/flows/",
            "{\"name\":\"f\"}",
            "Authorization",
            "Bearer " + key,
            "X-Forwarded-For",
            "203.0.113.7");
        store.server.close();
        assertThat(administration.audit().listChanges(Page.FIRST))
            .singleElement()
            .satisfies(
                change ->
                    assertThat(change.address())
                        .isEqualTo(proxies.startsWith("127") ? "203.0.113.7" : "127.0.0.1"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/x", "1.2.3.256"})
  void whatIsNoNetworkIsRefusedAtTheStart(String proxies) {
    try (ServedStore store = new ServedStore(folder)) {
      assertThatThrownBy(
              () ->
                  SheaveServer.builder(store.sheave)
                      .port(0)
                      .trustedProxies(List.of(proxies))
                      .start())
          .hasMessageContaining("A trusted proxy must be");
    }
  }

  @Test
  void blockTypesAreRegisteredAtTheStartAndThoseOfOthersLeft() {
    try (ServedStore store = new ServedStore(folder)) {
      String named = "{\"slug\":\"json\",\"name\":\"JSON of others\",\"description\":\"Theirs\"}";
      assertThat(store.send("POST", "/block_types/", named).status()).isEqualTo(201);
      SheaveServer.builder(store.sheave).port(0).registersBlockTypes(true).start().close();

      assertThat(store.get("/block_types/slug/json").text("description")).isEqualTo("Theirs");
      assertThat(store.get("/block_types/slug/secret").text("logo_url"))
          .endsWith("/api/sheave/logos/secret");
      SheaveServer.builder(store.sheave).port(0).registersBlockTypes(true).start().close();
    }
  }

  @Test
  void blockTypesAreSeenAsACollection() {
    try (ServedStore store =
        new ServedStore(folder, settings -> settings.registersBlockTypes(true))) {
      var view = store.get("/collections/views/aggregate-block-metadata").object();
      assertThat(view.toString()).contains("slug=secret", "checksum=sha256:");
      assertThat(store.get("/collections/views/other").text("detail")).contains("no view 'other'");
      assertThat(store.get("/admin/settings").text("database")).startsWith("jdbc:sqlite:");
    }
  }

  @Test
  void theRoutesAreDescribedInADocument() {
    try (ServedStore store = new ServedStore(folder)) {
      var document = store.get("/openapi.json").object();
      assertThat(document.get("openapi")).isEqualTo("3.0.3");
      var paths = (Map<?, ?>) Objects.requireNonNull(document.get("paths"));
      for (Route route : Routes.over(store.sheave, null).all()) {
        var operations = (Map<?, ?>) Objects.requireNonNull(paths.get(route.path()));
        assertThat(operations.get(route.method().toLowerCase(Locale.ROOT)))
            .as(route.path())
            .isNotNull();
      }
    }
  }
}
