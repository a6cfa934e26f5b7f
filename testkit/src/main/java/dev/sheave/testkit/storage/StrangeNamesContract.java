package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import java.io.File;
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
 * that another tool wrote is fetched unchanged, or named and left out, and the rest is fetched.
 */
public abstract class StrangeNamesContract {
  @TempDir private @Nullable Path temporary;
  private final Warnings warnings = new Warnings();
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
  @ValueSource(
      strings = {
        "../outside",
        "a/../../outside",
        "/etc/passwd",
        "a//b",
        "a/./b",
        "a\\b",
        "C:/x",
        "new\nline",
        "ctl\u0003.txt",
        "folder/with content/"
      })
  void aNameThatNoFileCanHaveIsNamedAndLeftOut(String name) throws Exception {
    left("good", "1");
    left(name, "2");

    assertThat(get()).isEqualTo(Map.of("good", "1"));
    assertThat(warnings.all())
        .singleElement()
        .asString()
        .startsWith("1 object at '" + storage().location(RelativePath.ROOT) + "'")
        .endsWith(
            " left out: '" + name.replace("\n", "\\u000a").replace("\u0003", "\\u0003") + "'.");
    assertThat(target.resolveSibling("outside")).doesNotExist();
  }

  @Test
  void namesThatNoFileCanHaveAreLeftAloneByAPut() throws Exception {
    left("a//b", "1");
    left("ctl\u0003.txt", "2");
    for (Map<String, String> tree : List.of(Map.of("a/c", "1", "d", "2"), Map.of("a", "3"))) {
      Path source = target.resolveSibling("source-" + tree.size());
      storage()
          .putDirectory(
              FileTree.of(Trees.write(source, tree), IgnoreRules.NONE),
              RelativePath.ROOT,
              warnings.options());
      storage()
          .getDirectory(
              RelativePath.ROOT, target.resolveSibling("got-" + tree.size()), warnings.options());
      assertThat(Trees.read(target.resolveSibling("got-" + tree.size()))).isEqualTo(tree);
    }

    assertThat(warnings.all()).isEmpty();
    assertThat(listed()).contains("a//b", "ctl\u0003.txt", "a").doesNotContain("a/c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"con", "aux.txt", "a b", "a+b", "a%20b", "a%2Fb", " a ", "a&b<c>\"d'"})
  void aNameThatIsUnusualComesBack(String name) throws Exception {
    Assumptions.assumeThat(File.separatorChar).isEqualTo('/');
    left("good", "1");
    left(name, "2");

    assertThat(get()).isEqualTo(Map.of("good", "1", name, "2"));
    assertThat(warnings.all()).isEmpty();
  }

  @Test
  void aNameThatNoDiskTakesIsLeftOut() throws Exception {
    left("good", "1");
    left("folder/" + "x".repeat(256), "2");

    assertThat(get()).isEqualTo(Map.of("good", "1"));
    assertThat(warnings.all()).singleElement().asString().contains("left out: 'folder/xxx");
  }

  @Test
  void anObjectThatIsAlsoAFolderIsLeftOut() throws Exception {
    left("a", "1");
    left("a/b", "2");

    assertThat(get()).isEqualTo(Map.of("a/b", "2"));
    assertThat(warnings.all()).singleElement().asString().contains("left out: 'a'");
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

  @ParameterizedTest
  @ValueSource(strings = {"sub/", "sub_$folder$", "sub"})
  void marksThatOtherToolsLeaveForFoldersAreNoFiles(String mark) throws Exception {
    write(mark, new byte[0]);
    left("sub/a", "1");

    assertThat(get()).isEqualTo(Map.of("sub/a", "1"));
    assertThat(warnings.all()).isEmpty();
  }

  private void left(String name, String content) throws Exception {
    write(name, content.getBytes(UTF_8));
    Assumptions.assumeThat(listed()).as("the server keeps the name").contains(name);
  }

  private List<String> listed() {
    List<String> names = new ArrayList<>();
    storage().list(RelativePath.ROOT, object -> names.add(object.name()));
    return names;
  }

  private Map<String, String> get() {
    storage().getDirectory(RelativePath.ROOT, target, warnings.options());
    return Trees.read(target);
  }
}
