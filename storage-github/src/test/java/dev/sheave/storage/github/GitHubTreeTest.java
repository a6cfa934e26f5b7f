package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.github.GitFixture.Entry;
import dev.sheave.testkit.storage.CutConnection;
import dev.sheave.testkit.storage.Refusal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links, submodules, large files, and trees that mean no good. */
class GitHubTreeTest extends Fetching {
  private static final String MODULES = "[submodule \"lib\"]\n\tpath = lib\n\turl = %s\n";

  @Test
  void aLinkStandsForWhatItLeadsTo() {
    GitFixture repository = GitService.newRepository();
    repository.commitEntries(
        "refs/heads/main",
        Map.of(
            "real/a.txt", Entry.file("a"),
            "real/deep/b.txt", Entry.file("b"),
            "flow/file", Entry.link("../real/a.txt"),
            "flow/folder", Entry.link("../real"),
            "flow/link-to-link", Entry.link("folder/deep")));

    assertThat(files(GitService.block(repository).build(), "flow"))
        .isEqualTo(
            Map.of(
                "file", "a",
                "folder/a.txt", "a",
                "folder/deep/b.txt", "b",
                "link-to-link/b.txt", "b"));
    assertThat(files(GitService.block(repository).build(), "flow/folder"))
        .isEqualTo(Map.of("a.txt", "a", "deep/b.txt", "b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../outside",
        "../../..",
        ".",
        "self",
        "nowhere",
        "C:\\windows",
        ""
      })
  void aLinkThatLeadsOutOrNowhereOrInACircleIsLeftOutAndSaid(String target) {
    GitFixture repository = GitService.newRepository();
    repository.commitEntries(
        "refs/heads/main", Map.of("self", Entry.link(target), "a", Entry.file("a")));

    assertThat(files(GitService.block(repository).build())).isEqualTo(Map.of("a", "a"));
    assertThat(warnings).singleElement().asString().contains("left out: 'self'", "link");
  }

  @Test
  void aPathThatLeadsOutByALinkIsRefused() {
    GitFixture repository = GitService.newRepository();
    repository.commitEntries("refs/heads/main", Map.of("out", Entry.link("/etc")));

    Refusal.of(
        () -> files(GitService.block(repository).build(), "out/x"),
        Code.INVALID,
        "'out/x' is refused because the link points outside of the tree");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".git",
        ".GIT",
        "git~1",
        ".g\u200cit",
        "..",
        ".",
        "../outside",
        "/etc/cron.d/x",
        "a/../../b",
        "back\\slash",
        "new\nline"
      })
  void aHostileNameIsLeftOutAndSaid(String name) {
    GitFixture repository = GitService.newRepository();
    repository.commitRaw(List.of(name));
    refused(GitService.block(repository).build(), Code.NOT_FOUND, "Nothing was found");
    assertThat(warnings).singleElement().asString().contains("1 entry of", "left out: '");

    repository.commitRaw(List.of("folder", name));
    refused(GitService.block(repository).build(), Code.NOT_FOUND, "Nothing was found");
    assertThat(warnings).last().asString().contains("left out: 'folder/");
  }

  @Test
  void aNameThatOnlyOtherMachinesForbidIsFetched() {
    GitFixture repository = GitService.newRepository();
    repository.commitEntries(
        "refs/heads/main", Map.of("flow/a", Entry.file("a"), "drivers/aux.c", Entry.file("c")));

    assertThat(files(GitService.block(repository).build(), "flow")).isEqualTo(Map.of("a", "a"));
    assertThat(files(GitService.block(repository).build()))
        .isEqualTo(Map.of("flow/a", "a", "drivers/aux.c", "c"));
  }

  @Test
  void linksThatUnfoldWithoutEndAreLeftOut() {
    GitFixture repository = GitService.newRepository();
    repository.commitEntries(
        "refs/heads/main",
        Map.of("a/b", Entry.link("../c"), "c/d", Entry.link("../a"), "x", Entry.file("x")));

    assertThat(files(GitService.block(repository).build())).isEqualTo(Map.of("x", "x"));
    assertThat(warnings).singleElement().asString().contains("forms a loop");
  }

  @Test
  void whatGitAndGitLfsPushedComesBackWhole() {
    GitHub.Builder block = GitService.block("org/main.git").includeSubmodules(true);
    Map<String, String> all = files(block.build());

    assertThat(all)
        .containsEntry("readme.txt", "from the repository\n")
        .containsEntry("library/library.txt", "from the submodule\n");
    assertThat(all.get("data/large.bin")).doesNotStartWith("version");
    assertThat(temporary.resolve("cache")).isDirectoryRecursivelyContaining("glob:**.lfs/**");

    assertThat(files(block.includeLfsObjects(false).build(), "data").get("large.bin"))
        .startsWith("version https://git-lfs.github.com/spec/v1");
  }

  @Test
  void aSubmoduleWithoutTlsIsFetchedByABlockWithACertificate() throws Exception {
    GitFixture library = GitService.newRepository("public");
    ObjectId named = library.commit(Map.of("lib.txt", "1"));
    try (RecordedRequests plain = new RecordedRequests()) {
      GitFixture repository = GitService.newRepository();
      repository.commitEntries(
          "refs/heads/main",
          Map.of(
              ".gitmodules",
              Entry.file(MODULES.formatted(plain.address() + "/" + library.name())),
              "lib",
              Entry.submodule(named)));

      assertThat(files(GitService.block(repository).includeSubmodules(true).build()))
          .containsEntry("lib/lib.txt", "1");
    }
  }

  @Test
  void aSubmoduleThatIsLeftOutIsSaid() {
    Map<String, String> all = files(GitService.block("org/main.git").build());

    assertThat(all).containsKey("readme.txt").doesNotContainKey("library/library.txt");
    assertThat(warnings).singleElement().asString().contains("library", "include_submodules");
  }

