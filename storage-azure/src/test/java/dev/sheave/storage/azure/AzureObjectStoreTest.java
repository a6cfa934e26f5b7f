package dev.sheave.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerAsyncClient;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.testkit.storage.ObjectStoreContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

class AzureObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return AzureService.block().build().openStore();
  }

  @Override
  protected int largeObjectBytes() {
    return (int) AzureObjectStore.BLOCKS_ABOVE_BYTES + 1;
  }

  @Test
  void listingsAreReadPageByPage() {
    Azure block = AzureService.block().build();
    for (int i = 0; i < 7; i++) {
      block.writePath("flows/" + i, new byte[0]);
    }
    List<String> names = new ArrayList<>();
    try (ObjectStore store =
        new AzureObjectStore(AzureService.account(), Azure.place(block.bucketPath()), 3)) {
      store.list(RelativePath.of("flows"), object -> names.add(object.name()));
    }

    assertThat(names).hasSize(7).doesNotHaveDuplicates().contains("flows/0", "flows/6");
  }

  @ParameterizedTest
  @CsvSource({"hdi_isfolder,true", "Hdi_isfolder,true", "HDI_IsFolder,True", "hdi_isfolder,TRUE"})
  void directoriesOfAHierarchicalNamespaceAreNoObjects(String mark, String value) {
    Azure block = AzureService.block().build();
    BlobContainerAsyncClient container =
        AzureClients.of(AzureService.account())
            .getBlobContainerAsyncClient(AzureService.container());
    String directory =
        block.location(RelativePath.of("flows")).substring("az://".length()).split("/", 2)[1];
    container
        .getBlobAsyncClient(directory)
        .getBlockBlobAsyncClient()
        .uploadWithResponse(Flux.empty(), 0, null, Map.of(mark, value), null, null, null)
        .block();
    block.writePath("flows/a", new byte[] {1});

    List<String> names = new ArrayList<>();
    try (ObjectStore store = block.openStore()) {
      store.list(RelativePath.ROOT, object -> names.add(object.name()));
    }
    assertThat(names).containsExactly("flows/a");
  }
}
