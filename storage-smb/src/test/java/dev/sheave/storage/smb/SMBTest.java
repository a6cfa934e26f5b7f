package dev.sheave.storage.smb;

import static dev.sheave.storage.transfer.TransferOptions.Layout.BUNDLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.TroubledServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SMBTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "host,,/SHARE/dir/subdir,smb://host/SHARE/dir/subdir,smb://host/SHARE/dir/subdir/x/y",
    "host/,445,SHARE/,smb://host/SHARE,smb://host/SHARE/x/y",
    "smb://host/,1445,/SHARE/a b//,smb://host:1445/SHARE/a b,smb://host:1445/SHARE/a b/x/y",
    "[::1],,SHARE,smb://[::1]/SHARE,smb://[::1]/SHARE/x/y",
  })
  void locationsAreAsPeopleWriteThem(
      String host, Integer port, String sharePath, String root, String below) {
    SMB storage = SMB.builder().smbHost(host).smbPort(port).sharePath(sharePath).build();

    assertThat(storage.location(RelativePath.ROOT)).isEqualTo(root);
    assertThat(storage.location(RelativePath.of("/x/y/"))).isEqualTo(below);
  }

  @ParameterizedTest
  @CsvSource({
    "host,445,'',must name a share",
    "host,445,/,must name a share",
    "host,445,SHARE/../other,'..'",
    "host,445,//marvin:canary8f3a@host/SHARE,share_path contains",
    "host,445,marvin:canary8f3a@host/SHARE,share_path contains",
    "host,445,//host/SHARE,'give only SHARE/folder, and the host in smb_host'",
    "host,445,\\\\host\\SHARE,'give only SHARE/folder, and the host in smb_host'",
    "host,445,smb://host/SHARE,'give only SHARE/folder, and the host in smb_host'",
    "'',445,SHARE,smb_host",
    "host/share,445,SHARE,smb_host",
    "marvin:canary8f3a@host,445,SHARE,smb_host",
    "host:445,445,SHARE,smb_host",
    "host,0,SHARE,smb_port",
    "host,65536,SHARE,smb_port",
  })
  void aPlaceThatIsNoneIsRefused(String host, int port, String sharePath, String message) {
    Refusal.of(
        () -> SMB.builder().smbHost(host).smbPort(port).sharePath(sharePath).build(),
        Code.INVALID,
        message);
  }

  @Test
  void whatIsRequiredIsSaid() {
    assertThatThrownBy(() -> SMB.builder().smbHost("host").build())
        .hasMessageContaining("share_path");
    assertThatThrownBy(() -> SMB.builder().sharePath("SHARE").build())
        .hasMessageContaining("smb_host");
    Refusal.of(
        () -> place("host").smbPassword(Secret.of(Refusal.CANARY)).build(),
        Code.INVALID,
        "smb_username");
  }

  private static SMB.Builder place(String host) {
    return SMB.builder().smbHost(host).sharePath("SHARE/folder");
  }

  @Test
  void aSignedConnectionWorks() {
    worksWith(SmbService.block().smbSigning(true));
  }

  @Test
  void aDomainIsTaken() {
    worksWith(SmbService.block().smbDomain("WORKGROUP"));
  }

  private static void worksWith(SMB.Builder block) {
    SMB storage = block.build();
    storage.writePath("a/b", "1".getBytes(UTF_8));

    assertThat(storage.readPath("a/b")).asString(UTF_8).isEqualTo("1");
  }

  @Test
  void aWrongPasswordIsSaidWithoutShowingIt() {
    refused(
        SmbService.block().smbPassword(Secret.of(Refusal.CANARY)),
        Code.PERMISSION_DENIED,
        "rejected the login");
  }

  @ParameterizedTest
  @CsvSource({
    "expired,the password has expired: change it",
    "change,the password has expired: change it",
    "locked,the account is locked",
    "disabled,the account is disabled",
    "ended,the account is disabled or has expired",
  })
  void aUserWhoIsLetInNoMoreIsToldWhy(String end, String message) {
    String user = SmbService.variable("SMB_USER") + "-" + end;
    refused(SmbService.block().smbUsername(Secret.of(user)), Code.PERMISSION_DENIED, message);
  }

  @Test
  void aUserThatIsNotKnownIsSaid() {
    refused(
        SmbService.block().smbUsername(Secret.of("nobody-" + Refusal.CANARY)),
        Code.PERMISSION_DENIED,
        "rejected the login");
  }

  @Test
  void nobodyIsNotLetIn() {
    refused(
        SmbService.block().smbUsername(null).smbPassword(null),
        Code.PERMISSION_DENIED,
        "smb://127.0.0.1");
  }

  @Test
  void aMissingShareIsNamed() {
    refused(
        SmbService.block("no-such-share"),
        Code.NOT_FOUND,
        "The share 'no-such-share' doesn't exist");
  }

  @Test
  void aShareThatIsReadOnlyIsSaid() {
    SMB storage = SmbService.block(SmbService.variable("SMB_READ_ONLY_SHARE")).build();

    Refusal.of(
        () -> storage.writePath("a", new byte[0]),
        Code.PERMISSION_DENIED,
        storage.location(RelativePath.of("a"))
            + "' can't be written: "
            + "127.0.0.1:"
            + SmbService.variable("SMB_PORT")
            + " denied access: check the user's permissions");
  }

  @Test
  void aServerThatIsDownIsSaid() throws IOException {
    refused(
        place("127.0.0.1").smbPort(TroubledServer.freePort()),
        Code.UNAVAILABLE,
        "can't connect to 127.0.0.1");
  }

  @Test
  void aHostThatIsNotKnownIsSaid() {
    refused(
        place("no-such-host.invalid"),
        Code.UNAVAILABLE,
        "'no-such-host.invalid' can't be resolved");
  }

  @Test
  void aFolderIsNoFileAndStays() {
    SMB storage = SmbService.block().build();
    storage.writePath("folder/a", "1".getBytes(UTF_8));

    Refusal.of(() -> storage.readPath("folder"), Code.NOT_FOUND, "folder' isn't a file");
    Refusal.of(
        () -> storage.writePath("folder", new byte[0]),
        Code.INVALID,
        "folder' already exists and isn't a file");
    try (var store = storage.openStore()) {
      store.delete(List.of(RelativePath.of("folder")));
    }
    assertThat(storage.readPath("folder/a")).asString(UTF_8).isEqualTo("1");
  }

  @Test
  void aNameThatTheServerCanNotKeepIsSaid() {
    SMB storage = SmbService.block().build();

    Refusal.of(
        () -> storage.writePath("what?", new byte[0]),
        Code.INVALID,
        "what?' isn't a valid file name");
  }

  @Test
  void namesThatTheServerCanNotKeepAreRefusedBeforeAnythingIsWritten() {
    SMB storage = SmbService.block().build();
    put(storage, "old", Map.of("a", "1", "z", "1"));
    Map<String, String> bad = new TreeMap<>();
    List.of("q?", "col:on", "star*", "lt<", "nul", "Con.txt", "com1/x", "trail.", "end /x")
        .forEach(name -> bad.put(name, "x"));
    Map<String, String> files = new HashMap<>(bad);
    files.put("a", "2");

    SheaveException error =
        catchThrowableOfType(SheaveException.class, () -> put(storage, "new", files));
    assertThat(error.code()).isEqualTo(Code.INVALID);
    assertThat(error).hasMessageContaining("'q?' (it contains '?')").hasMessageEndingWith("them.");
    assertThat(error.getMessage())
        .contains(bad.keySet().stream().map(name -> "'" + name + "' (").toList());
    storage.getDirectory(
        RelativePath.of("x#y"), temporary.resolve("got"), TransferOptions.DEFAULTS);
    assertThat(Trees.read(temporary.resolve("got"))).isEqualTo(Map.of("a", "1", "z", "1"));

    storage.putDirectory(
        tree("new", files), RelativePath.of("x#y"), TransferOptions.DEFAULTS.withLayout(BUNDLE));
    storage.getDirectory(
        RelativePath.of("x#y"), temporary.resolve("bundle"), TransferOptions.DEFAULTS);
    assertThat(Trees.read(temporary.resolve("bundle"))).isEqualTo(files);
  }

  @Test
  void aFolderWithAHashInItsNameIsListed() {
    SMB storage = SmbService.block().build();
    Map<String, String> files = Map.of("a#b/c#d/e", "1", "a%20b/c", "2", "a;b/c", "3");
    put(storage, "source", files);
    storage.getDirectory(
        RelativePath.of("x#y"), temporary.resolve("got"), TransferOptions.DEFAULTS);

    assertThat(Trees.read(temporary.resolve("got"))).isEqualTo(files);
  }

  private void put(SMB storage, String source, Map<String, String> files) {
    storage.putDirectory(tree(source, files), RelativePath.of("x#y"), TransferOptions.DEFAULTS);
  }

  private FileTree tree(String source, Map<String, String> files) {
    return FileTree.of(Trees.write(temporary.resolve(source), files), IgnoreRules.NONE);
  }

  /**
   * A server needs a while to notice that a client has died, and what it had open is in the way.
   */
  @Test
  void aFileThatAnotherClientHasOpenIsReplacedAsSoonAsItIsClosed() throws Exception {
    SMB.Builder block = SmbService.block();
    RelativePath path = RelativePath.of("a");
    block.build().writePath("a", "old".getBytes(UTF_8));
    try (var store = block.build().openStore();
        var other = block.build().openStore()) {
      InputStream open = other.get(path);
      Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
      CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> close(open), later);

      store.put(path, Content.of("new".getBytes(UTF_8)), Condition.NONE);
      assertThat(closed).as("the other one is in the way").isDone();
    }
    assertThat(block.build().readPath("a")).asString(UTF_8).isEqualTo("new");
  }

  /** A transfer that fails interrupts its threads, wherever they are. */
  @Test
  @Timeout(60)
  void whatAnInterruptedThreadHadOpenIsClosed() throws Exception {
    SMB storage = SmbService.block().build();
    List<RelativePath> paths =
        IntStream.range(0, 16).mapToObj(i -> RelativePath.of("file-" + i)).toList();
    paths.forEach(path -> storage.writePath(path.toString(), new byte[100_000]));
    try (var store = storage.openStore()) {
      for (int round = 0; round < 20; round++) {
        List<Thread> readers =
            paths.stream()
                .map(path -> new Thread(() -> readUntilInterrupted(store, path)))
                .toList();
        readers.forEach(Thread::start);
        Thread.sleep(20 + round);
        readers.forEach(Thread::interrupt);
        for (Thread reader : readers) {
          reader.join();
        }
      }
      for (RelativePath path : paths) {
        store.put(path, Content.of("new".getBytes(UTF_8)), Condition.NONE);
      }
    }
  }

  private static void readUntilInterrupted(ObjectStore store, RelativePath path) {
    while (true) {
      try (InputStream in = store.get(path)) {
        in.readAllBytes();
      } catch (IOException | SheaveException e) {
        return;
      }
    }
  }

  private static void close(InputStream open) {
    try {
      open.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aThreadThatIsInterruptedSaysSo() {
    SMB storage = SmbService.block().build();
    Thread.currentThread().interrupt();
    try {
      Refusal.of(
          () -> storage.writePath("a", "1".getBytes(UTF_8)), Code.INTERRUPTED, "interrupted");
    } finally {
      assertThat(Thread.interrupted()).as("the mark is kept").isTrue();
    }
  }

  private void refused(SMB.Builder block, Code code, String message) {
    Refusal.ofEach(block.build(), temporary, code, message).hasCause();
  }
}
