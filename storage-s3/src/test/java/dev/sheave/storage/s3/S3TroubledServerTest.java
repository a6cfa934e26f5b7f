package dev.sheave.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.TroubledServer;
import dev.sheave.testkit.storage.TroubledServerContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3TroubledServerTest extends TroubledServerContract {
  @TempDir Path temporary;

  @Override
  protected S3 openStorage(String url, String secret) {
    return S3.builder()
        .bucketPath("bucket/flows")
        .endpointUrl(url)
        .awsAccessKeyId(Secret.of("AKIAIOSFODNN7EXAMPLE"))
        .awsSecretAccessKey(Secret.of(secret))
        .awsSessionToken(Secret.of("token-" + secret))
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "400,ExpiredToken,PERMISSION_DENIED,session token has expired",
    "403,ExpiredToken,PERMISSION_DENIED,session token has expired",
    "400,InvalidToken,PERMISSION_DENIED,session token has expired",
    "403,InvalidAccessKeyId,PERMISSION_DENIED,aws_access_key_id",
    "403,RequestTimeTooSkewed,PERMISSION_DENIED,clock",
    "503,SlowDown,UNAVAILABLE,is throttling requests",
    "301,PermanentRedirect,INVALID,region_name",
  })
  void whatAwsAnswersIsTranslated(int status, String answer, Code code, String message)
      throws IOException {
    String body =
        "<Error><Code>" + answer + "</Code><Message>No.</Message><Token>canary</Token></Error>";
    try (TroubledServer server =
        TroubledServer.answering(status, Map.of("Content-Type", "application/xml"), body)) {
      S3 storage = openStorage(server.url(), "canary8f3a");
      assertThatThrownBy(() -> storage.readPath("a"))
          .isInstanceOfSatisfying(SheaveException.class, e -> assertThat(e.code()).isEqualTo(code))
          .hasMessageContaining(message)
          .hasMessageNotContaining("canary")
          .hasMessageMatching("[^\n]*[^.][.]");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html><body>Please log in</body></html>",
        "<!DOCTYPE html><html><head><meta charset=utf-8><body>Please log in<br>",
        "{}",
        ""
      })
  void whatIsNotS3IsSaid(String body) throws IOException {
    try (TroubledServer server =
        TroubledServer.answering(200, Map.of("Content-Type", "text/html"), body)) {
      Refusal.ofEach(
          openStorage(server.url(), Refusal.CANARY),
          temporary,
          Code.UNAVAILABLE,
          server.url() + " didn't answer as an S3 server: check endpoint_url");
    }
  }

  @ParameterizedTest
  @CsvSource({"301", "307"})
  void aRedirectIsNotTakenForAnotherRegion(int status) throws IOException {
    Map<String, String> elsewhere = Map.of("Location", "http://127.0.0.1:9/a");
    try (TroubledServer server = TroubledServer.answering(status, elsewhere, "")) {
      Refusal.of(
          () -> openStorage(server.url(), Refusal.CANARY).readPath("a"),
          Code.INVALID,
          server.url() + " redirects to another server: check endpoint_url");
    }
  }
}
