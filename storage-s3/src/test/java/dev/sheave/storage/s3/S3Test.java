package dev.sheave.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3Test {
  private static final String CANARY = "canary-8f3a";

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
  @ValueSource(strings = {"", "/", "s3://", "bucket/../other", "../x", "bucket//folder"})
  void aBucketPathThatIsNoneIsRefused(String bucketPath) {
    assertThatThrownBy(() -> S3.builder().bucketPath(bucketPath).build())
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }

  @Test
  void keysComeInPairs() {
    Secret secret = Secret.of(CANARY);

    assertThatThrownBy(() -> S3.builder().bucketPath("b").awsAccessKeyId(secret).build())
        .hasMessageContaining("belong together");
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
  void secretsAreNotShown() {
    S3 storage = withKeys(S3.builder().bucketPath("bucket")).build();

    assertThat(storage.toString()).contains("bucket").doesNotContain(CANARY);
    assertThat(storage.toBuilder().build()).isEqualTo(storage);
    assertThat(storage.awsSecretAccessKey()).map(Secret::reveal).hasValue(CANARY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:9000", "ftp://host", "http://", "no url"})
  void anEndpointThatIsNoneIsRefused(String endpoint) {
    refused(
        withKeys(S3.builder().bucketPath("bucket").endpointUrl(endpoint)).build(),
        Code.INVALID,
        endpoint);
  }

  @Test
  void aMissingBucketIsNamed() {
    String bucket = "sheave-has-no-such-bucket";
    refused(
        S3Service.block().bucketPath(bucket + "/flows").build(),
        Code.NOT_FOUND,
        "The bucket '" + bucket + "' does not exist");
  }

  @Test
  void aWrongSecretIsSaidWithoutShowingIt() {
    refused(
        S3Service.block().awsSecretAccessKey(Secret.of(CANARY)).build(),
        Code.PERMISSION_DENIED,
        "aws_secret_access_key");
  }

  @Test
  void anUnknownKeyIsSaid() {
    refused(
        S3Service.block().awsAccessKeyId(Secret.of(CANARY)).build(),
        Code.PERMISSION_DENIED,
        "s3://" + S3Service.bucket());
  }

  @Test
  void anEndpointThatIsDownIsSaid() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    String endpoint = "http://127.0.0.1:" + free;
    refused(
        withKeys(S3.builder().bucketPath("bucket").endpointUrl(endpoint)).build(),
        Code.UNAVAILABLE,
        "nothing answers at " + endpoint);
  }

  @Test
  void aHostThatIsNotKnownIsSaid() {
    String endpoint = "http://no-such-host.invalid:9000";
    refused(
        withKeys(S3.builder().bucketPath("bucket").endpointUrl(endpoint)).build(),
        Code.UNAVAILABLE,
        endpoint);
  }

  @Test
  void aServerWithoutTlsIsSaid() {
    S3 plain = S3Service.block().build();
    String endpoint = plain.endpointUrl().orElseThrow().replace("http://", "https://");
    refused(plain.toBuilder().endpointUrl(endpoint).build(), Code.UNAVAILABLE, "TLS");
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
    return builder.awsAccessKeyId(Secret.of("id-" + CANARY)).awsSecretAccessKey(Secret.of(CANARY));
  }

  /** Each operation says it, with the place, the cause and no secret, and a put writes nothing. */
  private void refused(S3 storage, Code code, String message) {
    FileTree tree;
    try {
      Files.writeString(temporary.resolve("a"), "1");
      tree = FileTree.of(temporary, IgnoreRules.NONE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Path target = temporary.resolve("target");
    isRefused(
        () -> storage.putDirectory(tree, RelativePath.ROOT, TransferOptions.DEFAULTS),
        code,
        message);
    isRefused(
        () -> storage.getDirectory(RelativePath.ROOT, target, TransferOptions.DEFAULTS),
        code,
        message);
    isRefused(() -> storage.readPath("a"), code, message);
    isRefused(() -> storage.writePath("a", "1".getBytes(UTF_8)), code, message);
    assertThat(target).doesNotExist();
  }

  private static void isRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Code code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SheaveException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage()).contains(message);
              StringWriter trace = new StringWriter();
              e.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString().replace("id-" + CANARY, "")).doesNotContain(CANARY);
            });
  }
}
