package dev.sheave.orchestrator.internal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.orchestrator.internal.database.Database.GroupWork;
import dev.sheave.orchestrator.internal.database.Database.Requests;
import dev.sheave.testkit.PostgresSchema;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What becomes of a group whose transaction fails. */
class PostgresGroupsTest {
  private final PostgresSchema schema = new PostgresSchema();
  private final AtomicInteger alone = new AtomicInteger();
  private Database database;

  @BeforeEach
  void open() throws Exception {
    schema.execute(
        "create table item (name text primary key)",
        "create table child (item text references item deferrable initially deferred)");
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(schema.url().replaceAll("//.*@", "//"));
    source.setUser(schema.url().replaceAll(".*//(.*)@.*", "$1"));
    source.setPassword(PostgresSchema.password());
    database = new Database(new PostgresDialect(source, "test"), null, 2);
  }

  @AfterEach
  void close() throws Exception {
    database.close();
    schema.close();
  }

  /** Executes statements. */
  private Requests<String, String> statements(@Nullable RuntimeException afterwards) {
    return database.grouped(
        new GroupWork<String, String>() {
          @Override
          public double share(String request) {
            return 1;
          }

          @Override
          public List<Optional<String>> doTogether(Handle handle, List<String> requests) {
            requests.forEach(handle::execute);
            if (afterwards != null) {
              throw afterwards;
            }
            return requests.stream().map(each -> Optional.of("together")).toList();
          }

          @Override
          public String doAlone(Handle handle, String request) {
            alone.incrementAndGet();
            handle.execute(request);
            return "alone";
          }
        });
  }

  @Test
  void oneThatFailsIsTakenBackAndDoneAlone() throws Exception {
    Requests<String, String> statements = statements(new OvertakenException("no"));

    assertThat(statements.submit("insert into item values ('a')")).isEqualTo("alone");
    assertThat(schema.text("select count(*) from item")).isEqualTo("1");
  }

  @Test
  void whatMayHaveBeenCommittedIsNotDoneAgain() throws Exception {
    Requests<String, String> statements = statements(null);

    assertThatThrownBy(() -> statements.submit("insert into child values ('nobody')"))
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining("foreign key");
    assertThat(alone).hasValue(0);
    assertThat(statements.submit("insert into item values ('a')")).isEqualTo("together");
  }
}
