package com.example.bucket;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.testkit.block.BlockContract;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class HttpBucketTest extends BlockContract {
  @Override
  protected Block example() {
    return new HttpBucket("https://example.com/bucket", Secret.of("open sesame"));
  }

  @Test
  void aWrongTokenIsToldWithoutItself() {
    String url = BucketServer.bucket().location(RelativePath.ROOT);
    HttpBucket wrong = new HttpBucket(url, Secret.of("guessed token"));

    assertThatThrownBy(() -> wrong.readPath("flow.jar"))
        .isInstanceOfSatisfying(
            SheaveException.class,
            e -> Assertions.assertThat(e.code()).isEqualTo(Code.PERMISSION_DENIED))
        .hasMessageContaining(url)
        .hasMessageNotContaining("guessed");
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    HttpBucket nowhere = new HttpBucket("http://127.0.0.1:1/bucket", Secret.of("any token"));

    assertThatThrownBy(() -> nowhere.readPath("flow.jar"))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> Assertions.assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
        .hasMessageContaining("http://127.0.0.1:1/bucket");
  }
}
