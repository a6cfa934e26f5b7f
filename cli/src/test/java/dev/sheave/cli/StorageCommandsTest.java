package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storage blocks checked, and files put, listed and got. */
class StorageCommandsTest {
  @TempDir Path folder;
  Shell shell;
  Path store;

  @BeforeEach
  void aStorage() throws IOException {
    shell = new Shell(folder);
    store = folder.resolve("store");
    shell.run("block", "create", "local-file-system", "code", "--set", "basepath=" + store);
  }

  private static long filesIn(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void aStorageIsCheckedAndNothingStaysBehind() throws IOException {
    Result checked = shell.sheave("block check local-file-system/code");
    assertThat(checked.err()).isEmpty();
    assertThat(checked.out())
        .isEqualTo(
            "Checking 'local-file-system/code' at "
                + store
                + "\nOPERATION  RESULT\nconnect    ok\nlist       ok\nwrite      ok\nread       ok\n"
                + "delete     ok\n");
    assertThat(checked.code()).isZero();
    assertThat(filesIn(store)).isZero();
    assertThat(shell.sheave("block check local-file-system/code -o json").jsonObject())
        .containsEntry("passed", true);
  }

  @Test
  void aMissingPermissionIsNamed() throws IOException {
    Files.createDirectories(store);
    Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeThat(Files.isWritable(store)).as("a user to whom permissions apply").isFalse();
    Result checked = shell.sheave("block check local-file-system/code");
    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.out())
        .contains("list       ok", "write      failed", "read       ok", "delete     not tried");
    assertThat(checked.err())
        .startsWith("'" + store + "' doesn't let you write: ")
        .contains("permission denied");
  }

