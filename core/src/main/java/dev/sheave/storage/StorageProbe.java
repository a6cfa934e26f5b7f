package dev.sheave.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.StorageCheck.Operation;
import dev.sheave.storage.StorageCheck.Outcome;
import dev.sheave.storage.StorageCheck.Step;
import dev.sheave.storage.internal.BrokenRead;
import dev.sheave.storage.internal.TemporaryFolder;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.transfer.ObjectSource;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tries the operations of a storage with a file of its own, which is removed afterwards. Should it
 * stay, its reserved name keeps it out of all transfers. Not safe for use by several threads.
 */
final class StorageProbe {
  private final ObjectSource store;
  private final RelativePath folder = RelativePath.of(".sheave-check-" + UUID.randomUUID());

  /** In no folder of its own: some stores keep those when they are empty. */
  private final RelativePath probe = RelativePath.of(folder + ".txt");

  private final byte[] content = ("Sheave was here: " + folder).getBytes(UTF_8);
  private final List<Step> steps = new ArrayList<>();

  StorageProbe(ObjectSource store) {
    this.store = store;
  }

  /** Checks a storage that only supports downloads of directory trees. */
  static StorageCheck ofReadable(ReadableStorage storage) {
    String location = storage.location(RelativePath.ROOT);
    SheaveException error =
        attempt(
            () -> {
              try (TemporaryFolder folder = TemporaryFolder.make("sheave-check-")) {
                storage.getDirectory(RelativePath.ROOT, folder.path(), TransferOptions.DEFAULTS);
              }
            });
    return error == null
        ? new StorageCheck(
            location, List.of(step(Operation.CONNECT, null), step(Operation.READ, null)))
        : unreached(location, error, List.of(Operation.READ));
  }

  /** Nothing shows that the storage takes the block's credentials, or has what it names. */
  private static StorageCheck unreached(
      String location, SheaveException reason, List<Operation> others) {
    List<Step> steps = new ArrayList<>();
    steps.add(step(Operation.CONNECT, reason));
    others.forEach(other -> steps.add(new Step(other, Outcome.NOT_TRIED, null)));
    return new StorageCheck(location, steps);
  }

  StorageCheck run() {
    ObjectStore target = store instanceof ObjectStore other ? other : null;
    boolean writable = target != null;
    // some that can only be read have no listing of a folder that isn't there
    RelativePath listed = writable ? folder : RelativePath.ROOT;
    Bounds.Entries entries = Bounds.entries(store.location());
    SheaveException listing =
        attempt(() -> store.list(listed, object -> entries.add(object.name())));
    boolean denied = listing != null && listing.code() == Code.PERMISSION_DENIED;
    List<Operation> others =
        writable
            ? List.of(Operation.LIST, Operation.WRITE, Operation.READ, Operation.DELETE)
            : List.of(Operation.LIST, Operation.READ);
    if (listing != null && !denied) {
      return unreached(store.location(), listing, others);
    }
    steps.add(step(Operation.CONNECT, null));
    steps.add(step(Operation.LIST, listing));
    if (target != null) {
      write(target, denied);
    } else {
      steps.add(readNothing(denied));
    }
    boolean anythingWorks =
        steps.stream()
            .anyMatch(
                step -> step.operation() != Operation.CONNECT && step.outcome() == Outcome.OK);
    return listing == null || anythingWorks
        ? new StorageCheck(store.location(), steps)
        : unreached(store.location(), listing, others);
  }

  private void write(ObjectStore target, boolean listingDenied) {
    SheaveException writing =
        attempt(
            () -> target.put(probe, ObjectStore.Content.of(content), ObjectStore.Condition.NONE));
    steps.add(step(Operation.WRITE, writing));
    if (writing == null) {
      steps.add(step(Operation.READ, attempt(this::read)));
      steps.add(step(Operation.DELETE, attempt(() -> delete(target))));
    } else {
      steps.add(readNothing(listingDenied));
      steps.add(new Step(Operation.DELETE, Outcome.NOT_TRIED, null));
    }
  }

  private void read() {
    byte[] found;
    try (InputStream in = store.get(probe)) {
      found = in.readAllBytes();
    } catch (IOException e) {
      throw BrokenRead.error(store.location() + "/" + probe, e);
    }
    if (!Arrays.equals(found, content)) {
      throw new SheaveException(
          Code.CONFLICT,
          "'" + store.location() + "/" + probe + "' doesn't contain what was written to it.");
    }
  }

  private void delete(ObjectStore target) {
    try {
      target.delete(List.of(probe));
    } catch (SheaveException e) {
      throw new SheaveException(
          e.code(), e.getMessage() + " The file '" + probe + "' was left behind.", e);
    }
  }

  /**
   * Tries to read although nothing was written: the store answers NOT_FOUND to a user who may read.
   * Some stores do so only for users who may also list.
   */
  private Step readNothing(boolean listingDenied) {
    SheaveException error =
        attempt(
            () -> {
              try (InputStream in = store.get(probe)) {
                in.readNBytes(1);
              } catch (IOException e) {
                throw BrokenRead.error(store.location() + "/" + probe, e);
              }
            });
    if (error == null || error.code() == Code.NOT_FOUND) {
      return step(Operation.READ, null);
    }
    return listingDenied
        ? new Step(Operation.READ, Outcome.NOT_TRIED, null)
        : step(Operation.READ, error);
  }

  private static Step step(Operation operation, @Nullable SheaveException error) {
    return new Step(operation, error == null ? Outcome.OK : Outcome.FAILED, error);
  }

  private static @Nullable SheaveException attempt(Runnable what) {
    try {
      what.run();
      return null;
    } catch (SheaveException e) {
      if (e.code() == Code.INTERRUPTED) {
        throw e;
      }
      return e;
    }
  }
}
