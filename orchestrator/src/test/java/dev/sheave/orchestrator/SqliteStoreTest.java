package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sheave.OrchestrationProvider;
import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.block.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a store in a SQLite file is found, made and opened, and how it is refused. */
class SqliteStoreTest {
  private static final Secret OTHER_KEY =
      Secret.of(
          Base64.getEncoder()
              .encodeToString("another key of 32 bytes, of mine".getBytes(StandardCharsets.UTF_8)));

  @TempDir private Path home;

  private static SheaveException refusal(Code code, ThrowingCallable action) {
    SheaveException refusal = catchThrowableOfType(SheaveException.class, action);
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
    return refusal;
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + Stores.file(home));
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  @Test
  void theProviderIsFoundByTheScheme() {
    assertThat(ServiceLoader.load(OrchestrationProvider.class))
        .filteredOn(provider -> provider.accepts("jdbc:sqlite:x.db"))
        .singleElement()
        .isInstanceOf(SqliteOrchestrationProvider.class);
    assertThat(new SqliteOrchestrationProvider().accepts("jdbc:postgresql://db/sheave")).isFalse();
  }

  @Test
  void theUrlNamesTheFileWhereverOneIs() {
    Path relative = Path.of("").toAbsolutePath().relativize(Stores.file(home));

    try (OrchestrationApi api =
        new SqliteOrchestrationProvider()
            .open(new Options("jdbc:sqlite:" + relative, home, null, null))) {
      assertThat(api.url()).isEqualTo("jdbc:sqlite:" + Stores.file(home));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:sqlite:",
        "jdbc:sqlite::memory:",
        "jdbc:sqlite:file:x.db",
        "jdbc:sqlite:x.db?mode=ro"
      })
  void aUrlNamesAFile(String url) {
    refusal(
        Code.INVALID,
        () -> new SqliteOrchestrationProvider().open(new Options(url, home, null, null)));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void foldersAndFilesAreMadeForTheirOwnerAlone() throws IOException {
    Path made = home.resolve("a/home");

    try (OrchestrationApi api = Stores.open(made)) {
      Stores.saveSecret(api, "mine", "s3cret");

      assertThat(permissions(made)).isEqualTo("rwx------");
      assertThat(permissions(home.resolve("a"))).isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(made)) {
        assertThat(files)
            .hasSizeGreaterThan(3)
            .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
      }
    }
  }

