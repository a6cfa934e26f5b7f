package dev.sheave.storage.azure;

import com.azure.core.util.BinaryData;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.testkit.storage.StrangeNamesContract;

class AzureStrangeNamesTest extends StrangeNamesContract {
  private final Azure block = AzureService.block().build();

  @Override
  protected ObjectStorage storage() {
    return block;
  }

  @Override
  protected void write(String name, byte[] content) {
    AzureLocation place = AzureLocation.parse(block.bucketPath());
    AzureClients.of(AzureService.account())
        .getBlobContainerAsyncClient(place.container())
        .getBlobAsyncClient(place.folder() + "/" + name)
        .upload(BinaryData.fromBytes(content), true)
        .block();
  }
}
