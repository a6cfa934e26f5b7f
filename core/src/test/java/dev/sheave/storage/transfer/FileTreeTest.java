package dev.sheave.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
  @TempDir Path temporary;
  private Path directory = Path.of(".");

  @BeforeEach
  void writeFiles() throws IOException {
    directory = Files.createDirectories(temporary.resolve("directory"));
    Files.createDirectories(directory.resolve("sub"));
    Files.writeString(directory.resolve("a"), "1");
    Files.writeString(directory.resolve("sub/b"), "2");
  }

  @Test
  void allFilesAreInItByTheirPaths() {
    assertThat(names(FileTree.of(directory, IgnoreRules.NONE))).containsExactly("a", "sub/b");
  }

  @Test
  void whatIsIgnoredIsCountedButNotIgnoreFilesNorSheavesOwn() throws IOException {
    Files.writeString(directory.resolve(".sheaveignore"), "a\nsub/\n");
    Files.writeString(directory.resolve(".sheave-manifest.json"), "{}");
    FileTree tree = FileTree.of(directory, IgnoreRules.in(directory));

    assertThat(names(tree)).isEmpty();
    assertThat(tree.ignored()).isEqualTo(2);
  }

  @Test
  void aHomeOfSheaveIsNoPartOfIt() throws IOException {
    Files.createDirectories(directory.resolve(".sheave/cache"));
    Files.writeString(directory.resolve(".sheave/encryption.key"), "key");
    FileTree tree = FileTree.of(directory, IgnoreRules.NONE);

    assertThat(names(tree)).containsExactly("a", "sub/b");
    assertThat(tree.ignored()).isZero();
  }

  @Test
  void linksWithinAreFollowed() throws IOException {
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("a"));
    Files.createSymbolicLink(directory.resolve("folder"), Path.of("sub"));

    assertThat(names(FileTree.of(directory, IgnoreRules.NONE)))
        .containsExactly("a", "folder/b", "link", "sub/b");
  }

  @Test
  void aLinkThatLeadsOutIsRefusedUnlessItIsIgnored() throws IOException {
    Files.writeString(temporary.resolve("outside"), "secret");
    Files.createSymbolicLink(directory.resolve("link"), temporary.resolve("outside"));

    refused("points outside", IgnoreRules.NONE);
    assertThat(names(FileTree.of(directory, IgnoreRules.of("link")))).containsExactly("a", "sub/b");
  }

  @Test
  void aLinkThatLeadsInACircleIsRefused() throws IOException {
    Files.createSymbolicLink(directory.resolve("sub/link"), directory);
    refused("forms a loop", IgnoreRules.NONE);

    Files.delete(directory.resolve("sub/link"));
    Files.createSymbolicLink(directory.resolve("link"), Path.of("link"));
    refused("forms a loop", IgnoreRules.NONE);
  }

  @Test
  void aLinkThatLeadsNowhereIsRefused() throws IOException {
    Files.createSymbolicLink(directory.resolve("link"), Path.of("missing"));
    refused("is broken", IgnoreRules.NONE);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aNameThatCanNotBeAPathIsRefusedWithWhereItLies() throws IOException {
    Path evil = Files.writeString(directory.resolve("sub/..\\evil"), "1");

    assertThatThrownBy(() -> FileTree.of(directory, IgnoreRules.NONE))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessage(
            "'%s' has names that can't be uploaded: 'sub/%s' (it contains a backslash): rename or"
                + " ignore them.",
            directory, evil.getFileName());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void allNamesThatCanNotBePathsAreSaidAtOnce() throws IOException {
    Files.createDirectory(directory.resolve("b\\folder"));
    Files.writeString(directory.resolve("b\\folder/inside\\it"), "1");
    Files.writeString(directory.resolve("sub/c\td"), "1");
    for (int i = 0; i < 60; i++) {
      Files.writeString(directory.resolve("z\\" + i), "1");
    }

    assertThatThrownBy(() -> FileTree.of(directory, IgnoreRules.NONE))
        .hasMessageContainingAll(
            "'b\\folder' (it contains a backslash), 'sub/c\\u0009d' (it contains a control"
                + " character), 'z\\0' (it contains a backslash)",
            " and 12 others: rename or ignore them.")
        .hasMessageNotContaining("inside");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aNameThatIsNotTextIsSaid() throws Exception {
    String printf = "printf 1 > \"$0/$(printf 'caf\\351')\"";
    Process shell = new ProcessBuilder("sh", "-c", printf, directory.toString()).start();
    assertThat(shell.waitFor()).isZero();

    assertThatThrownBy(() -> FileTree.of(directory, IgnoreRules.NONE))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("'caf\uFFFD' (its bytes aren't text in ")
        .hasMessageEndingWith("): rename or ignore them.");
    assertThat(names(FileTree.of(directory, IgnoreRules.of("caf*")))).containsExactly("a", "sub/b");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aNameWithALineBreakIsRefusedInOneLine() throws IOException {
    Files.writeString(directory.resolve("two\nlines"), "1");

    assertThatThrownBy(() -> FileTree.of(directory, IgnoreRules.NONE))
        .hasMessageContaining("'two\\u000alines' (it contains a control character)");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatIsIgnoredMayHaveAnyNameAndNeedNotBeReadable() throws IOException {
    Files.writeString(directory.resolve("back\\slash"), "1");
    Files.writeString(directory.resolve("new\nline.tmp"), "1");
    Files.createDirectories(directory.resolve("odd\\folder/in"));
    Path closed = Files.createDirectories(directory.resolve("closed/in")).getParent();
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    Files.createSymbolicLink(directory.resolve("out.tmp"), temporary);
    IgnoreRules rules = IgnoreRules.of("back*\n*.tmp\nodd*/\nclosed/\n");
    FileTree tree = FileTree.of(directory, rules);
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));

    assertThat(names(tree)).containsExactly("a", "sub/b");
    assertThat(tree.ignored()).isEqualTo(5);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSocketIsNoFile() throws IOException {
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(directory.resolve("back\\socket")));

      assertThat(names(FileTree.of(directory, IgnoreRules.NONE))).containsExactly("a", "sub/b");
    }
  }

  @Test
  void aDirectoryInWhichADownloadWasKilledIsRefused() throws IOException {
    Path marker = DownloadMarker.create(directory.resolve("sub"), "s3://bucket/flows");

    assertThatThrownBy(() -> FileTree.of(directory, IgnoreRules.NONE))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT))
        .hasMessage(
            "A download into '"
                + directory.resolve("sub")
                + "' was interrupted: download the files again, or remove '"
                + marker
                + "' if they are right.");
    assertThat(names(FileTree.of(directory, IgnoreRules.of("sub/")))).containsExactly("a");
  }

  private void refused(String why, IgnoreRules rules) {
    assertThatThrownBy(() -> FileTree.of(directory, rules))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("link'")
        .hasMessageContaining(why);
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> FileTree.of(directory.resolve("missing"), IgnoreRules.NONE))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
        .hasMessageContaining("missing");
    assertThatThrownBy(() -> FileTree.of(directory.resolve("a"), IgnoreRules.NONE))
        .hasMessageContaining("is not a directory");
  }

  @Test
  void aTreeMayComeFromSeveralPlacesButNotTwoFilesForOnePath() {
    FileTree tree =
        FileTree.builder()
            .addDirectory(RelativePath.of("classes"), directory, IgnoreRules.NONE)
            .add(RelativePath.of("lib/a.jar"), directory.resolve("a"))
            .build();
    assertThat(names(tree)).containsExactly("classes/a", "classes/sub/b", "lib/a.jar");

    assertThatThrownBy(
            () ->
                FileTree.builder()
                    .add(RelativePath.of("x"), directory.resolve("a"))
                    .add(RelativePath.of("x"), directory.resolve("sub/b")))
        .hasMessageContaining("'x'");
    assertThatThrownBy(
            () ->
                FileTree.builder()
                    .add(RelativePath.of("sub/.sheave-manifest.json"), directory.resolve("a")))
        .hasMessageContaining("reserved for Sheave");
  }

  private static List<String> names(FileTree tree) {
    return tree.files().keySet().stream().map(RelativePath::toString).toList();
  }
}
