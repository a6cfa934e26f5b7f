package dev.sheave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.DirectoryTransfer;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uploads to a directory on a disk of macOS: neither case nor the spelling of accents counts. */
class FoldingDiskTest {
  @TempDir Path temporary;

  private final FileSystem mac = Jimfs.newFileSystem(Configuration.osX());
  private final Path base = mac.getPath("/work/store");
  private final DirectoryTransfer transfer = new DirectoryTransfer(new LocalObjectStore(base));

  @AfterEach
  void close() throws IOException {
    mac.close();
  }

  private void put(Map<String, String> files) {
    Path source = Trees.write(temporary.resolve(UUID.randomUUID().toString()), files);
    transfer.put(
        FileTree.of(source, IgnoreRules.NONE), RelativePath.ROOT, TransferOptions.DEFAULTS);
  }

  private Map<String, String> got() {
    Path target = temporary.resolve(UUID.randomUUID().toString());
    transfer.get(RelativePath.ROOT, target, TransferOptions.DEFAULTS);
    return Trees.read(target);
  }

  @ParameterizedTest
  @CsvSource({
    "Readme.md,README.md",
    "Data/x,data/x",
    "caf\u00e9,cafe\u0301",
    "cafe\u0301,caf\u00e9",
    "config,Config/app.yml",
    "Lib/a/b,lib"
  })
  void aRenamedFileIsThereByItsNewName(String before, String after) {
    put(Map.of(before, "1", "other", "2"));
    put(Map.of(after, "1", "other", "2"));

    assertThat(got()).isEqualTo(Map.of(after, "1", "other", "2"));
    assertThat(Trees.read(base).keySet())
        .isEqualTo(Set.of(after, "other", ".sheave-manifest.json"));
  }

  @Test
  void aFolderThatKeepsItsNameBecauseOfOthersFilesHoldsTheNewOnes() throws IOException {
    put(Map.of("Data/x", "1"));
    Files.writeString(base.resolve("Data/mine"), "mine");
    put(Map.of("data/x", "2", "data/y", "3"));
    put(Map.of("data/x", "2", "data/y", "4"));

    assertThat(got()).isEqualTo(Map.of("data/x", "2", "data/y", "4"));
    assertThat(base.resolve("data/mine")).hasContent("mine");
  }

  @ParameterizedTest
  @CsvSource({"Readme.md,README.md", "caf\u00e9,cafe\u0301", "A/x,a/y"})
  void twinsAreRefusedBeforeAnythingIsWritten(String one, String other) {
    put(Map.of("x", "1"));

    Refusal.of(
        () -> put(Map.of(one, "2", other, "3")),
        Code.INVALID,
        "would be the same file in '" + base + "'");
    assertThat(got()).isEqualTo(Map.of("x", "1"));
  }

  @Test
  void lettersThatOnlyLookAlikeAreDifferent() {
    Map<String, String> tree = Map.of("stra\u00dfe", "1", "strasse", "2", "a", "3", "\u0430", "4");
    put(tree);

    assertThat(got()).isEqualTo(tree);
  }
}
