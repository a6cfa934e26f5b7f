package dev.sheave.storage.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import dev.sheave.testkit.storage.Trees;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the block do with it: with a cache of each test's own. */
abstract class Fetching {
  @TempDir Path temporary;
  final List<String> remarks = new CopyOnWriteArrayList<>();

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
              public void remark(String message) {
                remarks.add(message);
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

  static String stackTrace(Throwable e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  /** It is refused in a sentence, that shows no credential, and nothing is written. */
  void refused(GitHub block, Code code, String... parts) {
    Path target = temporary.resolve("refused");
    assertThatThrownBy(() -> get(block, "", target))
        .isInstanceOfSatisfying(
            SheaveException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage()).contains(parts).matches("(?s)[^\n]*[.?]");
              block
                  .accessToken()
                  .ifPresent(token -> assertThat(stackTrace(e)).doesNotContain(token.reveal()));
            });
    assertThat(target)
        .satisfiesAnyOf(
            folder -> assertThat(folder).doesNotExist(),
            folder -> assertThat(folder).isEmptyDirectory());
  }
}
