package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import dev.sheave.storage.transfer.ObjectStore.Feature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which names a store takes for the same, and whether a file can have the name of a folder in it.
 * Object stores take all names as they are, but some of their servers keep objects as files. So
 * each store is asked, once, and only if it matters. Safe for use by several threads.
 */
final class StoreNames {
  private final ObjectStore store;
  private @Nullable NameFolding folding;
  private @Nullable Boolean areFiles;

  StoreNames(ObjectStore store) {
    this.store = store;
  }

  /**
   * Whether a file can't have the name of a folder; at most three requests.
   *
   * @param folder where to ask
   */
  synchronized boolean areFiles(RelativePath folder) {
    Boolean known = areFiles;
    if (known == null) {
      known = store.features().contains(Feature.FOLDERS) || !holdsBoth(folder);
      areFiles = known;
    }
    return known;
  }

  private boolean holdsBoth(RelativePath folder) {
    RelativePath file = folder.resolve(ReservedNames.PART_PREFIX + UUID.randomUUID());
    RelativePath below = file.resolve("file");
    put(file);
    try {
      put(below);
      return true;
    } catch (SheaveException e) {
      if (e.code() == Code.INTERRUPTED) {
        throw e;
      }
      return false;
    } finally {
      store.delete(List.of(below, file));
    }
  }

  private void put(RelativePath path) {
    store.put(path, Content.of(new byte[0]), Condition.NONE);
  }

  /**
   * How the store folds names; five requests the first time.
   *
   * @param folder where to ask
   */
  synchronized NameFolding folding(RelativePath folder) {
    NameFolding known = folding;
    if (known == null) {
      try {
        known = NameFolding.of(new Probe(folder));
      } catch (IOException e) {
        throw new UncheckedIOException(e); // of a store's stream that is closed
      }
      folding = known;
    }
    return known;
  }

  private final class Probe implements NameFolding.Place {
    private final RelativePath folder;

    Probe(RelativePath folder) {
      this.folder = folder;
    }

    @Override
    public void create(String name) {
      put(folder.resolve(name));
    }

    @Override
    public boolean exists(String name) throws IOException {
      try (InputStream in = store.get(folder.resolve(name))) {
        return true;
      } catch (SheaveException e) {
        if (e.code() == Code.NOT_FOUND) {
          return false;
        }
        throw e;
      }
    }

    @Override
    public void delete(String name) {
      store.delete(List.of(folder.resolve(name)));
    }
  }
}
