package dev.sheave.storage.s3;

import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.backend.BucketLocation;
import dev.sheave.testkit.storage.StrangeNamesContract;
import org.assertj.core.api.Assumptions;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3StrangeNamesTest extends StrangeNamesContract {
  private final S3 block = S3Service.block().build();

  @Override
  protected ObjectStorage storage() {
    return block;
  }

  @Override
  protected void write(String name, byte[] content) {
    BucketLocation place = S3.place(block.bucketPath());
    try {
      S3Service.client()
          .putObject(
              request -> request.bucket(place.bucket()).key(place.folder() + "/" + name),
              RequestBody.fromBytes(content));
    } catch (S3Exception e) {
      // the server doesn't allow it, since it keeps objects as files
      Assumptions.assumeThat(e).isNull();
    }
  }
}
