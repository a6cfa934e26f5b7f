package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.testkit.storage.ObjectStoreContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DavObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return (ObjectStore) WebDavService.block().openStore();
  }

  @Test
  void aFileIsRenamedUnlessItWouldReplaceAnother() {
    try (DavObjectStore store = (DavObjectStore) openEmptyStore()) {
      RelativePath one = RelativePath.of("aside/one");
      RelativePath two = RelativePath.of("folder/two");
      store.put(one, Content.of("1".getBytes(UTF_8)), Condition.NONE);
      store.put(two, Content.of("2".getBytes(UTF_8)), Condition.NONE);

      assertThat(store.rename(one, two, false)).isFalse();
      assertThat(names(store)).containsExactlyInAnyOrder("aside/one", "folder/two");
      assertThat(store.rename(one, RelativePath.of("folder/one"), false)).isTrue();
      assertThat(names(store)).containsExactlyInAnyOrder("folder/one", "folder/two");
    }
  }

  private static List<String> names(ObjectStore store) {
    List<String> names = new ArrayList<>();
    store.list(RelativePath.ROOT, object -> names.add(object.name()));
    return names;
  }
}
