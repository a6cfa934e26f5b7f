package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links on the server: those that lead out of the base path lead nowhere. */
class SftpLinksTest {
  private static final String LEADS_OUT = "points outside of it";

  @TempDir Path temporary;
  private final RemoteFileSystem storage = SftpService.block();
  private final RemoteFileSystem other = SftpService.block();
  private Path folder;
  private Path outside;

  @BeforeEach
  void aLinkThatLeadsOut() throws IOException {
    storage.writePath("folder/a", "1".getBytes(UTF_8));
    other.writePath("sub/secret", "2".getBytes(UTF_8));
    folder = SftpTest.onDisk(storage);
    outside = SftpTest.onDisk(other);
    Files.createSymbolicLink(folder.resolve("outside"), outside);
    Files.createSymbolicLink(folder.resolve("secret"), outside.resolve("sub/secret"));
  }

  @Test
  void linksAreFollowedInsideTheBasePathAlone() throws IOException {
    Files.createSymbolicLink(folder.resolve("inside"), folder.resolve("folder/a"));
    Files.createSymbolicLink(folder.resolve("folder/circle"), folder);
    Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("no such file"));

    storage.getDirectory(RelativePath.ROOT, temporary.resolve("got"), TransferOptions.DEFAULTS);
    assertThat(Trees.read(temporary.resolve("got")))
        .isEqualTo(Map.of("folder/a", "1", "inside", "1"));
  }

  @Test
  void nothingIsReadThroughOneThatLeadsOut() {
    for (String path : List.of("secret", "outside/sub/secret", "outside/sub/missing")) {
      Refusal.of(() -> storage.readPath(path), Code.INVALID, LEADS_OUT);
    }
    for (String path : List.of("outside", "outside/sub")) {
      Refusal.of(
          () ->
              storage.getDirectory(
                  RelativePath.of(path), temporary.resolve("got"), TransferOptions.DEFAULTS),
          Code.INVALID,
          LEADS_OUT);
    }
    assertThat(temporary.resolve("got")).doesNotExist();
  }

  @Test
  void nothingIsWrittenOrDeletedThroughOneThatLeadsOut() {
    FileTree tree =
        FileTree.of(Trees.write(temporary.resolve("source"), Map.of("b", "3")), IgnoreRules.NONE);

    Refusal.of(
        () -> storage.writePath("outside/new/b", new byte[0]), Code.INVALID, "'outside/new'");
    Refusal.of(
        () -> storage.putDirectory(tree, RelativePath.of("outside/new"), TransferOptions.DEFAULTS),
        Code.INVALID,
        LEADS_OUT);
    try (ObjectStore store = (ObjectStore) storage.openStore()) {
      Refusal.of(
          () -> store.delete(List.of(RelativePath.of("outside/sub/secret"))),
          Code.INVALID,
          LEADS_OUT);
    }
    assertThat(Trees.read(outside)).isEqualTo(Map.of("sub/secret", "2"));
  }

  @Test
  void aFileThatIsALinkIsReplacedAndNotWrittenThrough() {
    storage.writePath("secret", "mine".getBytes(UTF_8));

    assertThat(storage.readPath("secret")).asString(UTF_8).isEqualTo("mine");
    assertThat(Trees.read(outside)).isEqualTo(Map.of("sub/secret", "2"));
  }
}
