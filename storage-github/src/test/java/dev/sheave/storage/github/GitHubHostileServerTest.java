package dev.sheave.storage.github;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.HostileServerContract;
import java.util.stream.Stream;

class GitHubHostileServerTest extends HostileServerContract {
  private static final String REFERENCE =
      "003d" + "0123456789".repeat(4) + " refs/heads/a-branch\n";

  @Override
  protected ReadableStorage openStorage(String url) {
    return new GitHubTroubledServerTest().openStorage(url, "key-of-the-server");
  }

  @Override
  protected String listingHead() {
    return "200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement";
  }

  @Override
  protected String listingStart() {
    return "001e# service=git-upload-pack\n0000";
  }

  @Override
  protected String[] opening() {
    return new String[] {REFERENCE, ""};
  }

  @Override
  protected Stream<String> endlessPage(String name) {
    return Stream.empty();
  }

  @Override
  protected Stream<String> listing() {
    return Stream.empty();
  }
}
