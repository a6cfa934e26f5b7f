package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.KeyPair;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.SecretMap;
import dev.sheave.storage.net.SharedResources;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.TroubledServer;
import dev.sheave.testkit.storage.Warnings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftpTest {
  @TempDir Path temporary;

  @Test
  void aPasswordLogsIn() {
    String password = SftpService.variable("SFTP_PASSWORD");
    assumeFalse(password.equals("none"), "the server has passwords only if root starts it");
    Map<String, String> settings = SftpService.settings();
    settings.remove("key_filename");
    settings.put("password", password);

    worksWith(settings);
  }

  @Test
  void aKeyInTheSettingsLogsIn() throws IOException {
    Map<String, String> settings = SftpService.settings();
    settings.put("private_key", Files.readString(Path.of(settings.remove("key_filename"))));
    settings.put("known_hosts", Files.readString(Path.of(settings.remove("known_hosts_filename"))));

    worksWith(settings);
  }

  @Test
  void keysAndKnownHostsOfAnotherEditorLogIn() throws IOException {
    Map<String, String> settings = SftpService.settings();
    for (String name : new String[] {"key_filename", "known_hosts_filename"}) {
      String text = Files.readString(Path.of(settings.get(name))).strip();
      Path copy = Files.createFile(temporary.resolve(name));
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(copy, "\uFEFF" + text.replace("\n", "\r\n"));
      settings.put(name, copy.toString());
    }
    worksWith(settings);

    settings.put("private_key", Files.readString(Path.of(settings.remove("key_filename"))));
    settings.put("known_hosts", Files.readString(Path.of(settings.remove("known_hosts_filename"))));
    worksWith(settings);
  }

  @Test
  void aKeyFileThatOthersCanReadIsRefused() throws IOException {
    Map<String, String> settings = SftpService.settings();
    Path copy = Files.copy(Path.of(settings.get("key_filename")), temporary.resolve("key"));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r-----"));
    settings.put("key_filename", copy.toString());

    Refusal.ofEach(
        SftpService.block(settings),
        temporary,
        Code.PERMISSION_DENIED,
        "others have access to it (rw-r-----)");
  }

  @Test
  void filesOfThisMachineAreSavedWithTheirWholeNames() {
    Map<String, String> settings = Map.of("key_filename", "keys/mine", "password", "p");

    assertThat(SftpService.block(settings).settings().reveal())
        .containsEntry("key_filename", Path.of("keys/mine").toAbsolutePath().toString());
  }

  @Test
  void aKeyWithAPassphraseLogsIn() throws Exception {
    Map<String, String> settings = withPassphrase();
    settings.put("passphrase", Refusal.CANARY);

    worksWith(settings);
  }

  private static Map<String, String> withPassphrase() throws Exception {
    Map<String, String> settings = SftpService.settings();
    KeyPair key = KeyPair.load(new JSch(), settings.remove("key_filename"));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    key.writeOpenSSHv1PrivateKey(text, Refusal.CANARY.getBytes(UTF_8));
    settings.put("private_key", text.toString(UTF_8));
    return settings;
  }

  private static void worksWith(Map<String, String> settings) {
    RemoteFileSystem storage = SftpService.block(settings);
    storage.writePath("a", "1".getBytes(UTF_8));

    assertThat(storage.readPath("a")).asString(UTF_8).isEqualTo("1");
  }

  @Test
  void aWrongPassphraseIsSaid() throws Exception {
    Map<String, String> settings = withPassphrase();
    settings.put("passphrase", "another");

    Refusal.ofEach(
            SftpService.block(settings), temporary, Code.PERMISSION_DENIED, "rejected the login")
        .hasCause();
  }

  @Test
  void aWrongPasswordIsSaidWithoutShowingIt() {
    Map<String, String> settings = SftpService.settings();
    settings.remove("key_filename");
    settings.put("password", Refusal.CANARY);

    Refusal.ofEach(
            SftpService.block(settings), temporary, Code.PERMISSION_DENIED, "rejected the login")
        .hasCause();
  }

  @Test
  void aKeyThatTheServerDoesNotKnowIsSaid() throws Exception {
    Map<String, String> settings = SftpService.settings();
    settings.remove("key_filename");
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    KeyPair.genKeyPair(new JSch(), KeyPair.ED25519).writeOpenSSHv1PrivateKey(text, null);
    settings.put("private_key", text.toString(UTF_8));

    Refusal.ofEach(
            SftpService.block(settings), temporary, Code.PERMISSION_DENIED, "rejected the login")
        .hasCause();
  }

  @Test
  void aKeyThatIsNoneIsSaid() {
    Map<String, String> settings = SftpService.settings();
    settings.remove("key_filename");
    settings.put("private_key", Refusal.CANARY);

    Refusal.ofEach(SftpService.block(settings), temporary, Code.INVALID, "private key");
  }

  @Test
  void aKeyFileThatIsNotThereIsSaid() {
    Map<String, String> settings = SftpService.settings();
    settings.put("key_filename", temporary.resolve("nowhere").toString());

    Refusal.ofEach(SftpService.block(settings), temporary, Code.INVALID, "key_filename");
  }

  @Test
  void aServerWhoseKeyIsNotKnownIsRefused() throws IOException {
    Map<String, String> settings = SftpService.settings();
    Path empty = Files.createFile(temporary.resolve("known_hosts"));
    settings.put("known_hosts_filename", empty.toString());

    Refusal.ofEach(SftpService.block(settings), temporary, Code.PERMISSION_DENIED, "isn't known")
        .hasCause();
  }

  @Test
  void aServerWhoseKeyIsAnotherIsRefused() throws Exception {
    Map<String, String> settings = SftpService.settings();
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    KeyPair.genKeyPair(new JSch(), KeyPair.ED25519).writePublicKey(other, "");
    settings.remove("known_hosts_filename");
    settings.put(
        "known_hosts",
        "[127.0.0.1]:" + SftpService.variable("SFTP_PORT") + " " + other.toString(UTF_8) + "\n");

    Refusal.ofEach(
            SftpService.block(settings), temporary, Code.PERMISSION_DENIED, "isn't the known one")
        .hasCause();
  }

  @Test
  void aServerThatIsDownIsSaid() throws IOException {
    Refusal.ofEach(
            at("sftp://127.0.0.1:" + TroubledServer.freePort() + "/a"),
            temporary,
            Code.UNAVAILABLE,
            "can't connect to 127.0.0.1")
        .hasCause();
  }

  @Test
  void aHostThatIsNotKnownIsSaid() {
    Refusal.ofEach(
            at("sftp://no-such-host.invalid/a"), temporary, Code.UNAVAILABLE, "can't be resolved")
        .hasCause();
  }

  private static RemoteFileSystem at(String basepath) {
    return RemoteFileSystem.builder()
        .basepath(basepath)
        .settings(SecretMap.of(Map.of("username", "a", "password", Refusal.CANARY)))
        .build();
  }

  @Test
  void aFolderThatIsSomebodyElsesIsSaid() {
    assumeFalse(SftpService.variable("SFTP_PASSWORD").equals("none"), "the tester may be root");
    RemoteFileSystem storage =
        RemoteFileSystem.builder()
            .basepath(SftpService.server() + "/root/flows")
            .settings(SecretMap.of(SftpService.settings()))
            .build();

    Refusal.of(
        () -> storage.writePath("a", new byte[0]), Code.PERMISSION_DENIED, "sftp://127.0.0.1");
  }

  @Test
  void aFolderIsNoFile() {
    RemoteFileSystem storage = SftpService.block();
    storage.writePath("folder/a", "1".getBytes(UTF_8));

    Refusal.of(() -> storage.readPath("folder"), Code.NOT_FOUND, "folder' isn't a file");
    Refusal.of(() -> storage.writePath("folder", new byte[0]), Code.INVALID, "isn't a file");
    assertThat(storage.readPath("folder/a")).asString(UTF_8).isEqualTo("1");
  }

  @Test
  void aHostileNameIsLeftOutAndSaid() throws IOException {
    RemoteFileSystem storage = SftpService.block();
    storage.writePath("a", "1".getBytes(UTF_8));
    Files.createFile(onDisk(storage).resolve("..\\evil"));
    Trees.write(onDisk(storage).resolve("..\\folder"), Map.of("b", "2"));
    Warnings warnings = new Warnings();
    storage.getDirectory(RelativePath.ROOT, temporary.resolve("got"), warnings.options());

    assertThat(Trees.read(temporary.resolve("got"))).isEqualTo(Map.of("a", "1"));
    assertThat(warnings.all())
        .singleElement()
        .asString()
        .contains("2 objects", "'..\\evil'", "'..\\folder'");
  }

  @Test
  void aFolderThatADeleteLeavesEmptyGoesWithTheFile() {
    RemoteFileSystem storage = SftpService.block();
    storage.writePath("a/b/c", "1".getBytes(UTF_8));
    try (ObjectStore store = (ObjectStore) storage.openStore()) {
      store.delete(List.of(RelativePath.of("a/b/c")));
    }

    assertThat(onDisk(storage)).isEmptyDirectory();
  }

  @Test
  void aTransferOfManyFilesKeepsToAFewConnections() throws IOException {
    RemoteFileSystem storage = SftpService.block();
    Path source = temporary.resolve("source");
    for (int i = 0; i < 300; i++) {
      Files.createDirectories(source);
      Files.writeString(source.resolve("file-" + i), "content " + i);
    }
    RemoteLocation place = RemoteLocation.parse(storage.basepath());
    try (SharedResources.Loan<SftpPool> pool =
        SftpPool.borrow(place, RemoteSettings.read(storage.settings(), place))) {
      storage.putDirectory(
          FileTree.of(source, IgnoreRules.NONE),
          RelativePath.ROOT,
          TransferOptions.DEFAULTS.withConcurrency(64));

      assertThat(pool.value().open()).isBetween(2, SftpPool.MOST);
    }
  }

  @Test
  void aConnectionThatWasLostIsMadeAgain() throws IOException {
    RemoteFileSystem storage = SftpService.block();
    storage.writePath("a", "1".getBytes(UTF_8));
    RemoteLocation place = RemoteLocation.parse(storage.basepath());
    try (SharedResources.Loan<SftpPool> pool =
        SftpPool.borrow(place, RemoteSettings.read(storage.settings(), place))) {
      SftpConnection connection = pool.value().take();
      connection.closeCommunicationLink();
      pool.value().giveBack(connection);
    }

    assertThat(storage.readPath("a")).asString(UTF_8).isEqualTo("1");
  }

  @Test
  void aThreadThatIsInterruptedSaysSo() {
    RemoteFileSystem storage = SftpService.block();
    Thread.currentThread().interrupt();
    try {
      Refusal.of(
          () -> storage.writePath("a", "1".getBytes(UTF_8)), Code.INTERRUPTED, "interrupted");
    } finally {
      assertThat(Thread.interrupted()).as("the mark is kept").isTrue();
    }
  }

  /** The client may stand between a question and its answer; the next must not get that answer. */
  @Test
  void anInterruptAtAnyTimeLeavesNothingWrongBehind() throws Exception {
    RemoteFileSystem storage = SftpService.block();
    for (int i = 0; i < 100; i++) {
      Thread writer = new Thread(() -> writeUntilInterrupted(storage));
      writer.start();
      TimeUnit.MILLISECONDS.timedJoin(writer, 1 + i % 5);
      writer.interrupt();
      writer.join();
      String content = "content " + i;

      storage.writePath("b", content.getBytes(UTF_8));
      assertThat(storage.readPath("b")).asString(UTF_8).isEqualTo(content);
    }
    assertThat(storage.readPath("a")).asString(UTF_8).isEqualTo("1");
  }

  private static void writeUntilInterrupted(RemoteFileSystem storage) {
    try {
      while (true) {
        storage.writePath("a", "1".getBytes(UTF_8));
      }
    } catch (SheaveException e) {
      assertThat(e.code()).isEqualTo(Code.INTERRUPTED);
    }
  }

  static Path onDisk(RemoteFileSystem storage) {
    return Path.of(storage.basepath().substring(SftpService.server().length()));
  }
}
