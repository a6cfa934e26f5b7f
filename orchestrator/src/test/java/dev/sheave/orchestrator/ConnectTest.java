package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.StringBlock;
import dev.sheave.deployment.FlowRunHandle;
import dev.sheave.deployment.RunOptions;
import dev.sheave.flow.Flow;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.internal.SheaveOnly;
import dev.sheave.storage.LocalFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections, and what is saved over them, as programs meet them. */
class ConnectTest {

  /** A flow. */
  public static class Flows {
    @Flow
    public static void tick() {}
  }

  @TempDir Path folder;

  private Sheave connect() {
    return Sheave.builder()
        .url("jdbc:sqlite:" + folder.resolve("sheave.db"))
        .home(folder.resolve("home"))
        .connect();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:mysql://localhost/x                        | use a URL such as
          foo                                             | use a URL such as
          jdbc:sqlite                                     | use a URL such as
          """)
  void aUrlThatIsNotServedYetIsSaidToBeSo(String url, String advice) {
    assertThatThrownBy(() -> Sheave.connect(url))
        .hasMessageStartingWith("'")
        .hasMessageEndingWith(
            "' can't be connected to: " + advice + " jdbc:sqlite:/home/me/sheave.db.")
        .hasMessageNotContaining("secret");
  }

  /** What a person has in the home folder isn't a program's that names its own. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProgramThatSaysAllReadsNoFileOfTheUsers(boolean urlFirst) throws IOException {
    Path users = Files.createDirectories(folder.resolve("user"));
    Files.writeString(users.resolve("profiles.yaml"), "active: [this can't be read");
    Files.createDirectories(users.resolve("plugins"));
    Files.createDirectory(users.resolve("plugins/broken.jar"));
    Path home = folder.resolve("home");
    String url = "jdbc:sqlite:" + folder.resolve("own.db");
    Sheave.Builder builder = Sheave.builder(Map.of("SHEAVE_HOME", users.toString()));

    try (Sheave sheave =
        (urlFirst ? builder.url(url).home(home) : builder.home(home).url(url)).connect()) {
      assertThat(sheave.home()).isEqualTo(home);
      sheave.blocks().save(new StringBlock("x"), "x", SaveMode.CREATE);
    }
    assertThat(folder.resolve("own.db")).exists();
    assertThat(home.resolve("sheave.db")).doesNotExist();
    assertThat(users).isDirectoryNotContaining("glob:**/{sheave.db,encryption.key}");
  }

  @Test
  void aHomeAloneNamesItsOwnDatabase() throws IOException {
    Path users = Files.createDirectories(folder.resolve("user"));
    Files.writeString(
        users.resolve("profiles.yaml"),
        "active: p\nprofiles: {p: {SHEAVE_API_URL: 'jdbc:sqlite:/proc/nope.db'}}");
    Path home = folder.resolve("home");

    Sheave.builder(Map.of("SHEAVE_HOME", users.toString(), "SHEAVE_PROFILE", "p"))
        .home(home)
        .connect()
        .close();

    assertThat(home.resolve("sheave.db")).exists();
  }

  @Test
  void theKeyOfAnotherUrlIsNotSent() {
    Map<String, String> environment =
        Map.of("SHEAVE_API_URL", "https://one.example.org/api", "SHEAVE_API_KEY", "k");
    String url = "jdbc:sqlite:" + folder.resolve("sheave.db");

    try (Sheave sheave =
        Sheave.builder(environment).home(folder.resolve("home")).url(url).connect()) {
      assertThat(sheave.key(SheaveOnly.PASS)).isEmpty();
    }
    try (Sheave sheave =
        Sheave.builder(Map.of("SHEAVE_API_URL", url, "SHEAVE_API_KEY", "k"))
            .home(folder.resolve("home"))
            .connect()) {
      assertThat(sheave.key(SheaveOnly.PASS)).map(Secret::reveal).contains("k");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://me:secret@127.0.0.1:1/x?sslpassword=secret, UNAVAILABLE,"
        + " The database jdbc:postgresql://me@127.0.0.1:1/x doesn't respond: Connection refused.",
    "jdbc:postgresql:x, INVALID,"
        + " The URL jdbc:postgresql:x must be like jdbc:postgresql://user@host:5432/database.",
    "jdbc:postgresql://me:secret@h, INVALID,"
        + " The URL jdbc:postgresql://h must be like jdbc:postgresql://user@host:5432/database."
  })
  void aDatabaseServerThatCannotBeReachedIsNamedWithoutItsPassword(
      String url, Code code, String message) {
    assertThatThrownBy(() -> Sheave.builder().url(url).home(folder).connect())
        .isInstanceOfSatisfying(SheaveException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "many", "-1"})
  void aNumberOfConnectionsThatCannotBeIsRefused(String wanted) {
    Options options = new Options("jdbc:postgresql://me@127.0.0.1:1/x", folder, null, null);

    assertThatThrownBy(
            () ->
                new PostgresOrchestrationProvider(Map.of("SHEAVE_DATABASE_CONNECTIONS", wanted))
                    .open(options))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessage(
            "SHEAVE_DATABASE_CONNECTIONS must be a number of connections from 1 to 1000, not '"
                + wanted
                + "'.");
  }

  @Test
  void anInterruptedThreadIsToldSo() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(this::connect)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INTERRUPTED))
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aFolderThatCannotBeMadeIsNamedWithoutTheJdksException() throws IOException {
    assertThatThrownBy(() -> Sheave.connect("jdbc:sqlite:/proc/nope/x.db"))
        .hasMessage("The folder /proc/nope of the database can't be created; name another one.");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> Sheave.connect("jdbc:sqlite:" + file.resolve("x.db")))
        .hasMessage("The folder " + file + " of the database is a file; name another one.");
  }

  @Test
  void aKeyFileThatOthersCanReadIsRefused() throws IOException {
    Path key = folder.resolve("home/encryption.key");
    connect().close();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(this::connect)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.PERMISSION_DENIED))
        .hasMessage(
            "The key file "
                + key
                + " isn't used: others have access to it (rw-r--r--). Run 'chmod 600 "
                + key
                + "'; if others may have read the key, replace it.");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    connect().close();
  }

  @Test
  void aKeyThatTheProgramGivesIsntAskedForAgain() {
    connect().close();
    Secret other = Secret.of(Base64.getEncoder().encodeToString(new byte[32]));

    assertThatThrownBy(() -> withKey(other))
        .hasMessageStartingWith("The encryption key that is set (by")
        .hasMessageEndingWith("sheave.db was encrypted with. Set the right one.");
    assertThatThrownBy(() -> withKey(Secret.of("short")))
        .hasMessageStartingWith("The encryption key that is set (by");
  }

  private Sheave withKey(Secret key) {
    return Sheave.builder()
        .url("jdbc:sqlite:" + folder.resolve("sheave.db"))
        .home(folder.resolve("home"))
        .encryptionKey(key)
        .connect();
  }

  @Test
  void aKeyFileMayHaveAByteOrderMark() throws IOException {
    Path key = folder.resolve("home/encryption.key");
    try (Sheave sheave = connect()) {
      sheave.blocks().save(new StringBlock("x"), "x", SaveMode.CREATE);
    }
    Files.writeString(key, "\uFEFF" + Files.readString(key).strip() + "\r\n");

    try (Sheave sheave = connect()) {
      assertThat(sheave.blocks().load("string/x")).isEqualTo(new StringBlock("x"));
    }
  }

  @Test
  void whatIsWaitedForWithoutEndIsWaitedFor() {
    try (Sheave sheave = connect()) {
      sheave
          .deployments()
          .buildFromFlow(FlowMethods.find(Flows.class, "tick"), "t")
          .skipUpload(true)
          .apply();
      FlowRunHandle run = sheave.deployments().run("tick/t", RunOptions.DEFAULTS);
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> run.await(ChronoUnit.FOREVER.getDuration()))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INTERRUPTED));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void pathsOfThisMachineAreSavedAsAbsoluteOnes() {
    try (Sheave sheave = connect()) {
      String here = Path.of("").toAbsolutePath().toString();
      String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
      LocalFileSystem.Builder storage = LocalFileSystem.builder();

      sheave.blocks().save(storage.build(), "none", SaveMode.CREATE);
      sheave.blocks().save(storage.basepath("a/../b").build(), "relative", SaveMode.CREATE);
      sheave.blocks().save(storage.basepath("~/c").build(), "home", SaveMode.CREATE);
      sheave
          .blocks()
          .save(ProcessInfrastructure.builder().workingDir("w").build(), "p", SaveMode.CREATE);
      sheave.blocks().save(ProcessInfrastructure.builder().build(), "q", SaveMode.CREATE);

      assertThat(data(sheave, "local-file-system/none")).containsEntry("basepath", here);
      assertThat(data(sheave, "local-file-system/relative")).containsEntry("basepath", here + "/b");
      assertThat(data(sheave, "local-file-system/home")).containsEntry("basepath", home + "/c");
      assertThat(data(sheave, "process/p")).containsEntry("working_dir", here + "/w");
      assertThat(data(sheave, "process/q")).containsEntry("working_dir", null);

      sheave.blocks().draft("process/q").with("working_dir", "x").save();
      assertThat(data(sheave, "process/q")).containsEntry("working_dir", here + "/x");
    }
  }

  @Test
  void aDocumentThatAnotherProgramSavedStaysAsItIs() {
    try (Sheave sheave = connect()) {
      sheave.blocks().save(LocalFileSystem.builder().build(), "theirs", SaveMode.CREATE);
      sheave.blocks().draft("local-file-system/theirs").with("basepath", null).save();

      LocalFileSystem theirs =
          sheave.blocks().load("local-file-system/theirs", LocalFileSystem.class);
      sheave.blocks().save(theirs.toBuilder().build(), "theirs", SaveMode.OVERWRITE);

      assertThat(theirs.basepath()).isEmpty();
      assertThat(data(sheave, "local-file-system/theirs")).containsEntry("basepath", null);
    }
  }

  private static Map<String, Object> data(Sheave sheave, String reference) {
    return sheave.blocks().document(reference).data();
  }
}
