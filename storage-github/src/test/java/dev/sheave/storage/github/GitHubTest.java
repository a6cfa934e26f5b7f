package dev.sheave.storage.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.github.GitFixture.Entry;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.testkit.storage.CutConnection;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.TroubledServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubTest extends Fetching {
  @ParameterizedTest
  @CsvSource({
    "https://github.com/org/name,,https://github.com/org/name,https://github.com/org/name/x/y",
    "https://github.com/org/name.git/,main,https://github.com/org/name@main,https://github.com/org/name@main/x/y",
    "git@github.com:org/name.git,v1,git@github.com:org/name@v1,git@github.com:org/name@v1/x/y",
    "ssh://git@host:2222/org/name.git,,ssh://git@host:2222/org/name,ssh://git@host:2222/org/name/x/y",
  })
  void aLocationSaysWhichReferenceIsMeant(
      String repository, String reference, String root, String below) {
    GitHub storage = GitHub.builder().repository(repository).reference(reference).build();

    assertThat(storage.location(RelativePath.ROOT)).isEqualTo(root);
    assertThat(storage.location(RelativePath.of("/x/y/"))).isEqualTo(below);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "org/name",
        "ftp://host/org/name",
        "ext::sh -c date",
        "https://host",
        "https://host/?token=canary8f3a",
        "https://canary8f3a@host/org/name",
        "https://user:canary8f3a@host/org/name",
        "ssh://git:canary8f3a@host/org/name"
      })
  void anAddressThatIsNoneIsRefusedWithoutShowingACredential(String repository) {
    invalid(GitHub.builder().repository(repository), "The repository");
  }

  @Test
  void aTokenIsForHttpsAndADeployKeyForSsh() {
    Secret token = Secret.of(Refusal.CANARY);
    invalid(
        GitHub.builder().repository("http://host/org/name").accessToken(token),
        "sent over HTTPS only");
    invalid(
        GitHub.builder().repository("git@host:org/name").accessToken(token), "set a deploy_key");
    invalid(GitHub.builder().repository("https://host/org/name").deployKey(token), "is for SSH");
    invalid(
        GitHub.builder().repository("git@host:org/name").deployKey(token),
        "must be an SSH private key");
    invalid(
        GitHub.builder().repository("https://host/org/name").caCertificate(Refusal.CANARY),
        "must be in PEM");
    invalid(
        GitHub.builder().repository("https://host/org/name").reference("a b\nc"),
        "isn't a valid name");
  }

  private static void invalid(GitHub.Builder builder, String message) {
    Refusal.of(builder::build, Code.INVALID, message);
  }

  @Test
  void aBranchATagAndACommitAreReferences() {
    GitFixture repository = GitService.newRepository();
    ObjectId first = repository.commit(Map.of("a", "1"));
    repository.commit(Map.of("a", "2"));
    repository.tag("v2");
    repository.commit(Map.of("a", "3"));
    repository.commitEntries("refs/heads/feature/x", Map.of("a", Entry.file("4")));

    GitHub.Builder block = GitService.block(repository);
    assertThat(files(block.build())).containsEntry("a", "3");
    assertThat(files(block.reference("main").build())).containsEntry("a", "3");
    assertThat(files(block.reference("feature/x").build())).containsEntry("a", "4");
    assertThat(files(block.reference("refs/heads/feature/x").build())).containsEntry("a", "4");
    assertThat(files(block.reference("v2").build())).containsEntry("a", "2");
    assertThat(files(block.reference(first.name()).build())).containsEntry("a", "1");
  }

  @Test
  void whatWasFetchedIsNotFetchedAgainAndAPushIsSeen() throws IOException {
    GitFixture repository = GitService.newRepository();
    repository.commit(Map.of("a", "1", "same", "x".repeat(10_000)));
    GitHub block = GitService.block(repository).build();

    assertThat(files(block)).containsEntry("a", "1");
    long packs = packs();
    assertThat(files(block)).containsEntry("a", "1");
    assertThat(packs()).isEqualTo(packs).isEqualTo(1);

    repository.commit(Map.of("a", "2", "same", "x".repeat(10_000)));
    assertThat(files(block)).containsEntry("a", "2").containsKey("same");
    assertThat(packs()).isEqualTo(2);
  }

  private long packs() throws IOException {
    try (var files = Files.walk(cacheFolder())) {
      return files.filter(file -> file.toString().endsWith(".pack")).count();
    }
  }

  @Test
  void executableFilesStaySo() {
    GitFixture repository = GitService.newRepository();
    repository.commitEntries(
        "refs/heads/main",
        Map.of("run.sh", Entry.executable("#!/bin/sh"), "data", Entry.file("1")));
    Path target = temporary.resolve("target");
    get(GitService.block(repository).build(), "", target);

    assertThat(target.resolve("run.sh")).isExecutable();
    assertThat(Files.isExecutable(target.resolve("data"))).isFalse();
  }

  @Test
  void aPublicRepositoryNeedsNoToken() {
    GitFixture repository = GitService.newRepository("public");
    repository.commit(Map.of("a", "1"));

    assertThat(files(GitService.block(repository).accessToken(null).build()))
        .isEqualTo(Map.of("a", "1"));
  }

  @Test
  void aTokenMayHaveAUsersName() {
    GitFixture repository = GitService.newRepository("named");
    repository.commit(Map.of("a", "1"));
    GitHub.Builder block = GitService.block(repository);
    Secret both = Secret.of("deployer:" + GitService.token().reveal());

    assertThat(files(block.username("deployer").build())).isEqualTo(Map.of("a", "1"));
    assertThat(files(block.username(null).accessToken(both).build())).isEqualTo(Map.of("a", "1"));
    refused(
            block.username("other").accessToken(GitService.token()).build(),
            Code.PERMISSION_DENIED,
            "rejected the access_token")
        .hasCause();
  }

  @Test
  void whatIsMissingIsNamed() {
    GitFixture repository = GitService.newRepository();
    GitHub.Builder block = GitService.block(repository);
    refused(block.build(), Code.NOT_FOUND, repository.name().replace(".git", ""), "no commit yet");

    repository.commit(Map.of("a", "1"));
    refused(block.reference("nope").build(), Code.NOT_FOUND, "no branch or tag 'nope'");
    refused(block.reference("abc1234").build(), Code.NOT_FOUND, "full id of 40 digits");
    String commit = "0123456789012345678901234567890123456789";
    refused(block.reference(commit).build(), Code.NOT_FOUND, "no commit '" + commit + "'");
    refused(
        GitService.block("org/no-such.git").build(),
        Code.NOT_FOUND,
        GitService.url() + "/org/no-such': the repository doesn't exist");
  }

  @Test
  void aTokenThatIsWrongOrMissingIsSaid() {
    GitHub.Builder block = GitService.block("org/main.git");
    refused(
            block.accessToken(Secret.of("wrong-" + Refusal.CANARY)).build(),
            Code.PERMISSION_DENIED,
            "rejected the access_token")
        .hasCause();
    refused(
            block.accessToken(null).build(),
            Code.PERMISSION_DENIED,
            "can't be read without an access_token")
        .hasCause();
  }

  @Test
  void theCacheLetsNobodyInWhomTheHostRefuses() {
    GitFixture repository = GitService.newRepository();
    String commit = repository.commit(Map.of("a", "1")).name();
    GitHub.Builder block = GitService.block(repository).reference(commit);
    assertThat(files(block.build())).containsEntry("a", "1");

    refused(
            block.accessToken(Secret.of("withdrawn-" + Refusal.CANARY)).build(),
            Code.PERMISSION_DENIED,
            "rejected the access_token")
        .hasCause();
  }

  @Test
  void aHostThatIsDownUnknownOrNotTrustedIsSaid() throws IOException {
    int free = TroubledServer.freePort();
    Secret token = Secret.of(Refusal.CANARY);
    refused(
            GitHub.builder()
                .repository("https://127.0.0.1:" + free + "/o/n")
                .accessToken(token)
                .build(),
            Code.UNAVAILABLE,
            "can't connect to 127.0.0.1:" + free)
        .hasCause();
    refused(
            GitHub.builder()
                .repository("https://no-such-host.invalid/o/n")
                .accessToken(token)
                .build(),
            Code.UNAVAILABLE,
            "the host 'no-such-host.invalid' can't be resolved")
        .hasCause();
    refused(
            GitService.block("org/main.git").caCertificate(null).build(),
            Code.UNAVAILABLE,
            "a trusted TLS connection",
            "ca_certificate")
        .hasCause();
  }

  @Test
  void aFetchThatIsCutIsSaidAndTheNextIsWhole() throws IOException {
    byte[] bytes = new byte[3 * 1024 * 1024];
    new Random(7).nextBytes(bytes);
    String text = Base64.getEncoder().encodeToString(bytes);
    GitFixture repository = GitService.newRepository();
    repository.commit(Map.of("a", text));
    int port = URI.create(GitService.url()).getPort();
    GitHub.Builder block = GitService.block(repository);
    try (CutConnection way = new CutConnection(port)) {
      String url = GitService.url().replace(":" + port, ":" + way.port());
      way.cutAfterAnswered(1024 * 1024);
      refused(block.repository(url + "/" + repository.name()).build(), Code.UNAVAILABLE, url)
          .hasCause();
      assertThat(way.isCut()).isTrue();
    }

    assertThat(files(GitService.block(repository).build())).isEqualTo(Map.of("a", text));
  }

  @Test
  void anInterruptedThreadGivesUp() {
    GitFixture repository = GitService.newRepository();
    repository.commit(Map.of("a", "1"));
    Thread.currentThread().interrupt();
    try {
      refused(GitService.block(repository).build(), Code.INTERRUPTED, "interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }
}
