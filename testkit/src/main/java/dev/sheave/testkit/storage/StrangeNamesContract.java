package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of storage blocks whose server allows names that aren't valid file names. An object
 * that another tool wrote is fetched unchanged, or named and refused before anything is written.
 */
public abstract class StrangeNamesContract {
  @TempDir private @Nullable Path temporary;
  private Path target = Path.of("");

  /** For the backend's test. */
  protected StrangeNamesContract() {}

  /** Returns a block at a place that is empty, and the same one for the whole of a test. */
  protected abstract ObjectStorage storage();

  /**
   * Writes an object below the block's place with the vendor's client, as another tool would. If
   * the object isn't listed by its name then, the server doesn't allow it, and the test is skipped.
   *
   * @param name is added to the place's as it is
   */
  protected abstract void write(String name, byte[] content) throws Exception;

  @BeforeEach
  final void findTarget() {
    Path folder = temporary;
    assertThat(folder).isNotNull();
    target = folder.resolve("target");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside", "a/../../outside", "/etc/passwd", "a//b", "a/./b", "a\\b"})
  void aHostileNameIsNamedAndNothingIsWritten(String name) throws Exception {
    left("good", "1");
    left(name, "2");

    isRefused(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"new\nline", "con", "aux.txt"})
  void aNameThatSomeMachinesCannotHaveIsNamedAndNothingIsWritten(String name) throws Exception {
    left("good", "1");
    left(name, "2");

    isRefused(name.replace("\n", "\\u000a"));
  }

  @Test
  void aNameThatNoDiskTakesIsRefusedBeforeAnythingIsWritten() throws Exception {
    left("good", "1");
    left("folder/" + "x".repeat(256), "2");

    isRefused("a part of it is longer than 255 bytes");
  }

  @Test
  void aFileThatIsAlsoAFolderIsRefused() throws Exception {
    left("a", "1");
    left("a/b", "2");

    isRefused("'a/b'");
  }

  @Test
  void aLongNameComesBack() throws Exception {
    String name = "ü".repeat(100) + "/" + "y".repeat(200) + "/" + "z".repeat(200) + "/x";
    left(name, "1");

    assertThat(get()).isEqualTo(Map.of(name, "1"));
  }

  @Test
  void namesThatDifferInCaseAloneAreTwo() throws Exception {
    Path probe = Files.createTempFile(target.getParent(), "a", "");
    Path twin = probe.resolveSibling(probe.getFileName().toString().replaceFirst("a", "A"));
    Assumptions.assumeThat(Files.exists(twin)).as("this disk tells them apart").isFalse();
    left("Readme.md", "1");
    left("README.md", "2");

    assertThat(get()).isEqualTo(Map.of("Readme.md", "1", "README.md", "2"));
  }

  @Test
  void foldersThatAConsoleMadeAreNoFiles() throws Exception {
    left("sub/", "");
    left("sub/a", "1");

    assertThat(get()).isEqualTo(Map.of("sub/a", "1"));
  }

  private void left(String name, String content) throws Exception {
    write(name, content.getBytes(UTF_8));
    List<String> names = new ArrayList<>();
    storage().list(RelativePath.ROOT, object -> names.add(object.name()));
    Assumptions.assumeThat(names).as("the server keeps the name").contains(name);
  }

  private Map<String, String> get() {
    storage().getDirectory(RelativePath.ROOT, target, TransferOptions.DEFAULTS);
    return Trees.read(target);
  }

  private void isRefused(String message) {
    assertThatThrownBy(this::get)
        .isInstanceOfSatisfying(
            SheaveException.class,
            e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(Code.INVALID))
        .hasMessageContaining(message);
    if (Files.exists(target)) {
      assertThat(target).isEmptyDirectory();
    }
    assertThat(target.resolveSibling("outside")).doesNotExist();
  }
}
