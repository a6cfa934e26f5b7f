package dev.sheave.storage.azure;

import com.azure.core.util.BinaryData;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.backend.BucketLocation;
import dev.sheave.testkit.storage.StrangeNamesContract;
import org.assertj.core.api.Assumptions;

class AzureStrangeNamesTest extends StrangeNamesContract {
  private final Azure block = AzureService.block().build();

  @Override
  protected ObjectStorage storage() {
    return block;
  }

  @Override
  protected void write(String name, byte[] content) {
    Assumptions.assumeThat(name).as("Azurite can't list it").doesNotContain("\u0003");
    BucketLocation place = Azure.place(block.bucketPath());
    AzureClients.of(AzureService.account())
        .getBlobContainerAsyncClient(place.bucket())
        .getBlobAsyncClient(place.folder() + "/" + name)
        .upload(BinaryData.fromBytes(content), true)
        .block();
  }
}
