package dev.sheave.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.testkit.storage.TroubledServer;
import dev.sheave.testkit.storage.TroubledServerContract;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3TroubledServerTest extends TroubledServerContract {
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
}
