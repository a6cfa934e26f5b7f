package dev.sheave.storage.github;

import dev.sheave.block.Secret;
import dev.sheave.testkit.RequiredService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The Git host of {@code bin/services start git}. */
final class GitService {
  private GitService() {}

  static String url() {
    return variable("GIT_URL");
  }

  static Secret token() {
    return Secret.of(variable("GIT_TOKEN"));
  }

  static String certificate() {
    return read(Path.of(variable("GIT_CA_FILE")));
  }

  static String sshUrl() {
    return variable("GIT_SSH_URL");
  }

  static Secret sshKey() {
    return Secret.of(read(Path.of(variable("GIT_SSH_KEY_FILE"))));
  }

  static String knownHosts() {
    return read(Path.of(variable("GIT_SSH_KNOWN_HOSTS_FILE")));
  }

  /** Where the server keeps LFS objects of a repository. */
  static Path lfsObjects(String repository) {
    return Path.of(variable("GIT_LFS_OBJECTS"), repository.replaceFirst("[.]git$", ""));
  }

  /** A repository that nobody has used, with its commits. */
  static GitFixture newRepository(String organization) {
    String name = organization + "/" + UUID.randomUUID() + ".git";
    return new GitFixture(Path.of(variable("GIT_REPOSITORIES")).resolve(name), name);
  }

  static GitFixture newRepository() {
    return newRepository("org");
  }

  /** A block that reads a repository over HTTPS with the token. */
  static GitHub.Builder block(String repository) {
    return GitHub.builder()
        .repository(url() + "/" + repository)
        .accessToken(token())
        .caCertificate(certificate())
        .includeGitObjects(false);
  }

  static GitHub.Builder block(GitFixture repository) {
    return block(repository.name());
  }

  /** A block that reads a repository over SSH with the deploy key. */
  static GitHub.Builder sshBlock(String repository) {
    return GitHub.builder()
        .repository(sshUrl() + "/" + repository)
        .deployKey(sshKey())
        .knownHosts(knownHosts())
        .caCertificate(certificate())
        .includeGitObjects(false);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String variable(String name) {
    return RequiredService.variable("git", name);
  }
}
