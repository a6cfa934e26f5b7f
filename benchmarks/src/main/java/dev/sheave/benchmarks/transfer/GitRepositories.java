package dev.sheave.benchmarks.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Trees in repositories of the Git server: each is committed once, and its repository then moved to
 * new places.
 */
final class GitRepositories {
  private final Path served = Path.of(MeasuredStorage.variable("GIT_REPOSITORIES"));
  private final Map<Path, Path> places = new HashMap<>();

  /** Puts a tree at a place that it wasn't fetched from yet. */
  void offer(Path tree, String place) throws IOException {
    Path repository = served.resolve(place + ".git");
    Path before = places.put(tree, repository);
    if (before != null) {
      Files.move(before, repository);
      return;
    }
    git(tree, "init", "-q", "-b", "main");
    git(tree, "add", ".");
    git(tree, "-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "-qm", "A tree");
    git(tree, "clone", "-q", "--bare", ".", repository.toString());
    Trees.remove(tree.resolve(".git"));
  }

  /** Takes all of them back. */
  void remove() throws IOException {
    for (Path repository : places.values()) {
      Trees.remove(repository);
    }
  }

  private static void git(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      int code =
          new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor();
      if (code != 0) {
        throw new IOException(String.join(" ", command) + " ended with " + code);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
