package dev.sheave.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.testkit.storage.FaultyObjectStore;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Connections that are reset while something is read. */
class BrokenReadTest extends TransferTest {
  private static final RelativePath MANIFEST = PLACE.resolve(ReservedNames.MANIFEST);
  private static final long SOME_BYTES = 5;

  private final FaultyObjectStore faulty = new FaultyObjectStore(store);
  private final DirectoryTransfer broken = new DirectoryTransfer(faulty);

  private void refused(ThrowingCallable call, String object) {
    Refusal.of(call, Code.UNAVAILABLE, "'" + store.location() + "/" + object)
        .says("could not be read to its end: Connection reset.")
        .hasCause();
  }

  @Test
  void aFile() {
    put(OLD);
    faulty.breakOff(PLACE.resolve("changed")::equals, 1);
    refused(() -> broken.get(PLACE, temporary.resolve("target"), IMPATIENT), PLACE + "/changed");

    assertThat(temporary.resolve("target")).isEmptyDirectory();
  }

  @Test
  void theManifest() {
    put(OLD);
    faulty.breakOff(MANIFEST::equals, SOME_BYTES);
    refused(() -> broken.get(PLACE, temporary.resolve("target"), IMPATIENT), MANIFEST.toString());
    refused(() -> broken.put(tree("new", NEW), PLACE, IMPATIENT), MANIFEST.toString());

    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(OLD);
  }

  @Test
  void theManifestThatWasWrittenTwice() {
    faulty.repeat(MANIFEST::equals);
    faulty.breakOff(MANIFEST::equals, SOME_BYTES);
    refused(() -> broken.put(tree("new", NEW), PLACE, IMPATIENT), MANIFEST.toString());

    faulty.heal();
    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(NEW);
  }

  @Test
  void theMarkerOfAPutThatDied() {
    RelativePath marker = PLACE.resolve(".sheave-put-1.json");
    store.write(marker.toString(), "{\"files\":[\"left\",\"over\"]}".getBytes(UTF_8));
    store.write(PLACE + "/left", "by the dead".getBytes(UTF_8));
    faulty.breakOff(marker::equals, SOME_BYTES);
    refused(() -> broken.put(tree("new", NEW), PLACE, IMPATIENT), marker.toString());

    faulty.heal();
    broken.put(tree("again", NEW), PLACE, IMPATIENT);
    assertThat(store.names()).doesNotContain(PLACE + "/left");
  }

  @Test
  void aBundle() {
    TransferOptions bundled = IMPATIENT.withLayout(TransferOptions.Layout.BUNDLE);
    broken.put(tree("old", OLD), PLACE, bundled);
    faulty.breakOff(key -> key.toString().contains(ReservedNames.BUNDLE_PREFIX), SOME_BYTES);
    refused(
        () -> broken.get(PLACE, temporary.resolve("target"), IMPATIENT),
        PLACE + "/" + ReservedNames.BUNDLE_PREFIX);
  }
}
