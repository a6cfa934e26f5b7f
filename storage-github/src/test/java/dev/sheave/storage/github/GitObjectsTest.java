package dev.sheave.storage.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.storage.github.GitFixture.Entry;
import dev.sheave.testkit.storage.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.IndexDiff;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.junit.jupiter.api.Test;

/** The {@code .git} of a directory that was fetched. */
class GitObjectsTest extends Fetching {
  private Repository open(Path target) throws IOException {
    return new FileRepositoryBuilder().setWorkTree(target.toFile()).setMustExist(true).build();
  }

  @Test
  void itIsACloneOfTheCommitWithoutItsHistoryAndWithoutACredential() throws IOException {
    GitFixture repository = GitService.newRepository();
    repository.commit(Map.of("a", "1"));
    ObjectId head =
        repository.commitEntries(
            "refs/heads/main",
            Map.of("a", Entry.file("2"), "bin/run.sh", Entry.executable("#!/bin/sh")));
    Path target = temporary.resolve("target");
    get(GitService.block(repository).includeGitObjects(true).build(), "", target);

    try (Repository clone = open(target);
        RevWalk walk = new RevWalk(clone)) {
      assertThat(clone.getFullBranch()).isEqualTo("refs/heads/main");
      assertThat(clone.resolve("origin/main")).isEqualTo(head);
      assertThat(walk.parseCommit(clone.resolve(Constants.HEAD)).getParentCount()).isZero();
      IndexDiff changes = new IndexDiff(clone, Constants.HEAD, new FileTreeIterator(clone));
      assertThat(changes.diff()).as("what differs from the commit").isFalse();
      assertThat(clone.getConfig().getString("remote", "origin", "url"))
          .isEqualTo(GitService.url() + "/" + repository.name());
    }
    for (Path file : filesBelow(target)) {
      assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
          .doesNotContain(GitService.token().reveal());
    }
  }

  @Test
  void aTagOrACommitIsCheckedOutByItself() throws IOException {
    GitFixture repository = GitService.newRepository();
    ObjectId head = repository.commit(Map.of("a", "1"));
    repository.tag("v1");
    for (String reference : List.of("v1", head.name())) {
      Path target = temporary.resolve("target-" + reference);
      get(
          GitService.block(repository).includeGitObjects(true).reference(reference).build(),
          "",
          target);
      try (Repository clone = open(target)) {
        assertThat(clone.getFullBranch()).isEqualTo(head.name());
      }
    }
  }

  @Test
  void oneOfOursIsRenewedAndOneOfSomebodyElseStays() throws IOException {
    GitFixture repository = GitService.newRepository();
    repository.commit(Map.of("a", "1"));
    GitHub block = GitService.block(repository).includeGitObjects(true).build();
    Path target = temporary.resolve("target");
    get(block, "", target);
    ObjectId second = repository.commit(Map.of("a", "2"));
    get(block, "", target);
    try (Repository clone = open(target)) {
      assertThat(clone.resolve(Constants.HEAD)).isEqualTo(second);
    }

    Path mine = temporary.resolve("mine");
    Trees.write(mine, Map.of(".git/config", "[core]\n", ".git/mine", "mine"));
    get(block, "", mine);
    assertThat(mine.resolve(".git/mine")).hasContent("mine");
    assertThat(warnings).singleElement().asString().contains("left as it was");
  }

  @Test
  void aPathBelowTheRepositoryHasNone() {
    GitFixture repository = GitService.newRepository();
    repository.commit(Map.of("sub/a", "1"));
    Path target = temporary.resolve("target");
    get(GitService.block(repository).includeGitObjects(true).build(), "sub", target);

    assertThat(target.resolve(".git")).doesNotExist();
    assertThat(target.resolve("a")).hasContent("1");
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return new ArrayList<>(all.filter(Files::isRegularFile).toList());
    }
  }
}
