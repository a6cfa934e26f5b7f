package dev.sheave.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.ObjectSource.StoredObject;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.TroubledServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3Test {

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "bucket,s3://bucket,s3://bucket/x/y",
    "/bucket/,s3://bucket,s3://bucket/x/y",
    "bucket-full-of-sunshine/flows/log-test,s3://bucket-full-of-sunshine/flows/log-test,s3://bucket-full-of-sunshine/flows/log-test/x/y",
    "bucket/folder/,s3://bucket/folder,s3://bucket/folder/x/y",
    "s3://bucket/folder,s3://bucket/folder,s3://bucket/folder/x/y",
  })
  void slashesAtTheEndsOfTheBucketPathDoNotMatter(String bucketPath, String root, String below) {
    S3 storage = S3.builder().bucketPath(bucketPath).build();

    assertThat(storage.location(RelativePath.ROOT)).isEqualTo(root);
    assertThat(storage.location(RelativePath.of("/x/y/"))).isEqualTo(below);
    assertThat(storage.bucketPath()).isEqualTo(bucketPath);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "s3://",
        "bucket/../other",
        "../x",
        "bucket//folder",
        "arn:aws:s3:::bucket/a",
        "https://host/bucket"
      })
  void aBucketPathThatIsNoneIsRefused(String bucketPath) {
    assertThatThrownBy(() -> S3.builder().bucketPath(bucketPath).build())
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }

  @Test
  void aKeyThatIsTooLongIsRefusedBeforeAnythingIsWritten() {
    S3 storage = S3Service.block().build();
    String folder = "\u00e9".repeat(100);
    String name = (folder + "/").repeat(5) + "\u00e9".repeat(20);
    FileTree tree =
        FileTree.of(Trees.write(temporary, Map.of("a", "1", name, "2")), IgnoreRules.NONE);

    Refusal.of(
        () -> storage.putDirectory(tree, RelativePath.ROOT, TransferOptions.DEFAULTS),
        Code.INVALID,
        "S3 allows 1024): rename them");
    try (ObjectStore store = storage.openStore()) {
      List<StoredObject> left = new ArrayList<>();
      store.list(RelativePath.ROOT, left::add);
      assertThat(left).isEmpty();
    }
  }

  @Test
  void keysComeInPairs() {
    Secret secret = Secret.of(Refusal.CANARY);

    assertThatThrownBy(() -> S3.builder().bucketPath("b").awsAccessKeyId(secret).build())
        .hasMessageContaining("must be given together");
    assertThatThrownBy(() -> S3.builder().bucketPath("b").awsSessionToken(secret).build())
        .hasMessageContaining("aws_session_token");
    assertThatThrownBy(
            () ->
                S3.builder()
                    .bucketPath("b")
                    .awsAccessKeyId(secret)
                    .awsSecretAccessKey(secret)
                    .profileName("p")
                    .build())
        .hasMessageContaining("profile_name");
    assertThatThrownBy(() -> S3.builder().build()).hasMessageContaining("bucket_path");
  }

  @Test
  void keysThatAreEmptyAreRefused() {
    S3.Builder block = withKeys(S3.builder().bucketPath("b"));

    Refusal.of(
        () -> block.awsAccessKeyId(Secret.of("")).build(),
        Code.INVALID,
        "'aws_access_key_id' is empty: set both, or clear both");
    Refusal.of(
        () -> block.awsSecretAccessKey(Secret.of(" ")).build(),
        Code.INVALID,
        "'aws_access_key_id' and 'aws_secret_access_key' are empty: set both");
    Refusal.of(
        () -> withKeys(S3.builder().bucketPath("b")).awsSessionToken(Secret.of(" ")).build(),
        Code.INVALID,
        "'aws_session_token' is empty: set it, or clear it");
  }

  @ParameterizedTest
  @ValueSource(longs = {S3ObjectStore.WHOLE_SIGNED_BYTES, S3ObjectStore.WHOLE_SIGNED_BYTES + 1})
  void objectsAreSignedAsAWholeOrInChunks(long size) throws IOException {
    byte[] bytes = new byte[(int) size];
    new Random(size).nextBytes(bytes);
    Path file = Files.write(temporary.resolve("file"), bytes);
    S3 storage = S3Service.block().build();

    storage.putFile(file, RelativePath.of("large"));
    storage.getFile(RelativePath.of("large"), temporary.resolve("back"));

    assertThat(temporary.resolve("back")).hasSameBinaryContentAs(file);
  }

  @Test
  void aLargeObjectWhosePartsFailIsNotThere() {
    assertLargePutEndsWith(
        Code.INVALID,
        () -> {
          throw new SheaveException(Code.INVALID, "It changed while it was being uploaded.");
        });
  }

  @Test
  void anInterruptEndsTheParts() {
    Thread caller = Thread.currentThread();

    assertLargePutEndsWith(Code.INTERRUPTED, caller::interrupt);
    assertThat(Thread.interrupted()).isTrue();
  }

  /** One of the parts does something else than to be read. */
  private static void assertLargePutEndsWith(Code code, Runnable inOnePart) {
    long size = S3ObjectStore.MULTIPART_ABOVE_BYTES + 1;
    Content content =
        new Content() {
          @Override
          public long size() {
            return size;
          }

          @Override
          public InputStream openAt(long offset) {
            if (offset == S3PartsPut.PART_BYTES) {
              inOnePart.run();
            }
            return new ByteArrayInputStream(new byte[(int) (size - offset)]);
          }
        };
    try (ObjectStore store = S3Service.block().build().openStore()) {
      assertThatThrownBy(() -> store.put(RelativePath.of("large"), content, Condition.NONE))
          .isInstanceOfSatisfying(SheaveException.class, e -> assertThat(e.code()).isEqualTo(code));
      boolean interrupted = Thread.interrupted();
      List<StoredObject> left = new ArrayList<>();
      store.list(RelativePath.ROOT, left::add);
      assertThat(left).isEmpty();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void secretsAreNotShown() {
    S3 storage = withKeys(S3.builder().bucketPath("bucket")).build();

    assertThat(storage.toString()).contains("bucket").doesNotContain(Refusal.CANARY);
    assertThat(storage.toBuilder().build()).isEqualTo(storage);
    assertThat(storage.awsSecretAccessKey()).map(Secret::reveal).hasValue(Refusal.CANARY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:9000",
        "ftp://host",
        "http://",
        "no url",
        "https://me:canary8f3a@host",
        "https://host?x=canary8f3a"
      })
  void anEndpointThatIsNoneIsRefused(String endpoint) {
    Refusal.of(
        () -> withKeys(S3.builder().bucketPath("bucket").endpointUrl(endpoint)).build(),
        Code.INVALID,
        "The endpoint_url");
  }

  @Test
  void whatIsWrongIsSaidAtOnceAndBesideItsField() {
    assertThatThrownBy(
            () ->
                S3.builder()
                    .bucketPath("/")
                    .endpointUrl("localhost:9000")
                    .awsAccessKeyId(Secret.of("key"))
                    .build())
        .isInstanceOfSatisfying(
            SheaveException.class,
            e ->
                assertThat(e.problems())
                    .extracting(SheaveException.Problem::path)
                    .containsExactly("bucket_path", "endpoint_url", ""))
        .hasMessageContainingAll("bucket_path", "endpoint_url", "aws_secret_access_key");
  }

  @Test
  void aMissingBucketIsNamed() {
    String bucket = "sheave-has-no-such-bucket";
    refused(
        S3Service.block().bucketPath(bucket + "/flows").build(),
        Code.NOT_FOUND,
        "The bucket '" + bucket + "' doesn't exist");
  }

  @Test
  void aWrongSecretIsSaidWithoutShowingIt() {
    refused(
        S3Service.block().awsSecretAccessKey(Secret.of(Refusal.CANARY)).build(),
        Code.PERMISSION_DENIED,
        "aws_secret_access_key");
  }

  @Test
  void anUnknownKeyIsSaid() {
    refused(
        S3Service.block().awsAccessKeyId(Secret.of(Refusal.CANARY)).build(),
        Code.PERMISSION_DENIED,
        "s3://" + S3Service.bucket());
  }

  @Test
  void anEndpointThatIsDownIsSaid() throws IOException {
    int free = TroubledServer.freePort();
    String endpoint = "http://127.0.0.1:" + free;
    Refusal.ofEach(
        withKeys(S3.builder().bucketPath("bucket").endpointUrl(endpoint)).build(),
        temporary,
        Code.UNAVAILABLE,
        "can't connect to " + endpoint);
  }

  @Test
  void aHostThatIsNotKnownIsSaid() {
    String endpoint = "http://no-such-host.invalid:9000";
    Refusal.ofEach(
        withKeys(S3.builder().bucketPath("bucket").endpointUrl(endpoint)).build(),
        temporary,
        Code.UNAVAILABLE,
        endpoint);
  }

  @Test
  void aServerWithoutTlsIsSaid() {
    S3 plain = S3Service.block().build();
    String endpoint = plain.endpointUrl().orElseThrow().replace("http://", "https://");
    refused(
        plain.toBuilder().endpointUrl(endpoint).build(),
        Code.UNAVAILABLE,
        "does it speak http://?");
  }

  @Test
  void aProfileThatIsNotThereIsSaid() {
    refused(
        S3.builder()
            .bucketPath("bucket")
            .profileName("sheave-has-no-such-profile")
            .endpointUrl("http://127.0.0.1:9")
            .build(),
        Code.PERMISSION_DENIED,
        "profile_name");
  }

  private static S3.Builder withKeys(S3.Builder builder) {
    return builder
        .awsAccessKeyId(Secret.of("AKIAIOSFODNN7EXAMPLE"))
        .awsSecretAccessKey(Secret.of(Refusal.CANARY));
  }

  private void refused(S3 storage, Code code, String message) {
    Refusal.ofEach(storage, temporary, code, message).hasCause();
  }
}