  @Test
  void whatIsNoFolderIsSaid() throws IOException {
    Files.writeString(store, "a file");
    Result checked = shell.sheave("block check local-file-system/code");
    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.out()).contains("write      failed");
    assertThat(checked.err()).startsWith("'" + store + "' doesn't let you ").contains("directory");
    assertThat(checked.err().lines()).hasSize(1);
  }

  @Test
  void foldersArePutListedAndGot() throws IOException {
    shell.write("flows/a.txt", "a");
    shell.write("flows/b/ü c.txt", "bb");

    Result put = shell.sheave("storage put local-file-system/code/x flows");
    assertThat(put.err()).isEmpty();
    assertThat(put.out())
        .isEqualTo("Successfully uploaded 2 files to " + store.resolve("x") + "\n");
    assertThat(shell.sheave("storage put local-file-system/code/x flows").out())
        .startsWith("Successfully uploaded 2 files (2 unchanged)");

    assertThat(shell.sheave("storage ls local-file-system/code").out())
        .containsPattern("1 +\\S.* x/a.txt\n")
        .containsPattern("2 +\\S.* x/b/ü c.txt\n")
        .doesNotContain(".sheave-");
    assertThat(shell.sheave("storage ls local-file-system/code/x/b -o json").jsonList())
        .extracting(file -> file.get("name"), file -> file.get("size"))
        .containsExactly(Assertions.tuple("x/b/ü c.txt", 2));

    Result got = shell.sheave("storage get local-file-system/code/x");
    assertThat(got.out())
        .isEqualTo(
            "Successfully downloaded 2 files from "
                + store.resolve("x")
                + " to '"
                + shell.directory().resolve("x")
                + "'.\n");
    assertThat(shell.directory().resolve("x/b/ü c.txt")).hasContent("bb");
  }

  @Test
  void whatAFolderDoesNotHaveAnyMoreIsPrunedOnRequest() throws IOException {
    shell.write("flows/a.txt", "a");
    shell.write("flows/b.txt", "b");
    shell.sheave("storage put local-file-system/code flows");
    Files.delete(shell.directory().resolve("flows/b.txt"));

    Files.writeString(store.resolve("mine.txt"), "no put wrote this");

    shell.sheave("storage put local-file-system/code flows --prune");
    assertThat(store.resolve("b.txt")).doesNotExist();
    assertThat(store.resolve("a.txt")).exists();
    assertThat(store.resolve("mine.txt")).exists();
  }

  @Test
  void singleFilesArePutAndGot() throws IOException {
    shell.write("may.csv", "1,2");
    assertThat(shell.sheave("storage put local-file-system/code/reports/ may.csv").out())
        .isEqualTo("Successfully uploaded 1 file to " + store.resolve("reports/may.csv") + "\n");
    shell.sheave("storage put local-file-system/code/june.csv may.csv");
    assertThat(store.resolve("june.csv")).hasContent("1,2");

    Files.createDirectories(shell.directory().resolve("into"));
    shell.sheave("storage get local-file-system/code/reports/may.csv into");
    assertThat(shell.directory().resolve("into/may.csv")).hasContent("1,2");
    shell.write("july.csv", "old");
    assertThat(shell.sheave("storage get local-file-system/code/june.csv july.csv").out())
        .startsWith("Successfully downloaded 3 B from " + store.resolve("june.csv"));
    assertThat(shell.directory().resolve("july.csv")).hasContent("1,2");
  }

  @Test
  void whatIsNotThereIsSaidInASentence() {
    Result nothing = shell.sheave("storage get local-file-system/code/x");
    assertThat(nothing.code()).isEqualTo(1);
    assertThat(nothing.err()).isEqualTo("'" + store.resolve("x") + "' doesn't exist.\n");
    assertThat(shell.directory().resolve("x")).doesNotExist();
    assertThat(shell.sheave("storage put local-file-system/code nothing").err())
        .isEqualTo(
            "The file or folder '" + shell.directory().resolve("nothing") + "' doesn't exist.\n");
    assertThat(shell.sheave("storage ls local-file-system/code").err())
        .isEqualTo("There are no files in " + store + ".\n");
    assertThat(shell.sheave("storage ls local-file-system/code/../x").code()).isEqualTo(1);
  }

  @Test
  void whatCanOnlyBeReadIsCheckedAndGotAndNotWrittenTo() throws IOException {
    shell.write("pages/one.txt", "1");
    Path pages = shell.directory().resolve("pages");
    shell.run("block", "create", "handbook", "all", "--set", "shelf=" + pages);

    assertThat(shell.sheave("block check handbook/all").out())
        .endsWith("OPERATION  RESULT\nconnect    ok\nread       ok\n");
    assertThat(shell.sheave("storage get handbook/all copy").err()).isEmpty();
    assertThat(shell.directory().resolve("copy/one.txt")).hasContent("1");
    for (String source : new String[] {"copy", "copy/one.txt"}) {
      Result put = shell.sheave("storage put handbook/all/x " + source);
      assertThat(put.code()).isEqualTo(1);
      assertThat(put.err())
          .startsWith("'" + pages + "' can only be read; 'sheave block ls --capability ")
          .endsWith("' lists blocks that can be written to.\n");
      assertThat(put.err().lines()).hasSize(1);
    }
  }

  @Test
  void progressIsShownOnATerminalAlone() throws IOException {
    shell.write("flows/a.txt", "a");
    assertThat(shell.sheave("storage put local-file-system/code flows").out()).doesNotContain("\r");
  }

  @Test
  void infrastructureIsCheckedToo() {
    shell.sheave("block create process here");
    shell.sheave("block create process nowhere --set working_dir=/no/where");

    assertThat(shell.sheave("block check process/here").out())
        .isEqualTo("Runs can be started on 'process/here'.\n");
    Result checked = shell.sheave("block check process/nowhere -o json");
    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.jsonObject())
        .containsEntry("passed", false)
        .containsEntry(
            "error",
            "The working directory '/no/where' doesn't exist; create it, or change"
                + " 'working_dir'.");
  }
}
