package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.KeyRotation;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.block.Secret;
import dev.sheave.orchestrator.StoreProcess.Work;
import dev.sheave.orchestrator.internal.block.JdbcBlockApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changing the key that documents are encrypted with. */
class KeyRotationTest {
  private static final Secret FIRST = Secret.of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
  private static final Secret SECOND = Secret.of("BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=");
  private static final int DOCUMENTS = 5;

  @TempDir private Path home;

  private Path keyFile() {
    return home.resolve("encryption.key");
  }

  private List<String> keys() throws IOException {
    return Files.readAllLines(keyFile());
  }

  private static void saveSome(OrchestrationApi api) {
    for (int i = 0; i < DOCUMENTS; i++) {
      Stores.saveSecret(api, "block-" + i, "s3cret-" + i);
    }
    saveAnonymously(api);
  }

  private static BlockDocumentRecord saveAnonymously(OrchestrationApi api) {
    return api.blocks()
        .createBlockDocument(
            new NewBlockDocument(null, Stores.schema(api).id(), Map.of("password", "anon"), true));
  }

  private static void assertAllReadable(OrchestrationApi api) {
    assertThat(api.blocks().listBlockDocuments(BlockDocumentFilter.NAMED, Page.FIRST, true))
        .extracting(BlockDocumentRecord::name, document -> document.data().get("password"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> tuple("block-" + i, "s3cret-" + i))
                .toList());
  }

