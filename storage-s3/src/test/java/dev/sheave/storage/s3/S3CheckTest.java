package dev.sheave.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.StorageCheck;
import dev.sheave.storage.StorageCheck.Outcome;
import dev.sheave.storage.StorageCheck.Step;
import org.junit.jupiter.api.Test;

/** What a check finds out where something is wrong. */
class S3CheckTest {
  @Test
  void wrongKeysAndAMissingBucketAreToldApart() {
    StorageCheck keys =
        S3Service.block().awsSecretAccessKey(Secret.of("canary-8f3a")).build().check();
    assertThat(keys.steps())
        .filteredOn(step -> step.error() != null)
        .isNotEmpty()
        .allSatisfy(step -> assertThat(step.error()).hasMessageNotContaining("canary"));
    assertThatThrownBy(keys::orThrow)
        .hasMessageContaining("doesn't let you connect")
        .extracting("code")
        .isEqualTo(Code.PERMISSION_DENIED);

    StorageCheck bucket = S3Service.block().bucketPath("no-such-bucket-here").build().check();
    assertThat(bucket.steps())
        .extracting(Step::outcome)
        .containsExactly(
            Outcome.FAILED,
            Outcome.NOT_TRIED,
            Outcome.NOT_TRIED,
            Outcome.NOT_TRIED,
            Outcome.NOT_TRIED);
    assertThatThrownBy(bucket::orThrow).extracting("code").isEqualTo(Code.NOT_FOUND);
  }
}
