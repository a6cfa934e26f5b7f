package dev.sheave.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobServiceAsyncClient;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.sun.net.httpserver.HttpServer;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.TroubledServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureTest {
  private static final Secret SECRET = Secret.of(Refusal.CANARY);
  private static final Secret WRONG_KEY =
      Secret.of(Base64.getEncoder().encodeToString(Refusal.CANARY.getBytes(UTF_8)));

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "container,az://container,az://container/x/y",
    "/container/,az://container,az://container/x/y",
    "container/flows/log-test,az://container/flows/log-test,az://container/flows/log-test/x/y",
    "container/folder/,az://container/folder,az://container/folder/x/y",
    "az://container/folder,az://container/folder,az://container/folder/x/y",
  })
  void slashesAtTheEndsOfTheBucketPathDoNotMatter(String bucketPath, String root, String below) {
    Azure storage = Azure.builder().bucketPath(bucketPath).build();

    assertThat(storage.location(RelativePath.ROOT)).isEqualTo(root);
    assertThat(storage.location(RelativePath.of("/x/y/"))).isEqualTo(below);
    assertThat(storage.bucketPath()).isEqualTo(bucketPath);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "az://", "container/../other", "../x", "container//folder"})
  void aBucketPathThatIsNoneIsRefused(String bucketPath) {
    Refusal.of(
        () -> Azure.builder().bucketPath(bucketPath).build(), Code.INVALID, bucketPath.strip());
  }

  @Test
  void whatBelongsTogetherIsGivenTogether() {
    Refusal.of(
        () -> Azure.builder().bucketPath("c").azureStorageAccountKey(WRONG_KEY).build(),
        Code.INVALID,
        "azure_storage_account_name");
    Refusal.of(
        () -> Azure.builder().bucketPath("c").azureStorageClientSecret(SECRET).build(),
        Code.INVALID,
        "azure_storage_tenant_id");
    Refusal.of(() -> Azure.builder().build(), Code.INVALID, "bucket_path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary8f3a",
        "",
        "AccountKey=Y2FuYXJ5OGYzYQ==",
        "AccountName=a;AccountKey=canary8f3a-is no Base64",
        "AccountName=a;canary8f3a"
      })
  void aConnectionStringThatIsNoneIsRefusedWithoutShowingIt(String connectionString) {
    Refusal.of(
        () ->
            Azure.builder()
                .bucketPath("c")
                .azureStorageConnectionString(Secret.of(connectionString))
                .build(),
        Code.INVALID,
        "azure_storage_connection_string");
  }

  @Test
  void aKeyThatIsNoneIsRefusedWithoutShowingIt() {
    Refusal.of(
        () ->
            Azure.builder()
                .bucketPath("c")
                .azureStorageAccountName(Secret.of("a"))
                .azureStorageAccountKey(Secret.of(Refusal.CANARY + "!"))
                .build(),
        Code.INVALID,
        "azure_storage_account_key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:9000", "ftp://host", "http://", "http://h/?sig=canary8f3a"})
  void anEndpointThatIsNoneIsRefused(String endpoint) {
    Refusal.of(
        () -> Azure.builder().bucketPath("c").endpointUrl(endpoint).build(),
        Code.INVALID,
        "endpoint_url");
  }

  @Test
  void secretsAreNotShown() {
    Azure storage =
        Azure.builder()
            .bucketPath("container")
            .azureStorageAccountName(SECRET)
            .azureStorageAccountKey(WRONG_KEY)
            .azureStorageSasToken(SECRET)
            .azureStorageTenantId(SECRET)
            .azureStorageClientId(SECRET)
            .azureStorageClientSecret(SECRET)
            .build();

    assertThat(storage.toString())
        .contains("container")
        .doesNotContain(Refusal.CANARY)
        .doesNotContain(WRONG_KEY.reveal());
    assertThat(storage.toBuilder().build()).isEqualTo(storage);
    assertThat(storage.azureStorageSasToken()).map(Secret::reveal).hasValue(Refusal.CANARY);
    assertThat(storage.azureStorageAnon()).isTrue();
  }

  @Test
  void aConnectionStringIsEnough() {
    works(
        AzureService.place().azureStorageConnectionString(AzureService.connectionString()).build());
  }

  @Test
  void aBlockThatNamesNoAccountUsesTheEnvironments() {
    works(AzureService.place().build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?"})
  void aSharedAccessSignatureIsEnough(String before) {
    works(
        AzureService.place()
            .endpointUrl(AzureService.endpoint())
            .azureStorageSasToken(Secret.of(before + signature("racwdl", 10)))
            .build());
  }

  @Test
  void aSignatureThatDoesNotAllowWritingIsSaid() {
    Azure readOnly =
        AzureService.place()
            .endpointUrl(AzureService.endpoint())
            .azureStorageSasToken(Secret.of(signature("rl", 10)))
            .build();

    Refusal.of(() -> readOnly.writePath("a", new byte[0]), Code.PERMISSION_DENIED, "denied access");
  }

  @Test
  void aSignatureThatHasExpiredIsSaidWithoutShowingIt() {
    String expired = signature("racwdl", -10);
    Azure storage =
        AzureService.place()
            .endpointUrl(AzureService.endpoint())
            .azureStorageSasToken(Secret.of(expired))
            .build();

    Refusal.ofEach(
            storage,
            temporary,
            Code.PERMISSION_DENIED,
            "denied access because the shared access signature has expired or isn't valid yet: get a new"
                + " azure_storage_sas_token.",
            expired.replaceAll(".*sig=", ""))
        .hasCause();
  }

  @Test
  void theExpiryOfAPolicyIsKnownToTheServerAlone() throws IOException {
    String answer =
        "<?xml version=\"1.0\"?><Error><Code>AuthenticationFailed</Code><Message>Server failed to"
            + " authenticate the request.</Message><AuthenticationErrorDetail>Signature not valid in"
            + " the specified time frame: Start [Mon, 01 Jan 2024 00:00:00 GMT]"
            + "</AuthenticationErrorDetail></Error>";
    Map<String, String> headers =
        Map.of("x-ms-error-code", "AuthenticationFailed", "Content-Type", "application/xml");
    try (TroubledServer server = TroubledServer.answering(403, headers, answer)) {
      Azure storage =
          Azure.builder()
              .bucketPath("container")
              .endpointUrl(server.url() + "/account")
              .azureStorageSasToken(Secret.of("si=a-policy&sr=c&sig=" + Refusal.CANARY))
              .build();
      Refusal.of(() -> storage.readPath("a"), Code.PERMISSION_DENIED, "has expired or isn't valid");
      Refusal.of(
          () -> storage.writePath("a", new byte[1]),
          Code.PERMISSION_DENIED,
          "has expired or isn't valid");
    }
  }

  private static String signature(String permissions, int minutes) {
    BlobServiceAsyncClient client = AzureClients.of(AzureService.account());
    return client
        .getBlobContainerAsyncClient(AzureService.container())
        .generateSas(
            new BlobServiceSasSignatureValues(
                    OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(minutes),
                    BlobContainerSasPermission.parse(permissions))
                .setStartTime(OffsetDateTime.now(ZoneOffset.UTC).minusHours(1)));
  }

  @Test
  void aMissingContainerIsNamed() {
    String container = "sheave-has-no-such-container";
    refused(
        AzureService.block().bucketPath(container + "/flows").build(),
        Code.NOT_FOUND,
        "The container '" + container + "' doesn't exist");
  }

  @Test
  void aWrongKeyIsSaidWithoutShowingIt() {
    refused(
        AzureService.block().azureStorageAccountKey(WRONG_KEY).build(),
        Code.PERMISSION_DENIED,
        "azure_storage_account_key");
  }

  @Test
  void aContainerThatIsNotPublicNeedsACredential() {
    Azure anonymous = AzureService.block().azureStorageAccountKey(null).build();
    try {
      anonymous.readPath("a");
    } catch (SheaveException e) {
      // some servers don't say that it is there
      assertThat(e.code()).isIn(Code.PERMISSION_DENIED, Code.NOT_FOUND);
      assertThat(e).hasMessageContaining("set a credential").hasMessageContaining("az://");
      return;
    }
    throw new AssertionError("read without a credential");
  }

  @Test
  void anEndpointThatIsDownIsSaid() throws IOException {
    int free = TroubledServer.freePort();
    String endpoint = "http://127.0.0.1:" + free + "/account";
    Refusal.of(
        () -> withKey("container", endpoint).readPath("a"),
        Code.UNAVAILABLE,
        "can't connect to " + endpoint);
  }

  @Test
  void aHostThatIsNotKnownIsSaid() {
    String endpoint = "http://no-such-host.invalid:9000/account";
    Refusal.of(() -> withKey("container", endpoint).readPath("a"), Code.UNAVAILABLE, endpoint);
  }

  @Test
  void aServerWithoutTlsIsSaid() {
    String endpoint = AzureService.endpoint().replace("http://", "https://");
    Refusal.of(() -> withKey("container", endpoint).readPath("a"), Code.UNAVAILABLE, "TLS");
  }

  @Test
  void aServerThatThrottlesIsAskedAgainThenSaid() throws IOException {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.getResponseHeaders().add("x-ms-error-code", "ServerBusy");
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    server.start();
    try {
      String endpoint = "http://127.0.0.1:" + server.getAddress().getPort() + "/account";
      Refusal.of(
          () -> withKey("container", endpoint).readPath("a"),
          Code.UNAVAILABLE,
          "'az://container/a': " + endpoint + " is throttling requests (ServerBusy)");
      assertThat(requests).hasValueGreaterThan(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anInterruptedThreadGivesUp() {
    Azure storage = AzureService.block().build();
    Thread.currentThread().interrupt();
    try {
      Refusal.of(() -> storage.readPath("a"), Code.INTERRUPTED, "interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  private static Azure withKey(String bucketPath, String endpoint) {
    return Azure.builder()
        .bucketPath(bucketPath)
        .endpointUrl(endpoint)
        .azureStorageAccountName(Secret.of("account"))
        .azureStorageAccountKey(WRONG_KEY)
        .build();
  }

  private static void works(Azure storage) {
    storage.writePath("greeting", "Hello".getBytes(UTF_8));
    assertThat(storage.readPath("greeting")).asString(UTF_8).isEqualTo("Hello");
  }

  private void refused(Azure storage, Code code, String message) {
    Refusal.ofEach(storage, temporary, code, message).hasCause();
  }
}
