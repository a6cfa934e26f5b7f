package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Temporary files of processes that died before they could remove them. */
class OwnedTemporaryTest {
  @TempDir private Path folder;

  private Path leftBy(String process) throws Exception {
    Path made =
        Files.createDirectory(
            folder.resolve("part-" + process.replace(':', '~') + "~" + UUID.randomUUID()));
    Files.writeString(made.resolve("content"), "half");
    return made;
  }

  @Test
  void thoseOfDeadProcessesAreRemovedByTheNext() throws Exception {
    String own = ProcessIdentity.own();
    Path dead = leftBy(own + "0");
    Path alive = leftBy(own);
    Path elsewhere = leftBy("elsewhere:1:1");
    Path unnamed = Files.createFile(folder.resolve("part-" + UUID.randomUUID()));
    Path other = Files.createFile(folder.resolve("other"));

    Path made = OwnedTemporary.createFile(folder, "part-");

    assertThat(dead).doesNotExist();
    assertThat(List.of(alive, elsewhere, unnamed, other, made)).allMatch(Files::exists);
  }

  @Test
  void aLinkOfADeadProcessIsRemovedAndNotFollowed() throws Exception {
    Path kept = Files.createDirectory(folder.resolve("kept"));
    Files.createFile(kept.resolve("file"));
    String name = "part-" + (ProcessIdentity.own() + "0").replace(':', '~');
    Path link = Files.createSymbolicLink(folder.resolve(name + "~" + UUID.randomUUID()), kept);

    OwnedTemporary.removeDead(folder, "part-");

    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(kept.resolve("file")).exists();
  }
}
