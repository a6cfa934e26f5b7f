package dev.sheave.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.google.api.client.http.HttpResponseException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.TroubledServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GCSTest {

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "bucket,gcs://bucket,gcs://bucket/x/y",
    "/bucket/,gcs://bucket,gcs://bucket/x/y",
    "bucket/flows/log-test,gcs://bucket/flows/log-test,gcs://bucket/flows/log-test/x/y",
    "bucket/folder/,gcs://bucket/folder,gcs://bucket/folder/x/y",
    "gcs://bucket/folder,gcs://bucket/folder,gcs://bucket/folder/x/y",
    "gs://bucket/folder,gcs://bucket/folder,gcs://bucket/folder/x/y",
  })
  void slashesAtTheEndsOfTheBucketPathDoNotMatter(String bucketPath, String root, String below) {
    GCS storage = GCS.builder().bucketPath(bucketPath).build();

    assertThat(storage.location(RelativePath.ROOT)).isEqualTo(root);
    assertThat(storage.location(RelativePath.of("/x/y/"))).isEqualTo(below);
    assertThat(storage.bucketPath()).isEqualTo(bucketPath);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "gcs://", "bucket/../other", "../x", "bucket//folder"})
  void aBucketPathThatIsNoneIsRefused(String bucketPath) {
    Refusal.of(
        () -> GCS.builder().bucketPath(bucketPath).build(), Code.INVALID, bucketPath.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "canary8f3a",
        "[\"canary8f3a\"]",
        "{\"canary8f3a\": 1",
        "{\"type\": \"canary8f3a\"}",
        "{\"type\": \"service_account\", \"private_key\": \"canary8f3a\"}",
        "{\"type\": \"service_account\", \"client_id\": \"1\", \"client_email\": \"a@b\","
            + " \"private_key_id\": \"1\", \"private_key\": \"canary8f3a\"}",
        "{\"type\": {\"a\": \"canary8f3a\"}}"
      })
  void aServiceAccountThatIsNoneIsRefusedWithoutShowingIt(String info) {
    Refusal.of(
        () -> GCS.builder().bucketPath("b").serviceAccountInfo(Secret.of(info)).build(),
        Code.INVALID,
        "The service_account_info isn't the JSON of a service account's key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:9000", "ftp://host", "http://", "http://h/?key=canary8f3a"})
  void anEndpointThatIsNoneIsRefused(String endpoint) {
    Refusal.of(
        () -> GCS.builder().bucketPath("b").endpointUrl(endpoint).build(),
        Code.INVALID,
        "endpoint_url");
  }

  @Test
  void theServiceAccountIsNotShown() {
    try (FakeGoogle google = FakeGoogle.answering(200, "{}")) {
      Secret account = google.serviceAccount();
      GCS storage = GCS.builder().bucketPath("bucket").serviceAccountInfo(account).build();

      assertThat(storage.toString())
          .contains("bucket")
          .doesNotContain("PRIVATE KEY")
          .doesNotContain("gserviceaccount");
      assertThat(storage.toBuilder().build()).isEqualTo(storage);
      assertThat(storage.serviceAccountInfo()).hasValue(account);
    }
  }

  @Test
  void aServiceAccountSignsIn() {
    try (FakeGoogle signIn = FakeGoogle.answering(200, token("a-token"));
        FakeGoogle storage = FakeGoogle.answering(200, "{\"generation\": \"7\"}")) {
      GCS block = withAccount(signIn, storage);
      block.writePath("a", new byte[1]);
      block.writePath("b", new byte[1]);

      assertThat(storage.authorizations()).containsExactly("Bearer a-token", "Bearer a-token");
      assertThat(signIn.authorizations()).as("a token is used again").hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "account not found,Google's sign-in service rejected the service account: check service_account_info",
    "Invalid JWT Signature.,doesn't know the service account's key: set a new service_account_info",
    "Invalid JWT: Token must be a short-lived token and in a reasonable timeframe.,clock of this machine",
  })
  void aServiceAccountThatIsRefusedIsSaidWithoutShowingIt(String reason, String message) {
    String body = "{\"error\": \"invalid_grant\", \"error_description\": \"" + reason + "\"}";
    try (FakeGoogle google = FakeGoogle.answering(400, body)) {
      Secret key = google.serviceAccount();
      GCS storage = GcsService.block().serviceAccountInfo(key).build();
      refused(storage, Code.PERMISSION_DENIED, message);
      assertThatThrownBy(() -> storage.readPath("a"))
          .rootCause()
          .isInstanceOf(HttpResponseException.class)
          .hasMessageContaining(reason);
    }
  }

  @Test
  void aSignInThatHasToRestIsUnavailable() {
    try (FakeGoogle google = FakeGoogle.answering(503, "{}")) {
      GCS storage = GcsService.block().serviceAccountInfo(google.serviceAccount()).build();

      Refusal.of(
          () -> storage.readPath("a"), Code.UNAVAILABLE, "Google's sign-in service didn't respond");
    }
  }

  @Test
  void aTokenThatIsNotTakenAnyMoreIsGotAgain() {
    try (FakeGoogle signIn = FakeGoogle.answering(200, token("token-#"));
        FakeGoogle storage =
            FakeGoogle.answering(
                token -> token.equals("Bearer token-2") ? 200 : 401, "{\"generation\": \"7\"}")) {
      withAccount(signIn, storage).writePath("a", new byte[1]);

      assertThat(storage.authorizations()).containsExactly("Bearer token-1", "Bearer token-2");
    }
  }

  @Test
  void aTokenThatIsNeverTakenIsSaid() {
    try (FakeGoogle signIn = FakeGoogle.answering(200, token("token-#"));
        FakeGoogle storage = FakeGoogle.answering(401, "Invalid Credentials")) {
      GCS block = withAccount(signIn, storage);

      Refusal.of(
          () -> block.readPath("a"),
          Code.PERMISSION_DENIED,
          "'gcs://bucket/a': " + storage.address() + " denied access: check service_account_info.");
      assertThat(storage.authorizations()).containsExactly("Bearer token-1", "Bearer token-2");
      assertThatThrownBy(() -> block.readPath("a"))
          .hasCauseInstanceOf(HttpResponseException.class)
          .extracting(Throwables::getStackTrace, STRING)
          .doesNotContain("token-");
    }
  }

  @Test
  void aKeyThatIsRevokedMeanwhileIsSaid() {
    AtomicInteger signIns = new AtomicInteger();
    try (FakeGoogle signIn =
            FakeGoogle.answering(
                request -> signIns.getAndIncrement() == 0 ? 200 : 400, token("a-token"));
        FakeGoogle storage = FakeGoogle.answering(401, "Invalid Credentials")) {
      Refusal.of(
          () -> withAccount(signIn, storage).readPath("a"),
          Code.PERMISSION_DENIED,
          "Google's sign-in service rejected the service account");
    }
  }

  private static String token(String token) {
    return "{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": 3600}"
        .formatted(token);
  }

  private static GCS withAccount(FakeGoogle signIn, FakeGoogle storage) {
    return GCS.builder()
        .bucketPath("bucket")
        .endpointUrl(storage.address())
        .serviceAccountInfo(signIn.serviceAccount())
        .build();
  }

  @Test
  void aSignInThatIsDownIsSaid() {
    Secret account;
    try (FakeGoogle google = FakeGoogle.answering(400, "")) {
      account = google.serviceAccount();
    }
    GCS storage = GcsService.block().serviceAccountInfo(account).build();

    Refusal.of(
            () -> storage.readPath("a"),
            Code.UNAVAILABLE,
            "Google's sign-in service didn't respond",
            "PRIVATE KEY")
        .hasCause();
  }

  @Test
  void aMissingPermissionIsNamed() {
    String message =
        "sheave@p.iam.gserviceaccount.com does not have storage.objects.get access to the Google"
            + " Cloud Storage object. Permission 'storage.objects.get' denied on resource.";
    answers(
        403,
        "{\"error\": {\"code\": 403, \"message\": \"%s\", \"errors\": [{\"reason\": \"forbidden\"}]}}"
            .formatted(message),
        Code.PERMISSION_DENIED,
        "denied access because the permission storage.objects.get is missing: set service_account_info");
  }

  @Test
  void aBucketThatBillsThoseWhoAskNeedsAProject() {
    answers(
        400,
        "{\"error\": {\"code\": 400, \"message\": \"Bucket is a requester pays bucket but no user"
            + " project provided.\", \"errors\": [{\"reason\": \"required\"}]}}",
        Code.INVALID,
        "set project");
  }

  @Test
  void theProjectThatIsBilledIsNamedInEachRequest() {
    try (FakeGoogle google = FakeGoogle.answering(200, "{\"generation\": \"7\"}")) {
      GCS storage =
          GCS.builder().bucketPath("bucket").endpointUrl(google.address()).project("payer").build();
      storage.writePath("a", new byte[1]);
      storage.readPath("a");

      assertThat(google.requests())
          .hasSize(2)
          .allSatisfy(request -> assertThat(request).contains("userProject=payer"));
    }
  }

  @Test
  void aServerThatThrottlesIsAskedAgainThenSaid() {
    try (FakeGoogle google = FakeGoogle.answering(429, "{}")) {
      GCS storage = GCS.builder().bucketPath("bucket").endpointUrl(google.address()).build();
      Refusal.of(
          () -> storage.writePath("a", new byte[1]),
          Code.UNAVAILABLE,
          "'gcs://bucket/a': " + google.address() + " is throttling requests (status 429)");
      assertThat(google.authorizations()).hasSizeGreaterThan(1);
    }
  }

  private static void answers(int status, String body, Code code, String message) {
    try (FakeGoogle google = FakeGoogle.answering(status, body)) {
      GCS storage = GCS.builder().bucketPath("bucket").endpointUrl(google.address()).build();
      Refusal.of(() -> storage.readPath("a"), code, message);
      Refusal.of(() -> storage.writePath("a", new byte[1]), code, message);
    }
  }

  @Test
  void aMissingBucketIsNamed() {
    String bucket = "sheave-has-no-such-bucket";
    GCS storage = GcsService.block().bucketPath(bucket + "/flows").build();
    String message = "The bucket '" + bucket + "' doesn't exist";

    Refusal.of(() -> storage.writePath("a", new byte[0]), Code.NOT_FOUND, message);
    Refusal.of(
        () -> storage.getDirectory(RelativePath.ROOT, temporary, TransferOptions.DEFAULTS),
        Code.NOT_FOUND,
        message);
    // Google tells what is missing, the server of the tests doesn't
    Refusal.of(() -> storage.readPath("a"), Code.NOT_FOUND, bucket);
    answers(404, "The specified bucket does not exist.", Code.NOT_FOUND, "The bucket 'bucket'");
  }

  @Test
  void anEndpointThatIsDownIsSaid() throws IOException {
    int free = TroubledServer.freePort();
    String endpoint = "http://127.0.0.1:" + free;
    refused(
        GCS.builder().bucketPath("bucket").endpointUrl(endpoint).build(),
        Code.UNAVAILABLE,
        "can't connect to " + endpoint);
  }

  @Test
  void aHostThatIsNotKnownIsSaid() {
    String endpoint = "http://no-such-host.invalid:9000";
    GCS storage = GCS.builder().bucketPath("bucket").endpointUrl(endpoint).build();
    Refusal.of(() -> storage.readPath("a"), Code.UNAVAILABLE, endpoint);
  }

  @Test
  void aServerWithoutTlsIsSaid() {
    String endpoint = GcsService.endpoint().replace("http://", "https://");
    GCS storage = GCS.builder().bucketPath("bucket").endpointUrl(endpoint).build();
    Refusal.of(() -> storage.readPath("a"), Code.UNAVAILABLE, "TLS");
  }

  @Test
  void anInterruptedThreadGivesUp() {
    GCS storage = GcsService.block().build();
    Thread.currentThread().interrupt();
    try {
      Refusal.of(() -> storage.readPath("a"), Code.INTERRUPTED, "interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  private void refused(GCS storage, Code code, String message) {
    Refusal.ofEach(storage, temporary, code, message, "PRIVATE KEY").hasCause();
  }
}
