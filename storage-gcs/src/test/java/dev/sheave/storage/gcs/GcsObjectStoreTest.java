package dev.sheave.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.testkit.storage.ObjectStoreContract;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GcsObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return GcsService.block().build().openStore();
  }

  @Override
  protected int largeObjectBytes() {
    return (int) GcsObjectStore.PARTS_ABOVE_BYTES + 1;
  }

  @Test
  void moreIsDeletedThanFitsInARequest() {
    List<RelativePath> paths =
        IntStream.range(0, 101).mapToObj(i -> RelativePath.of("many/" + i)).toList();
    List<String> left = new ArrayList<>();
    try (ObjectStore store = GcsService.block().build().openStore()) {
      paths.forEach(path -> store.put(path, Content.of(new byte[0]), Condition.NONE));
      store.delete(paths.subList(0, 100));
      store.list(RelativePath.ROOT, object -> left.add(object.name()));
      assertThat(left).containsExactly("many/100");

      store.delete(paths);
      left.clear();
      store.list(RelativePath.ROOT, object -> left.add(object.name()));
      assertThat(left).isEmpty();
    }
  }
}
