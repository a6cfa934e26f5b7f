package dev.sheave.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.StorageCheck;
import dev.sheave.storage.StorageCheck.Operation;
import dev.sheave.storage.StorageCheck.Outcome;
import dev.sheave.storage.StorageCheck.Step;
import dev.sheave.storage.transfer.ObjectStore.StoredObject;
import dev.sheave.storage.transfer.RelativePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a check finds out, and single files. */
class S3CheckTest {
  @TempDir Path temporary;

  @Test
  void aBucketThatMayBeUsedPassesAndNothingStaysBehind() {
    S3 storage = S3Service.block().build();

    StorageCheck check = storage.check();

    assertThat(check.steps()).extracting(Step::operation).containsExactly(Operation.values());
    assertThat(check.steps()).extracting(Step::outcome).containsOnly(Outcome.OK);
    assertThat(check.passed()).isTrue();
    check.orThrow();
    List<StoredObject> left = new ArrayList<>();
    try (var store = storage.openStore()) {
      store.list(RelativePath.ROOT, left::add);
    }
    assertThat(left).isEmpty();
  }

  @Test
  void wrongKeysAndAMissingBucketAreToldApart() {
    StorageCheck keys =
        S3Service.block().awsSecretAccessKey(Secret.of("canary-8f3a")).build().check();
    assertThat(keys.steps())
        .filteredOn(step -> step.error() != null)
        .isNotEmpty()
        .allSatisfy(step -> assertThat(step.error()).hasMessageNotContaining("canary"));
    assertThatThrownBy(keys::orThrow)
        .hasMessageContaining("doesn't let you list, write")
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

  @Test
  void aSingleFileComesBackAsItWas() throws Exception {
    S3 storage = S3Service.block().build();
    Path file = Files.writeString(temporary.resolve("may.csv"), "1,2", UTF_8);

    storage.putFile(file, RelativePath.of("reports/may.csv"));
    List<StoredObject> found = new ArrayList<>();
    storage.list(RelativePath.of("reports"), found::add);
    storage.getFile(RelativePath.of("reports/may.csv"), temporary.resolve("back.csv"));

    assertThat(found).extracting(StoredObject::name).containsExactly("reports/may.csv");
    assertThat(temporary.resolve("back.csv")).hasContent("1,2");
  }
}
