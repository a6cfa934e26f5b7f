package dev.sheave.storage.github;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.ReadableStorageContract;
import java.util.Map;

class GitHubStorageTest extends ReadableStorageContract {
  @Override
  protected ReadableStorage openStorage(Map<String, String> files) {
    GitFixture repository = GitService.newRepository();
    repository.commit(files);
    return GitService.block(repository).build();
  }
}
