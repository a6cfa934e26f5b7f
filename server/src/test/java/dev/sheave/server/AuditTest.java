package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.KeyScope;
import dev.sheave.api.Page;
import dev.sheave.server.ServedStore.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server notes of the changes that are made through it, and how many it takes. */
class AuditTest {
  @TempDir private Path folder;

  private static Answer send(
      ServedStore store, String key, String method, String path, @Nullable String body) {
    return store.send(method, path, body, "Authorization", "Bearer " + key);
  }

  @Test
  void aChangeIsNotedWithWhoMadeIt() {
    try (ServedStore store = new ServedStore(folder)) {
      String admin = store.key("ann", KeyScope.ADMIN);
      String run = store.key("bob", KeyScope.RUN);
      String id = send(store, run, "POST", "/flows/", "{\"name\":\"f\"}").text("id");
      send(store, run, "POST", "/flows/filter", "{}");
      send(store, run, "DELETE", "/flows/" + id, null);
      send(store, admin, "DELETE", "/flows/" + id + "?x=secret", null);
      // what is noted last is written at the end
      store.server.close();

      var changes =
          store.sheave.api().administration().orElseThrow().audit().listChanges(Page.FIRST);
      assertThat(changes)
          .extracting(change -> change.who() + " " + change.method() + " " + change.path())
          .containsExactly("ann DELETE /flows/" + id, "bob POST /flows/");
      assertThat(changes)
          .allSatisfy(change -> assertThat(change.address()).isEqualTo("127.0.0.1"))
          .extracting(change -> change.status())
          .containsExactly(204, 201);
    }
  }

  @Test
  void theChangesAreForAdministrators() {
    try (ServedStore store =
        new ServedStore(folder, settings -> settings.requestsPerSecond(1_000_000))) {
      String admin = store.key("ann", KeyScope.ADMIN);
      String run = store.key("bob", KeyScope.RUN);
      send(store, run, "POST", "/flows/", "{\"name\":\"f\"}");
      assertThat(send(store, run, "POST", "/sheave/audit/filter", "{}").status()).isEqualTo(403);
      List<?> changes = List.of();
      while (changes.isEmpty()) {
        Answer answer = send(store, admin, "POST", "/sheave/audit/filter", "{\"limit\":5}");
        assertThat(answer.status()).isEqualTo(200);
        changes = (List<?>) Objects.requireNonNull(answer.body());
        Thread.onSpinWait();
      }
      assertThat(Answer.first(changes)).containsEntry("who", "bob").containsKey("time");
    }
  }

  @Test
  void aKeyMakesNoMoreRequestsInASecondThanItMay() {
    try (ServedStore store = new ServedStore(folder, settings -> settings.requestsPerSecond(2))) {
      String one = store.key("one", KeyScope.READ);
      String two = store.key("two", KeyScope.READ);
      Answer refused =
          IntStream.range(0, 1000)
              .mapToObj(i -> send(store, one, "GET", "/admin/version", null))
              .filter(answer -> answer.status() != 200)
              .findFirst()
              .orElseThrow();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("Retry-After")).contains("1");
      assertThat(refused.text("detail")).contains("'one' may make 2 requests a second");
      assertThat(send(store, two, "GET", "/admin/version", null).status()).isEqualTo(200);
    }
  }
}
