package dev.sheave.block;

import dev.sheave.OrchestrationProvider;
import dev.sheave.api.BlockApi;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.internal.SheaveOnly;
import dev.sheave.orchestrator.SqliteOrchestrationProvider;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests share: an empty store, which programs with different block types use. */
abstract class StoreTest {
  @TempDir Path home;
  private @Nullable OrchestrationApi store;

  @BeforeEach
  final void openStore() {
    store =
        new SqliteOrchestrationProvider()
            .open(
                new OrchestrationProvider.Options(
                    "jdbc:sqlite:" + home.resolve("sheave.db"), home, null, null));
  }

  @AfterEach
  final void closeStore() {
    Objects.requireNonNull(store).close();
  }

  final BlockApi api() {
    return Objects.requireNonNull(store).blocks();
  }

  /** A program that has these block types and no others. */
  @SafeVarargs
  final Blocks program(Class<? extends Block>... types) {
    BlockRegistry.Builder registry = BlockRegistry.builder();
    for (Class<? extends Block> type : types) {
      registry.add(type);
    }
    return new Blocks(SheaveOnly.PASS, api(), registry.build());
  }
}
