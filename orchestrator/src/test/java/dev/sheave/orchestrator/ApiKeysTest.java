package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.ApiKeyRecord;
import dev.sheave.api.IssuedApiKey;
import dev.sheave.api.KeyScope;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.block.Secret;
import dev.sheave.testkit.PostgresSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** API keys, in each kind of database. */
class ApiKeysTest {

  abstract static class Contract {
    @TempDir Path home;
    private OrchestrationApi api;
    private ApiKeyApi keys;

    abstract OrchestrationApi connect();

    @BeforeEach
    void open() {
      api = connect();
      keys = api.administration().orElseThrow().apiKeys();
    }

    @AfterEach
    void close() {
      if (api != null) { // the database may be missing
        api.close();
      }
    }

    private static void assertRefused(SheaveException.Code code, Runnable action) {
      assertThatThrownBy(action::run)
          .isInstanceOf(SheaveException.class)
          .extracting("code")
          .isEqualTo(code);
    }

    @Test
    void aKeyIsFoundByItselfAndItsUseIsNoted() {
      assertThat(keys.hasKeys()).isFalse();
      IssuedApiKey key = keys.createKey("laptop", KeyScope.ADMIN, Duration.ofDays(90));
      assertThat(key.secret().reveal()).matches("shv_[0-9a-f]{72}");
      assertThat(key.record().start()).isEqualTo(key.secret().reveal().substring(0, 12));
      assertThat(keys.listKeys()).singleElement().satisfies(k -> assertThat(k.lastUsed()).isNull());

      ApiKeyRecord found = keys.useKey(key.secret()).orElseThrow();

      assertThat(found.scope()).isEqualTo(KeyScope.ADMIN);
      assertThat(found.expires()).isEqualTo(found.created().plus(Duration.ofDays(90)));
      assertThat(keys.listKeys().get(0).lastUsed()).isBetween(found.created(), Instant.now());
      assertThat(keys.hasKeys()).isTrue();
    }

    @Test
    void anotherTextIsNoKey() {
      Secret key = keys.createKey("laptop", KeyScope.READ, null).secret();
      String text = key.reveal();
      char last = text.charAt(40);
      String changed = text.substring(0, 40) + (last == '0' ? '1' : '0') + text.substring(41);
      for (String other :
          List.of("", "shv_", "x", text + "0", changed, text.toUpperCase(Locale.ROOT))) {
        assertThat(keys.useKey(Secret.of(other))).as(other).isEmpty();
      }
    }

    @Test
    void aKeyEndsAtItsTime() {
      Secret key = keys.createKey("short", KeyScope.READ, Duration.ofMillis(1)).secret();
      while (keys.useKey(key).isPresent()) {
        Thread.onSpinWait();
      }
      assertThat(keys.listKeys()).isEmpty();
      // a server doesn't become open to all because a key has expired
      assertThat(keys.hasKeys()).isTrue();
    }

    @Test
    void twoKeysAreValidWhileOneIsRolled() {
      IssuedApiKey old = keys.createKey("agent", KeyScope.RUN, Duration.ofDays(10));
      IssuedApiKey next = keys.rollKey("agent", Duration.ofHours(1));

      assertThat(next.record().scope()).isEqualTo(KeyScope.RUN);
      assertThat(next.record().expires())
          .isEqualTo(next.record().created().plus(Duration.ofDays(10)));
      assertThat(keys.useKey(old.secret()).orElseThrow().expires())
          .isEqualTo(next.record().created().plus(Duration.ofHours(1)));
      assertThat(keys.useKey(next.secret())).isPresent();

      IssuedApiKey last = keys.rollKey("agent", Duration.ZERO);
      assertThat(keys.useKey(old.secret())).isEmpty();
      assertThat(keys.useKey(next.secret())).isEmpty();
      assertThat(keys.useKey(last.secret())).isPresent();
    }

    @Test
    void aRevokedKeyEndsAtOnce() {
      IssuedApiKey key = keys.createKey("agent", KeyScope.RUN, null);
      keys.rollKey("agent", Duration.ofHours(1));
      keys.revokeKey("agent");
      assertThat(keys.useKey(key.secret())).isEmpty();
      assertThat(keys.listKeys()).isEmpty();
      assertRefused(SheaveException.Code.NOT_FOUND, () -> keys.revokeKey("agent"));
      assertRefused(
          SheaveException.Code.NOT_FOUND, () -> keys.rollKey("agent", Duration.ofHours(1)));
    }

    @Test
    void wrongValuesAreRefused() {
      keys.createKey("agent", KeyScope.RUN, null);
      assertRefused(
          SheaveException.Code.ALREADY_EXISTS, () -> keys.createKey("agent", KeyScope.READ, null));
      assertRefused(SheaveException.Code.INVALID, () -> keys.createKey(" ", KeyScope.READ, null));
      assertRefused(
          SheaveException.Code.INVALID, () -> keys.createKey("a", KeyScope.READ, Duration.ZERO));
      assertRefused(
          SheaveException.Code.INVALID, () -> keys.rollKey("agent", Duration.ofHours(-1)));
    }

    @Test
    void aRunsKeyEndsAMinuteAfterTheRunAtTheLatest() {
      UUID flow = api.deployments().createFlow("f").id();
      UUID run = api.flowRuns().createFlowRunOfFlow(flow, NewFlowRun.now(Map.of())).id();
      Secret key = api.flowRuns().createRunKey(run);

      ApiKeyRecord before = keys.useKey(key).orElseThrow();
      assertThat(before.flowRunId()).isEqualTo(run);
      assertThat(before.isRunOver()).isFalse();
      assertThat(before.expires()).isNull();
      // it isn't a key that the server wants of others
      assertThat(keys.hasKeys()).isFalse();
      assertThat(keys.listKeys()).isEmpty();

      api.flowRuns().setFlowRunState(run, State.of(StateType.CRASHED), true);
      ApiKeyRecord after = keys.useKey(key).orElseThrow();
      assertThat(after.isRunOver()).isTrue();
      assertThat(after.expires()).isBefore(Instant.now().plusSeconds(61));
      // a run that is run again gets another key
      api.flowRuns().setFlowRunState(run, State.of(StateType.SCHEDULED), true);
      assertThat(keys.useKey(key).orElseThrow().expires()).isEqualTo(after.expires());

      api.flowRuns().deleteFlowRun(run);
      assertThat(keys.useKey(key)).isEmpty();
    }
  }

  @Nested
  class InSqlite extends Contract {
    @Override
    OrchestrationApi connect() {
      return Stores.open(home);
    }

    @Test
    void keysAreNotInTheFile() throws Exception {
      String key =
          connect()
              .administration()
              .orElseThrow()
              .apiKeys()
              .createKey("a", KeyScope.READ, null)
              .secret()
              .reveal();
      String secret = key.substring(12);
      for (String suffix : List.of("", "-wal")) {
        Path file = Path.of(Stores.file(home) + suffix);
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(secret);
      }
    }
  }

  @Nested
  class InPostgres extends Contract {
    private final PostgresSchema schema = new PostgresSchema();

    @Override
    OrchestrationApi connect() {
      return Stores.open(schema, home);
    }

    @AfterEach
    void drop() throws Exception {
      schema.close();
    }
  }
}
