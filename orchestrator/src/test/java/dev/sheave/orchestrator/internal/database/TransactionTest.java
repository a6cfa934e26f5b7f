package dev.sheave.orchestrator.internal.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionTest {
  @TempDir private Path folder;

  private Database open(String name) {
    return new Database(new SqliteDialect(folder.resolve(name), Duration.ofSeconds(60)), null, 2);
  }

  /** Writes, and is overtaken so often that it waits for its turn. */
  private static CompletableFuture<Integer> write(Database database, Runnable work) {
    AtomicInteger attempts = new AtomicInteger();
    return CompletableFuture.supplyAsync(
        () ->
            database.write(
                handle -> {
                  if (attempts.incrementAndGet() < 5) {
                    throw new OvertakenException("it was overtaken");
                  }
                  work.run();
                  return attempts.get();
                }),
        each -> new Thread(each).start());
  }

  @Test
  void whoIsOvertakenInOneDatabaseDoesntWaitForAnother() throws Exception {
    CompletableFuture<Boolean> isInTurn = new CompletableFuture<>();
    CompletableFuture<Boolean> isOver = new CompletableFuture<>();
    try (Database one = open("one.db");
        Database other = open("other.db")) {
      CompletableFuture<Integer> first =
          write(
              one,
              () -> {
                isInTurn.complete(true);
                isOver.join();
              });
      isInTurn.get(60, TimeUnit.SECONDS);
      try {
        assertThat(write(other, () -> {}).get(60, TimeUnit.SECONDS)).isEqualTo(5);
      } finally {
        isOver.complete(true);
      }
      assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(5);
    }
  }
}
