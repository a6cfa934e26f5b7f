package dev.sheave.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.WritableStorage;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of storage blocks whose connection is reset in the middle of an object. The error
 * comes soon and with a clear message, and an incomplete object is never taken for a complete one.
 */
@Timeout(300)
public abstract class CutConnectionContract {
  private static final int FILE_BYTES = 6 * 1024 * 1024;
  private static final int CUT_BYTES = 1024 * 1024;
  private static final TransferOptions OPTIONS =
      TransferOptions.DEFAULTS.withTimeout(Duration.ZERO);

  @TempDir private @Nullable Path temporary;
  private Path source = Path.of("");
  private FileTree tree = FileTree.builder().build();

  /** For the backend's test. */
  protected CutConnectionContract() {}

  /** The port of this machine at which the server is. */
  protected abstract int port();

  /**
   * Returns a block at a place that is empty, and the same one for the whole of a test.
   *
   * @param port of this machine, at which the server can be reached
   */
  protected abstract WritableStorage openStorage(int port) throws Exception;

  /** The secret of the block's login, which no error may show. */
  protected abstract String secret();

  @BeforeEach
  final void writeFile() throws IOException {
    Path folder = temporary;
    assertThat(folder).isNotNull();
    source = Files.createDirectories(folder.resolve("source"));
    byte[] bytes = new byte[FILE_BYTES];
    new Random(7).nextBytes(bytes);
    Files.write(source.resolve("large.bin"), bytes);
    tree = FileTree.of(source, IgnoreRules.NONE);
  }

  @Test
  void aGetThatIsCutLeavesNothing() throws Exception {
    openStorage(port()).putDirectory(tree, RelativePath.ROOT, OPTIONS);
    Path target = source.resolveSibling("target");
    try (CutConnection way = new CutConnection(port())) {
      WritableStorage storage = openStorage(way.port());
      way.cutAfterAnswered(CUT_BYTES);
      // one after the other: else the listing may fail first, which is asked for beside the file
      TransferOptions options = OPTIONS.withConcurrency(1);
      Refusal.of(
              () -> storage.getDirectory(RelativePath.ROOT, target, options),
              Code.UNAVAILABLE,
              storage.location(RelativePath.of("large.bin")),
              secret())
          .hasCause();
      assertThat(way.isCut()).isTrue();
    }

    assertThat(target).isEmptyDirectory();
  }

  @Test
  void aPutThatIsCutIsMendedByTheNext() throws Exception {
    try (CutConnection way = new CutConnection(port())) {
      WritableStorage storage = openStorage(way.port());
      way.cutAfterAsked(CUT_BYTES);
      Refusal.of(
              () -> storage.putDirectory(tree, RelativePath.ROOT, OPTIONS),
              Code.UNAVAILABLE,
              storage.location(RelativePath.of("large.bin")),
              secret())
          .hasCause();
      assertThat(way.isCut()).isTrue();
    }
    WritableStorage storage = openStorage(port());
    Path target = source.resolveSibling("target");
    Refusal.of(
        () -> storage.getDirectory(RelativePath.ROOT, target, OPTIONS),
        Code.CONFLICT,
        storage.location(RelativePath.ROOT),
        secret());
    assertThat(target).doesNotExist();

    storage.putDirectory(tree, RelativePath.ROOT, OPTIONS);
    storage.getDirectory(RelativePath.ROOT, target, OPTIONS);
    assertThat(target.resolve("large.bin")).hasSameBinaryContentAs(source.resolve("large.bin"));
  }
}
