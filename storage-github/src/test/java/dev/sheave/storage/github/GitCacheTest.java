package dev.sheave.storage.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.OwnProcess;
import dev.sheave.testkit.storage.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GitCacheTest extends Fetching {
  @Test
  void manyMayFetchAtOnceAndTheCommitComesOnce() throws Exception {
    GitFixture repository = GitService.newRepository();
    repository.commit(Map.of("a", "1", "b/c", "2"));
    GitHub block = GitService.block(repository).build();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Map<String, String>>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(() -> files(block)));
      }
      for (Future<Map<String, String>> each : all) {
        assertThat(each.get()).isEqualTo(Map.of("a", "1", "b/c", "2"));
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
    assertThat(named(".pack")).hasSize(1);
  }

  @Test
  void whatIsThereUnchangedIsAskedForAndNotFetched() throws Exception {
    GitFixture repository = GitService.newRepository("public");
    repository.commit(Map.of("a", "1"));
    try (RecordedRequests requests = new RecordedRequests()) {
      GitHub block =
          GitHub.builder()
              .repository(requests.address() + "/" + repository.name())
              .includeGitObjects(false)
              .build();

      assertThat(files(block)).isEqualTo(Map.of("a", "1"));
      assertThat(requests.taken()).contains("POST git-upload-pack fetch");

      assertThat(files(block)).isEqualTo(Map.of("a", "1"));
      assertThat(requests.taken()).containsExactly("GET info/refs", "POST git-upload-pack ls-refs");

      repository.commit(Map.of("a", "2"));
      assertThat(files(block)).isEqualTo(Map.of("a", "2"));
      assertThat(requests.taken()).contains("POST git-upload-pack fetch");
    }
  }

  @Test
  void anotherProcessWaitsForItsTurn() throws Exception {
    GitFixture repository = GitService.newRepository();
    repository.commit(Map.of("a", "1"));
    GitHub block = GitService.block(repository).build();
    Map<String, String> environment = Map.of("SHEAVE_HOME", temporary.toString());
    List<Process> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ProcessBuilder builder =
          OwnProcess.java(
              List.of(),
              OtherProcess.class,
              block.repository(),
              temporary.resolve("other-" + i).toString());
      builder.environment().putAll(environment);
      others.add(
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    for (int i = 0; i < others.size(); i++) {
      assertThat(others.get(i).waitFor()).isZero();
      assertThat(Trees.read(temporary.resolve("other-" + i))).isEqualTo(Map.of("a", "1"));
    }
    assertThat(named(".pack")).hasSize(1);
  }

  /** Fetches a repository into a directory; what it needs else is in the environment. */
  public static final class OtherProcess {
    public static void main(String[] arguments) {
      GitService.block("none")
          .repository(arguments[0])
          .build()
          .getDirectory(RelativePath.ROOT, Path.of(arguments[1]), TransferOptions.DEFAULTS);
    }
  }

  @Test
  void whatIsTooMuchIsRemovedTheOldestFirstUnlessItIsInUse() throws IOException {
    GitFixture first = GitService.newRepository();
    first.commit(Map.of("a", "1"));
    GitFixture second = GitService.newRepository();
    second.commit(Map.of("a", "2"));
    get(GitService.block(first).build(), "", temporary.resolve("one"));
    get(GitService.block(second).build(), "", temporary.resolve("two"));
    assertThat(named(".git")).hasSize(2);

    new GitCache(cacheFolder(), 1, Duration.ofHours(1)).trim();
    assertThat(named(".git")).as("used within the hour").hasSize(2);

    // as if the hour had passed
    new GitCache(cacheFolder(), 1, Duration.ofSeconds(-1)).trim();
    assertThat(named(".git")).isEmpty();
    assertThat(files(GitService.block(second).build())).containsEntry("a", "2");
  }

  private List<Path> named(String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(temporary)) {
      return all.filter(file -> file.toString().endsWith(suffix)).toList();
    }
  }
}
