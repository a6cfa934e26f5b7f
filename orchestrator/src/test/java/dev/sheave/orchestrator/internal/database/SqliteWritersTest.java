package dev.sheave.orchestrator.internal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.orchestrator.internal.database.Database.Work;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SqliteWritersTest {
  private static final int WAITING = 5;

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch isFirstDone = new CountDownLatch(1);
  private Database database;

  @BeforeEach
  void create() {
    database = open(Duration.ofSeconds(60));
    database.change(
        handle -> {
          handle.execute("create table item (name text primary key, owner text)");
          handle.execute(
              "create table child (item text references item deferrable" + " initially deferred)");
        });
  }

  @AfterEach
  void close() {
    isFirstDone.countDown();
    threads.shutdownNow();
    database.close();
  }

  private Database open(Duration lockTimeout) {
    return new Database(new SqliteDialect(folder.resolve("test.db"), lockTimeout), null, 4);
  }

  /** Starts a write that ends when it is let. */
  private CompletableFuture<Object> first(Database where) throws InterruptedException {
    CountDownLatch hasBegun = new CountDownLatch(1);
    CompletableFuture<Object> first =
        start(
            where,
            handle -> {
              hasBegun.countDown();
              awaitFirst();
              return add(handle, "first");
            });
    assertThat(hasBegun.await(60, TimeUnit.SECONDS)).isTrue();
    return first;
  }

  private void awaitFirst() {
    try {
      isFirstDone.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private CompletableFuture<Object> start(Database where, Work<Object> work) {
    return CompletableFuture.supplyAsync(() -> where.write(work), threads);
  }

  private static Object add(Handle handle, String name) {
    handle.execute("insert into item (name) values (?)", name);
    return name;
  }

  private List<String> items() {
    return database.read(
        handle ->
            handle
                .createQuery("select name from item order by name")
                .map((row, context) -> row.getString(1))
                .list());
  }

  /** Waits until so many threads wait for their turn. */
  private void awaitWaiting(int count) throws InterruptedException {
    Set<Thread> waiting = new HashSet<>();
    while (waiting.size() < count) {
      TimeUnit.MILLISECONDS.sleep(5);
      waiting.clear();
      Thread.getAllStackTraces()
          .forEach(
              (thread, stack) -> {
                if (List.of(stack).stream()
                        .anyMatch(each -> each.getMethodName().equals("awaitTurn"))
                    && thread.getState() == Thread.State.TIMED_WAITING) {
                  waiting.add(thread);
                }
              });
    }
  }

  @Test
  void thoseThatWaitShareACommit() throws Exception {
    CompletableFuture<Object> first = first(database);
    Set<Handle> handles = ConcurrentHashMap.newKeySet();
    List<CompletableFuture<Object>> others = new ArrayList<>();
    for (int i = 0; i < WAITING; i++) {
      String name = "item-" + i;
      others.add(
          start(
              database,
              handle -> {
                handles.add(handle);
                return add(handle, name);
              }));
    }
    awaitWaiting(WAITING);
    isFirstDone.countDown();

    assertThat(first.get()).isEqualTo("first");
    for (int i = 0; i < WAITING; i++) {
      assertThat(others.get(i).get()).isEqualTo("item-" + i);
    }
    assertThat(handles).hasSize(1);
    assertThat(items()).hasSize(WAITING + 1);
  }

  @Test
  void oneThatFailsTakesBackItsOwnChangesAlone() throws Exception {
    CompletableFuture<Object> first = first(database);
    CompletableFuture<Object> good = start(database, handle -> add(handle, "good"));
    CompletableFuture<Object> bad =
        start(
            database,
            handle -> {
              add(handle, "half");
              throw new SheaveException(Code.CONFLICT, "No.");
            });
    CompletableFuture<Object> taken =
        start(
            database,
            handle -> {
              add(handle, "another half");
              return add(handle, "first");
            });
    awaitWaiting(3);
    isFirstDone.countDown();

    assertThat(first.get()).isEqualTo("first");
    assertThat(good.get()).isEqualTo("good");
    assertThatThrownBy(bad::join)
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("No.");
    assertThatThrownBy(taken::join).hasMessageContaining("UNIQUE");
    assertThat(items()).containsExactly("first", "good");
  }

  @Test
  void theFirstOneThatFailsHarmsNoOther() throws Exception {
    CountDownLatch hasBegun = new CountDownLatch(1);
    CompletableFuture<Object> first =
        start(
            database,
            handle -> {
              hasBegun.countDown();
              awaitFirst();
              add(handle, "half");
              throw new SheaveException(Code.CONFLICT, "No.");
            });
    assertThat(hasBegun.await(60, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Object> good = start(database, handle -> add(handle, "good"));
    awaitWaiting(1);
    isFirstDone.countDown();

    assertThatThrownBy(first::join).hasRootCauseMessage("No.");
    assertThat(good.get()).isEqualTo("good");
    assertThat(items()).containsExactly("good");
  }

  @Test
  void allAreToldIfTheirCommitFails() throws Exception {
    CompletableFuture<Object> first = first(database);
    CompletableFuture<Object> orphan =
        start(database, handle -> handle.execute("insert into child (item) values ('nobody')"));
    awaitWaiting(1);
    isFirstDone.countDown();

    assertThatThrownBy(first::join).hasMessageContaining("FOREIGN KEY");
    assertThatThrownBy(orphan::join).hasMessageContaining("FOREIGN KEY");
    assertThat(items()).isEmpty();
    assertThat(start(database, handle -> add(handle, "later")).get()).isEqualTo("later");
  }

  @Test
  void allAreToldIfTheTransactionEndsInTheMiddle() throws Exception {
    CompletableFuture<Object> first = first(database);
    CompletableFuture<Object> second =
        start(
            database,
            handle -> {
              handle.execute("rollback"); // as SQLite does when the disk is full
              throw new SheaveException(Code.UNAVAILABLE, "The disk is full.");
            });
    awaitWaiting(1);
    isFirstDone.countDown();

    assertThatThrownBy(first::join).hasRootCauseMessage("The disk is full.");
    assertThatThrownBy(second::join).hasRootCauseMessage("The disk is full.");
    assertThat(items()).isEmpty();
  }

  @Test
  void oneThatIsInterruptedWhileItWaitsChangesNothing() throws Exception {
    CompletableFuture<Object> first = first(database);
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    CompletableFuture<Object> interrupted =
        CompletableFuture.supplyAsync(
            () -> {
              thread.complete(Thread.currentThread());
              return database.write(handle -> add(handle, "interrupted"));
            },
            threads);
    awaitWaiting(1);
    thread.get().interrupt();

    assertThatThrownBy(interrupted::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(SheaveException.class)
        .hasMessageContaining("nterrupted");
    isFirstDone.countDown();
    assertThat(first.get()).isEqualTo("first");
    assertThat(items()).containsExactly("first");
  }

  @Test
  void oneThatWaitsTooLongIsToldSo() throws Exception {
    try (Database impatient = open(Duration.ofMillis(200))) {
      CompletableFuture<Object> first = first(impatient);

      assertThatThrownBy(() -> impatient.write(handle -> add(handle, "late")))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
      isFirstDone.countDown();
      assertThat(first.get()).isEqualTo("first");
    }
    assertThat(items()).containsExactly("first");
  }

  @Test
  void statementsSeeTablesThatAnotherProgramHasChanged() {
    Work<String> last =
        handle ->
            handle
                .createQuery("select i.*, 'end' as last from item i")
                .map((row, context) -> row.getString("last"))
                .findFirst()
                .orElseThrow();
    database.change(handle -> add(handle, "item"));
    assertThat(database.read(last)).isEqualTo("end");
    try (Database other = open(Duration.ofSeconds(60))) {
      other.change(handle -> handle.execute("alter table item add column more text"));
    }

    assertThat(database.read(last)).isEqualTo("end");
  }
}