  private List<String> keyIdsInDatabase() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + Stores.file(home));
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select id from encryption_key union select key_id from block_document")) {
      List<String> ids = new ArrayList<>();
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
      return ids;
    }
  }

  @Test
  void allDocumentsAreMovedToANewKeyAndTheOldOneIsForgotten() throws Exception {
    BlockDocumentRecord before;
    BlockDocumentRecord shared;
    try (OrchestrationApi api = Stores.open(home)) {
      saveSome(api);
      before = api.blocks().findBlockDocument("creds", "block-0", false).orElseThrow();
      shared = saveAnonymously(api);
    }
    List<String> oldKeys = keys();
    List<String> oldIds = keyIdsInDatabase();

    try (OrchestrationApi api = Stores.open(home)) {
      assertThat(Stores.rotateKey(api, false))
          .isEqualTo(new KeyRotation(DOCUMENTS + 1, false, true));
      assertAllReadable(api);
      assertThat(api.blocks().findBlockDocument("creds", "block-0", false)).contains(before);
      assertThat(saveAnonymously(api).id()).as("shared by content").isEqualTo(shared.id());
    }

    assertThat(keys()).hasSize(1).doesNotContainAnyElementsOf(oldKeys);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
        .isEqualTo("rw-------");
    assertThat(keyIdsInDatabase()).hasSize(1).doesNotContainAnyElementsOf(oldIds);
    try (OrchestrationApi api = Stores.open(home)) {
      assertAllReadable(api);
      assertThat(saveAnonymously(api).id()).isEqualTo(shared.id());
    }
    Files.write(keyFile(), oldKeys);
    SheaveException refusal =
        catchThrowableOfType(SheaveException.class, () -> Stores.open(home).close());
    assertThat(refusal.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(refusal).hasMessageContaining("The encryption key in " + keyFile());
  }

  /** Fails after some steps of a rotation. */
  private static Runnable faultAfter(int steps) {
    AtomicInteger done = new AtomicInteger();
    return () -> {
      if (done.incrementAndGet() == steps) {
        throw new IllegalStateException("fault after step " + steps);
      }
    };
  }

  // the key file, the registration, three batches, the end of the old key in the database
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void aRotationThatFailsAnywhereGoesOnWhenItIsRunAgain(int steps) throws Exception {
    try (OrchestrationApi api = Stores.open(home)) {
      saveSome(api);
      BlockDocumentRecord shared = saveAnonymously(api);
      assertThat(
              catchThrowableOfType(
                  IllegalStateException.class,
                  () -> ((JdbcBlockApi) api.blocks()).keyRotation(faultAfter(steps), 2).run(false)))
          .isNotNull();

      assertAllReadable(api);
      assertThat(keys()).hasSize(2);
      String newKey = keys().get(0);
      try (OrchestrationApi other = Stores.open(home)) {
        assertAllReadable(other);
        assertThat(saveAnonymously(other).id()).as("shared by content").isEqualTo(shared.id());
        assertThat(Stores.rotateKey(other, false).isResumed()).isTrue();
        assertAllReadable(other);
      }
      assertThat(keys()).containsExactly(newKey);
      assertThat(keyIdsInDatabase()).hasSize(1);
      assertAllReadable(api);
      assertThat(saveAnonymously(api).id()).isEqualTo(shared.id());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void aRotationThatIsKilledAnywhereGoesOnWhenItIsRunAgain(int steps) throws Exception {
    try (OrchestrationApi api = Stores.open(home)) {
      saveSome(api);
    }
    try (StoreProcess process = StoreProcess.start(Work.ROTATE, home, "2")) {
      for (int i = 0; i < steps; i++) {
        process.begin();
        assertThat(process.readLine()).isEqualTo("step");
      }
      process.kill();
    }

    try (OrchestrationApi api = Stores.open(home)) {
      assertAllReadable(api);
      assertThat(Stores.rotateKey(api, false).isResumed()).isTrue();
      assertAllReadable(api);
    }
    assertThat(keys()).hasSize(1);
    assertThat(keyIdsInDatabase()).hasSize(1);
  }

  /** At a moment that nobody chose, mostly within a step. */
  @RepeatedTest(4)
  void aRotationThatIsKilledInTheMidstOfItGoesOnWhenItIsRunAgain(RepetitionInfo repetition)
      throws Exception {
    try (OrchestrationApi api = Stores.open(home)) {
      saveSome(api);
    }
    try (StoreProcess process = StoreProcess.start(Work.ROTATE, home, "1")) {
      process.begin();
      for (int i = 1; i < repetition.getCurrentRepetition(); i++) {
        process.readLine();
        process.begin();
      }
      process.kill();
    }

    try (OrchestrationApi api = Stores.open(home)) {
      assertAllReadable(api);
      Stores.rotateKey(api, false);
      assertAllReadable(api);
    }
    assertThat(keys()).hasSize(1);
    assertThat(keyIdsInDatabase()).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
        .isEqualTo("rw-------");
  }

  @Test
  void aRotationThatAnotherOneOvertookGivesUp() throws Exception {
    try (OrchestrationApi slow = Stores.open(home);
        OrchestrationApi fast = Stores.open(home)) {
      saveSome(slow);
      AtomicBoolean isFirst = new AtomicBoolean(true);
      Runnable overtake =
          () -> {
            if (isFirst.getAndSet(false)) {
              Stores.rotateKey(fast, false); // this ends the one that has begun
              Stores.rotateKey(fast, false); // and this replaces its key
            }
          };
      SheaveException refusal =
          catchThrowableOfType(
              SheaveException.class,
              () -> ((JdbcBlockApi) slow.blocks()).keyRotation(overtake, 2).run(false));
      assertThat(refusal.code()).isEqualTo(Code.CONFLICT);
      assertAllReadable(slow);
    }
    assertThat(keys()).hasSize(1);
    try (OrchestrationApi api = Stores.open(home)) {
      assertAllReadable(api);
    }
  }

  @Test
  void othersReadAndWriteWhileAKeyIsRotated() throws Exception {
    try (OrchestrationApi mine = Stores.open(home);
        StoreProcess other = StoreProcess.start(Work.SAVE_FOREVER, home, "other")) {
      saveSome(mine);
      other.begin();
      for (int rotation = 0; rotation < 5; rotation++) {
        String saved = other.readLine();
        try (OrchestrationApi rotating = Stores.open(home)) {
          Stores.rotateKey(rotating, false);
        }
        // this connection has known the first key alone
        assertThat(mine.blocks().findBlockDocument("creds", saved, true).orElseThrow().data())
            .containsEntry("password", "s3cret");
        for (int i = 0; i < 3; i++) {
          saved = other.readLine();
        }
        assertThat(mine.blocks().findBlockDocument("creds", saved, true)).isPresent();
      }
      Stores.saveSecret(mine, "last", "s3cret");
    }
    assertThat(keys()).hasSize(1);
    assertThat(keyIdsInDatabase()).hasSize(1);
  }

  @Test
  void aKeyFileOfTwoDatabasesKeepsTheOldKeyOnRequest() throws Exception {
    String otherUrl = "jdbc:sqlite:" + home.resolve("other.db");
    var otherOptions = new Options(otherUrl, home, null, null);
    try (OrchestrationApi api = Stores.open(home);
        OrchestrationApi other = new SqliteOrchestrationProvider().open(otherOptions)) {
      saveSome(api);
      saveSome(other);
      Stores.rotateKey(api, true);
      assertAllReadable(other);
    }
    try (OrchestrationApi other = new SqliteOrchestrationProvider().open(otherOptions)) {
      assertAllReadable(other);
      assertThat(Stores.rotateKey(other, false))
          .isEqualTo(new KeyRotation(DOCUMENTS + 1, true, true));
      assertAllReadable(other);
    }
    assertThat(keys()).hasSize(1);
    try (OrchestrationApi api = Stores.open(home)) {
      assertAllReadable(api);
    }
  }

  @Test
  void aKeyThatWasGivenIsRotatedToOneThatIsGiven() throws Exception {
    try (OrchestrationApi api = Stores.open(home, FIRST)) {
      saveSome(api);
      assertThat(catchThrowableOfType(SheaveException.class, () -> Stores.rotateKey(api, false)))
          .hasMessageContaining("SHEAVE_NEW_ENCRYPTION_KEY");
    }
    Secret both = Secret.of(SECOND.reveal() + " " + FIRST.reveal());
    try (OrchestrationApi api = Stores.open(home, both)) {
      assertThat(
              catchThrowableOfType(
                  IllegalStateException.class,
                  () -> ((JdbcBlockApi) api.blocks()).keyRotation(faultAfter(3), 2).run(false)))
          .isNotNull();
      assertAllReadable(api);
    }
    try (OrchestrationApi api = Stores.open(home, both)) {
      assertThat(Stores.rotateKey(api, false))
          .isEqualTo(new KeyRotation(DOCUMENTS + 1 - 2, true, false));
    }
    try (OrchestrationApi api = Stores.open(home, SECOND)) {
      assertAllReadable(api);
    }
    assertThat(keyFile()).doesNotExist();
    assertThat(keyIdsInDatabase()).hasSize(1);
  }
}