  @Test
  void aSubmoduleIsTheCommitThatIsNamedAndMayBeRelativeOrBySsh() {
    GitFixture library = GitService.newRepository();
    ObjectId named = library.commit(Map.of("lib.txt", "1"));
    library.commit(Map.of("lib.txt", "2"));
    String host = URI.create(GitService.url()).getHost();
    for (String url :
        List.of(
            GitService.url() + "/" + library.name(),
            "../" + library.name().substring("org/".length()),
            "ssh://git@" + host + "/" + library.name(),
            "git@" + host + ":" + library.name())) {
      GitFixture repository = GitService.newRepository();
      repository.commitEntries(
          "refs/heads/main",
          Map.of(
              ".gitmodules", Entry.file(MODULES.formatted(url)),
              "lib", Entry.submodule(named),
              "a", Entry.file("a")));
      assertThat(files(GitService.block(repository).includeSubmodules(true).build()))
          .as(url)
          .containsEntry("a", "a")
          .containsEntry("lib/lib.txt", "1");
    }
  }

  @Test
  void aSubmoduleThatCanNotBeReachedIsNamed() {
    ObjectId commit = ObjectId.fromString("0123456789012345678901234567890123456789");
    for (String url :
        List.of(GitService.url() + "/org/no-such.git", "file:///tmp", "/tmp", "../../../../x")) {
      GitFixture repository = GitService.newRepository();
      repository.commitEntries(
          "refs/heads/main",
          Map.of(
              ".gitmodules", Entry.file(MODULES.formatted(url)), "lib", Entry.submodule(commit)));
      GitHub block = GitService.block(repository).includeSubmodules(true).build();
      refused(
          block,
          url.startsWith("https") ? Code.NOT_FOUND : Code.INVALID,
          "The submodule 'lib' of '" + GitService.url());
    }
    GitFixture repository = GitService.newRepository();
    repository.commitEntries("refs/heads/main", Map.of("lib", Entry.submodule(commit)));
    refused(
        GitService.block(repository).includeSubmodules(true).build(),
        Code.INVALID,
        "no .gitmodules has its URL");
  }

  @Test
  void aLargeFileIsFetchedWhereGitsAttributesSaySo() {
    GitFixture repository = GitService.newRepository();
    String pointer = repository.large("large".repeat(1000).getBytes(UTF_8), true);
    repository.commit(
        Map.of(
            "a.bin", pointer,
            "sub/.gitattributes", "*.bin filter=lfs -text\nplain.bin -filter\n",
            "sub/b.bin", pointer,
            "sub/deep/c.bin", pointer,
            "sub/plain.bin", pointer));

    Map<String, String> all = files(GitService.block(repository).build());
    assertThat(all.get("sub/b.bin")).isEqualTo("large".repeat(1000));
    assertThat(all.get("sub/deep/c.bin")).isEqualTo("large".repeat(1000));
    assertThat(all.get("a.bin")).isEqualTo(pointer);
    assertThat(all.get("sub/plain.bin")).isEqualTo(pointer);
  }

  @Test
  void aLargeFileThatIsNotThereOrNotWhatItSaysIsNamed() throws IOException {
    GitFixture repository = GitService.newRepository();
    String attributes = "*.bin filter=lfs\n";
    String missing = repository.large("never pushed".getBytes(UTF_8), false);
    repository.commit(Map.of(".gitattributes", attributes, "data/a.bin", missing));
    refused(
        GitService.block(repository).build(),
        Code.NOT_FOUND,
        "the LFS object of 'data/a.bin'",
        "git lfs push");

    byte[] content = "what was pushed".getBytes(UTF_8);
    String changed = repository.large(content, true);
    String oid = LfsPointer.parse(changed.getBytes(UTF_8)).orElseThrow().oid();
    repository.commit(Map.of(".gitattributes", attributes, "b.bin", changed));
    Path kept = GitService.lfsObjects(repository.name()).resolve(oid);
    Files.writeString(kept, "WHAT WAS PUSHED");
    refused(
        GitService.block(repository).build(),
        Code.UNAVAILABLE,
        "'b.bin' doesn't match its SHA-256");
    // a server that sees it itself
    Files.writeString(kept, "what was");
    refused(GitService.block(repository).build(), Code.UNAVAILABLE, "'b.bin'", "status 422");
    assertThat(cacheFolder()).isDirectoryNotContaining("glob:**/part-*");
    Files.write(kept, content);
    assertThat(files(GitService.block(repository).build()))
        .containsEntry("b.bin", "what was pushed");
  }

  @Test
  void aLargeFileWhoseConnectionIsCutIsNamedAndTheNextIsWhole() throws IOException {
    byte[] content = "0123456789abcdef".repeat(256 * 1024).getBytes(UTF_8);
    GitFixture repository = GitService.newRepository();
    String pointer = repository.large(content, true);
    repository.commit(Map.of(".gitattributes", "*.bin filter=lfs\n", "a.bin", pointer));
    GitHub.Builder block = GitService.block(repository);
    int port = URI.create(GitService.url()).getPort();
    try (CutConnection way = new CutConnection(port)) {
      String url = GitService.url().replace(":" + port, ":" + way.port());
      way.cutAfterAnswered(1024 * 1024);
      refused(block.repository(url + "/" + repository.name()).build(), Code.UNAVAILABLE, "'a.bin'")
          .hasCause();
      assertThat(way.isCut()).isTrue();
    }

    assertThat(files(GitService.block(repository).build()).get("a.bin"))
        .isEqualTo(new String(content, UTF_8));
  }
}
