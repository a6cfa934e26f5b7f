package dev.sheave.storage.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the block do with it: with a cache of each test's own. */
abstract class Fetching {
  @TempDir Path temporary;
  final List<String> warnings = new CopyOnWriteArrayList<>();

  Path cacheFolder() {
    return temporary.resolve("cache");
  }

  GitCache cache() {
    return new GitCache(cacheFolder(), GitCache.MAX_BYTES, GitCache.GRACE);
  }

  TransferSummary get(GitHub block, String from, Path target) {
    return block.getDirectory(
        RelativePath.of(from),
        target,
        TransferOptions.DEFAULTS.withListener(
            new TransferListener() {
              @Override
              public void warning(String message) {
                warnings.add(message);
              }
            }),
        cache());
  }

  /** The texts of the files that a block has below a path. */
  Map<String, String> files(GitHub block, String from) {
    Path target = temporary.resolve("target-" + UUID.randomUUID());
    get(block, from, target);
    return Trees.read(target);
  }

  Map<String, String> files(GitHub block) {
    return files(block, "");
  }

  /** It is refused, and nothing is written. */
  Refusal refused(GitHub block, Code code, String... parts) {
    Path target = temporary.resolve("refused");
    String[] secrets = block.accessToken().map(Secret::reveal).stream().toArray(String[]::new);
    Refusal refusal = Refusal.of(() -> get(block, "", target), code, "", secrets).says(parts);
    assertThat(target)
        .satisfiesAnyOf(
            folder -> assertThat(folder).doesNotExist(),
            folder -> assertThat(folder).isEmptyDirectory());
    return refusal;
  }
}
