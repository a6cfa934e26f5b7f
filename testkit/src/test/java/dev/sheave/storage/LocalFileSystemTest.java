package dev.sheave.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileSystemTest {
  @TempDir Path temporary;

  @Test
  void theCurrentDirectoryIsTheDefault() {
    LocalFileSystem storage = LocalFileSystem.builder().build();

    assertThat(storage.basepath()).isEmpty();
    assertThat(storage.location(RelativePath.of("a/b")))
        .isEqualTo(Path.of("a/b").toAbsolutePath().toString());
  }

  @Test
  void aTildeIsTheHome() {
    Path home = Path.of(System.getenv().getOrDefault("HOME", System.getProperty("user.home")));

    assertThat(at("~").location(RelativePath.ROOT)).isEqualTo(home.toString());
    assertThat(at("~/flows/").location(RelativePath.of("/x/")))
        .isEqualTo(home.resolve("flows/x").toString());
    assertThat(at("/tmp/~/x").location(RelativePath.ROOT)).isEqualTo("/tmp/~/x");
  }

  @Test
  void equalityIsByValues() {
    assertThat(at("/a")).isEqualTo(at("/a")).isNotEqualTo(at("/b")).hasSameHashCodeAs(at("/a"));
    assertThat(at("/a").toBuilder().build()).isEqualTo(at("/a"));
    assertThat(at("/a").slug()).isEqualTo("local-file-system");
  }

  @Test
  void aDirectoryInWhichADownloadWasKilledIsNotFetched() {
    Trees.write(temporary.resolve("code"), Map.of("a", "1", ".sheave-get-1", ""));

    Refusal.of(
            () ->
                at(temporary.resolve("code").toString())
                    .getDirectory(
                        RelativePath.ROOT, temporary.resolve("run"), TransferOptions.DEFAULTS),
            Code.CONFLICT,
            "A download into '" + temporary.resolve("code") + "' was interrupted")
        .says(".sheave-get-1");
  }

  @Test
  void namesThatCanNotBeUsedAreLeftOutUnlessTheyAreIgnored() {
    Path code = temporary.resolve("code");
    Trees.write(
        code, Map.of("a", "1", "b\\c", "2", "ignored\\d", "3", ".sheaveignore", "ignored*"));
    Warnings warnings = new Warnings();
    at(code.toString())
        .getDirectory(RelativePath.ROOT, temporary.resolve("run"), warnings.options());

    assertThat(Trees.read(temporary.resolve("run"))).isEqualTo(Map.of("a", "1"));
    assertThat(warnings.all()).singleElement().asString().endsWith("left out: 'b\\c'.");
  }

  /** Such as the log of an agent that was started in the folder of its flows. */
  @Test
  void aFileThatGrowsMeanwhileIsFetchedWithWhatWasAdded() {
    Path code = temporary.resolve("code");
    Trees.write(code, Map.of("agent.log", "1\n"));
    TransferListener growing =
        new TransferListener() {
          @Override
          public void planned(int files, long bytes) {
            Trees.write(code, Map.of("agent.log", "1\n2\n"));
          }
        };

    at(code.toString())
        .getDirectory(
            RelativePath.ROOT,
            temporary.resolve("run"),
            TransferOptions.DEFAULTS.withListener(growing));

    assertThat(Trees.read(temporary.resolve("run"))).isEqualTo(Map.of("agent.log", "1\n2\n"));
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    LocalFileSystem storage = at(temporary.toString());
    storage.writePath("folder/file", "1".getBytes(UTF_8));

    assertThatThrownBy(() -> storage.readPath("missing"))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
        .hasMessage("'" + temporary.resolve("missing") + "' doesn't exist.");
    assertThatThrownBy(() -> storage.readPath("folder"))
        .hasMessage("'" + temporary.resolve("folder") + "' isn't a file.");
    assertThatThrownBy(() -> storage.writePath("folder", new byte[0]))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining(
            "'" + temporary.resolve("folder") + "' already exists and isn't a file");
    assertThatThrownBy(() -> storage.writePath("folder/file/below", new byte[0]))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("'" + temporary.resolve("folder/file") + "' is not a directory");
    assertThatThrownBy(() -> storage.writePath("", new byte[0]))
        .hasMessageContaining("isn't a file");
  }

  @Test
  void aDirectoryThatIsNotThereHasNothing() {
    LocalFileSystem storage = at(temporary.resolve("missing").toString());

    assertThatThrownBy(
            () ->
                storage.getDirectory(
                    RelativePath.ROOT, temporary.resolve("target"), TransferOptions.DEFAULTS))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
        .hasMessageContaining("Nothing was found at '" + temporary.resolve("missing") + "'");
  }

  @Test
  void aLinkThatLeadsOutIsNeitherReadNorWrittenThrough() throws IOException {
    Path outside = Trees.write(temporary.resolve("outside"), Map.of("secret", "s"));
    Path base = Trees.write(temporary.resolve("base"), Map.of("a", "1"));
    Files.createSymbolicLink(base.resolve("folder"), outside);
    Files.createSymbolicLink(base.resolve("file"), outside.resolve("secret"));
    Files.createSymbolicLink(base.resolve("inside"), base.resolve("a"));
    Files.createSymbolicLink(base.resolve("circle"), base);
    LocalFileSystem storage = at(base.toString());

    assertThatThrownBy(() -> storage.readPath("folder/secret"))
        .hasMessageContaining("points outside");
    assertThatThrownBy(() -> storage.readPath("file")).hasMessageContaining("points outside");
    assertThatThrownBy(() -> storage.writePath("folder/new", new byte[0]))
        .hasMessageContaining("points outside");
    storage.getDirectory(RelativePath.ROOT, temporary.resolve("target"), TransferOptions.DEFAULTS);
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(Map.of("a", "1", "inside", "1"));
    assertThat(Trees.read(outside)).isEqualTo(Map.of("secret", "s"));
  }

  @Test
  void aDirectoryOfTheUsersOwnIsFetchedWithoutWhatAnUploadWouldIgnore() {
    Path base =
        Trees.write(
            temporary.resolve("project"),
            Map.of(
                "Flow.java",
                "1",
                ".git/config",
                "2",
                "target/Flow.class",
                "3",
                "sub/Helper.java",
                "4"));
    at(base.toString())
        .getDirectory(RelativePath.ROOT, temporary.resolve("target"), TransferOptions.DEFAULTS);

    assertThat(Trees.read(temporary.resolve("target")))
        .isEqualTo(Map.of("Flow.java", "1", "sub/Helper.java", "4"));
  }

  @Test
  void aDirectoryIsLeftAloneWhenItIsPutToItselfOrFetchedIntoItself() {
    Map<String, String> files = Map.of("Flow.java", "1", "sub/Helper.java", "4");
    Path base = Trees.write(temporary.resolve("project"), files);
    TransferSummary put =
        at(base.toString())
            .putDirectory(
                FileTree.of(base, IgnoreRules.in(base)),
                RelativePath.ROOT,
                TransferOptions.DEFAULTS);
    TransferSummary got =
        at(base.toString()).getDirectory(RelativePath.ROOT, base, TransferOptions.DEFAULTS);

    assertThat(put.files()).isEqualTo(2);
    assertThat(put.moved()).isZero();
    assertThat(got.files()).isEqualTo(2);
    assertThat(got.moved()).isZero();
    assertThat(got.digest()).isEqualTo(put.digest());
    assertThat(Trees.read(base)).isEqualTo(files);
  }

  @Test
  void aStoreThatLiesInTheDirectoryDoesNotTakeInItself() {
    Path base = Trees.write(temporary.resolve("project"), Map.of("Flow.java", "1", "data/a", "2"));
    LocalFileSystem storage = at(base.resolve("store").toString());
    for (String to : new String[] {"one", "two", "one"}) {
      TransferSummary put =
          storage.putDirectory(
              FileTree.of(base, IgnoreRules.in(base)),
              RelativePath.of(to),
              TransferOptions.DEFAULTS);
      assertThat(put.files()).isEqualTo(2);
    }
    storage.getDirectory(
        RelativePath.of("one"), temporary.resolve("target"), TransferOptions.DEFAULTS);

    assertThat(Trees.read(temporary.resolve("target")))
        .isEqualTo(Map.of("Flow.java", "1", "data/a", "2"));
  }

  @Test
  void foldersThatAPruneLeavesEmptyAreRemoved() {
    Path base = temporary.resolve("base");
    LocalFileSystem storage = at(base.toString());
    for (Map<String, String> files :
        List.of(Map.of("a", "1", "deep/down/b", "2"), Map.of("a", "1"))) {
      Path source = Trees.write(temporary.resolve("source-" + files.size()), files);
      storage.putDirectory(
          FileTree.of(source, IgnoreRules.NONE), RelativePath.of("p"), TransferOptions.DEFAULTS);
    }

    assertThat(base.resolve("p/deep")).doesNotExist();
    assertThat(base.resolve("p/a")).hasContent("1");
  }

  private static LocalFileSystem at(String basepath) {
    return LocalFileSystem.builder().basepath(basepath).build();
  }
}