  private static String permissions(Path path) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    return PosixFilePermissions.toString(permissions);
  }

  @Test
  void aStoreIsThereAfterItWasClosed() {
    try (OrchestrationApi api = Stores.open(home)) {
      Stores.saveSecret(api, "mine", "s3cret");
    }

    try (OrchestrationApi api = Stores.open(home)) {
      assertThat(api.blocks().findBlockDocument("creds", "mine", true).orElseThrow().data())
          .containsEntry("password", "s3cret");
    }
  }

  @Test
  void aClosedConnectionSaysSo() {
    OrchestrationApi api = Stores.open(home);
    api.close();
    api.close();

    refusal(Code.UNAVAILABLE, () -> api.deployments().createFlow("x"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // which keeps open files
  void nothingIsWrittenToAFileThatWasRemovedOrReplacedMeanwhile() throws IOException {
    Path file = Stores.file(home);
    Path aside = home.resolve("aside.db");
    try (OrchestrationApi api = Stores.open(home)) {
      api.workQueues().createWorkQueue("first", null, null);

      Files.move(file, aside);
      assertThat(refusal(Code.UNAVAILABLE, () -> api.deployments().createFlow("lost")))
          .hasMessageContaining(file + " was removed or replaced");
      refusal(Code.UNAVAILABLE, api::checkHealth);

      Files.copy(aside, file);
      assertThat(refusal(Code.UNAVAILABLE, () -> api.deployments().createFlow("lost")))
          .hasMessageContaining("put the file back, or restart the program");

      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
      api.deployments().createFlow("kept");
    }
    try (OrchestrationApi api = Stores.open(home)) {
      assertThat(api.deployments().findFlow("kept")).isPresent();
      assertThat(api.deployments().findFlow("lost")).isEmpty();
    }
  }

  @Test
  void anEmptyFileIsFilled() throws IOException {
    Files.createFile(Stores.file(home));

    try (OrchestrationApi api = Stores.open(home)) {
      assertThat(api.deployments().createFlow("x").name()).isEqualTo("x");
    }
  }

  @Test
  void theDatabaseOfANewerVersionIsLeftAlone() throws Exception {
    Stores.open(home).close();
    sql("pragma user_version = 99");

    assertThat(refusal(Code.CONFLICT, () -> Stores.open(home)))
        .hasMessageContainingAll(
            Stores.file(home).toString(), "newer Sheave (schema 99; this one knows ", "Update");
  }

  @Test
  void otherFilesAreLeftAlone() throws Exception {
    Files.writeString(Stores.file(home), "Dear diary, ".repeat(1000));

    assertThat(refusal(Code.INVALID, () -> Stores.open(home)))
        .hasMessageContaining(Stores.file(home).toString());
    assertThat(Stores.file(home)).content().startsWith("Dear diary, ");
  }

  @Test
  void otherPeoplesDatabasesAreLeftAlone() throws Exception {
    sql("create table diary (entry text)");
    byte[] before = Files.readAllBytes(Stores.file(home));

    refusal(Code.INVALID, () -> Stores.open(home));

    assertThat(Stores.file(home)).hasBinaryContent(before);
  }

  @Test
  void aFolderIsNoDatabase() throws IOException {
    Files.createDirectory(Stores.file(home));

    refusal(Code.INVALID, () -> Stores.open(home));
  }

  @Test
  void aFolderThatCantBeMadeIsNamed() throws IOException {
    Path file = Files.createFile(home.resolve("file"));

    assertThat(refusal(Code.PERMISSION_DENIED, () -> Stores.open(file.resolve("below"))))
        .hasMessageContaining(file.resolve("below").toString());
  }

  @Test
  void aLockedDatabaseIsWaitedForAndThenGivenUp() throws Exception {
    Stores.open(home).close();
    SqliteOrchestrationProvider impatient = new SqliteOrchestrationProvider(Duration.ofMillis(300));
    try (OrchestrationApi api = impatient.open(Stores.options(home, null));
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + Stores.file(home));
        Statement statement = other.createStatement()) {
      statement.execute("begin immediate");

      assertThat(refusal(Code.UNAVAILABLE, () -> api.deployments().createFlow("x")))
          .hasMessageContainingAll(Stores.file(home).toString(), "locked", "0.3 s");
      assertThat(api.deployments().findFlow("x")).as("reading needs no lock").isEmpty();

      statement.execute("rollback");
      assertThat(api.deployments().createFlow("x").name()).isEqualTo("x");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:sqlite:/srv/sheave.db?password=s3cret",
        "jdbc:sqlite:file:/srv/sheave.db?cipher=x&key=s3cret",
        "jdbc:sqlite:\0/sheave.db?key=s3cret"
      })
  void anAddressThatIsRefusedIsRepeatedWithoutItsPassword(String url) {
    assertThatThrownBy(
            () ->
                new SqliteOrchestrationProvider()
                    .open(new dev.sheave.OrchestrationProvider.Options(url, home, null, null)))
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining("jdbc:sqlite:")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aKeyIsMadeOnceAndKept() throws IOException {
    Stores.open(home).close();
    String key = Files.readString(home.resolve("encryption.key"));

    Stores.open(home).close();

    assertThat(home.resolve("encryption.key")).hasContent(key);
    assertThat(Base64.getDecoder().decode(key.strip())).hasSize(32);
  }

  @Test
  void aKeyThatIsGivenIsUsedAndWrittenNowhere() {
    try (OrchestrationApi api = Stores.open(home, OTHER_KEY)) {
      Stores.saveSecret(api, "mine", "s3cret");
    }

    assertThat(home.resolve("encryption.key")).doesNotExist();
    try (OrchestrationApi api = Stores.open(home, OTHER_KEY)) {
      assertThat(api.blocks().findBlockDocument("creds", "mine", true).orElseThrow().data())
          .containsEntry("password", "s3cret");
    }
  }

  @Test
  void theWrongKeyIsRefusedByItsSource() throws IOException {
    Stores.open(home).close();

    assertThat(refusal(Code.PERMISSION_DENIED, () -> Stores.open(home, OTHER_KEY)))
        .hasMessageContainingAll("SHEAVE_ENCRYPTION_KEY", Stores.file(home).toString())
        .hasMessageNotContaining(OTHER_KEY.reveal());

    Files.writeString(home.resolve("encryption.key"), OTHER_KEY.reveal());
    assertThat(refusal(Code.PERMISSION_DENIED, () -> Stores.open(home)))
        .hasMessageContaining(home.resolve("encryption.key").toString())
        .hasMessageNotContaining(OTHER_KEY.reveal());
  }

  @Test
  void aLostKeyIsNotReplacedByANewOne() throws IOException {
    Stores.open(home).close();
    Files.delete(home.resolve("encryption.key"));

    assertThat(refusal(Code.PERMISSION_DENIED, () -> Stores.open(home)))
        .hasMessageContaining(home.resolve("encryption.key").toString());
    assertThat(home.resolve("encryption.key")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "password", "c2hvcnQ=", "not base64 at all!"})
  void aKeyIs32BytesInBase64(String text) {
    assertThatThrownBy(() -> Stores.open(home, Secret.of(text)))
        .isInstanceOf(SheaveException.class)
        .hasMessageContainingAll("SHEAVE_ENCRYPTION_KEY", "32 bytes in base64")
        .satisfies(e -> assertThat(((SheaveException) e).code()).isEqualTo(Code.INVALID));
    assertThat(Stores.file(home)).doesNotExist();
  }
}
