package dev.sheave.storage.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.block.SecretMap;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.Warnings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An SFTP server whose listings are what no server's disk could have. */
@Timeout(120)
class SftpHostileListingTest {
  private static final String ENTRIES = "sheave.transfer.listing-entries";

  private static final String RESPONSE = "sheave.transfer.response-seconds";
  private static final String TOO_MANY = "lists more than 2000 files and folders";

  @TempDir Path temporary;
  private SshServer server;

  /** What each folder lists, one after the other. */
  private Stream<Path> listed = Stream.empty();

  /** The names that are said of them; the last one again and again. */
  private Iterator<String> names = List.<String>of().iterator();

  @BeforeEach
  void start() throws IOException {
    System.setProperty(ENTRIES, "2000");
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider(temporary.resolve("key")));
    server.setPasswordAuthenticator((user, password, session) -> true);
    server.setSubsystemFactories(
        List.of(new SftpSubsystemFactory.Builder().withFileSystemAccessor(new Lies()).build()));
    server.start();
    Files.createDirectories(temporary.resolve("served"));
  }

  @AfterEach
  void stop() throws IOException {
    System.clearProperty(ENTRIES);
    System.clearProperty(RESPONSE);
    server.stop(true);
  }

  /** Lists what the test says, under the names that it says. */
  private final class Lies implements SftpFileSystemAccessor {
    @Override
    public DirectoryStream<Path> openDirectory(
        SftpSubsystemProxy subsystem,
        DirectoryHandle handle,
        Path folder,
        String name,
        LinkOption... options) {
      Stream<Path> all = listed;
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return all.iterator();
        }

        @Override
        public void close() {
          all.close();
        }
      };
    }

    @Override
    public void putRemoteFileName(
        SftpSubsystemProxy subsystem, Path path, Buffer out, String name, boolean isShort) {
      boolean isListed = isShort && path.startsWith(temporary.resolve("served"));
      out.putString(isListed && names.hasNext() ? names.next() : name);
    }
  }

  private RemoteFileSystem storage() throws Exception {
    String key =
        PublicKeyEntry.toString(
            server.getKeyPairProvider().loadKeys(null).iterator().next().getPublic());
    Map<String, String> settings =
        Map.of(
            "username",
            "u",
            "password",
            Refusal.CANARY,
            "known_hosts",
            "[127.0.0.1]:" + server.getPort() + " " + key);
    return RemoteFileSystem.builder()
        .basepath("sftp://127.0.0.1:" + server.getPort() + temporary.resolve("served"))
        .settings(SecretMap.of(settings))
        .build();
  }

  private void isGivenUp(String reason) throws Exception {
    RemoteFileSystem storage = storage();
    Refusal.of(
        () ->
            storage.getDirectory(
                RelativePath.ROOT, temporary.resolve("target"), TransferOptions.DEFAULTS),
        Code.UNAVAILABLE,
        reason);
    assertThat(temporary.resolve("target")).doesNotExist();
  }

  @Test
  void aListingOfEverNewFilesIsGivenUp() throws Exception {
    Path file = Files.createFile(temporary.resolve("served/file"));
    listed = Stream.generate(() -> file);
    names = IntStream.iterate(0, i -> i + 1).mapToObj(i -> "file-" + i).iterator();

    isGivenUp(TOO_MANY);
  }

  @Test
  void aListingOfEverNewLinksIsGivenUp() throws Exception {
    Path link =
        Files.createSymbolicLink(temporary.resolve("served/link"), Path.of("/nothing/there"));
    listed = Stream.generate(() -> link);
    names = IntStream.iterate(0, i -> i + 1).mapToObj(i -> "link-" + i).iterator();

    isGivenUp(TOO_MANY);
  }

  @Test
  void aListingOfWhatIsNeitherFileNorFolderIsGivenUp() throws Exception {
    listed = Stream.generate(() -> Path.of("/dev/null"));

    isGivenUp(TOO_MANY);
  }

  @Test
  void aListingThatStandsStillIsGivenUp() throws Exception {
    System.setProperty(RESPONSE, "2");
    CountDownLatch stopped = new CountDownLatch(1);
    listed = Stream.generate(() -> waiting(stopped));

    try {
      isGivenUp("127.0.0.1");
    } finally {
      stopped.countDown();
    }
  }

  private static Path waiting(CountDownLatch stopped) {
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Path.of("/dev/null");
  }

  @Test
  void namesThatLeadOutOfTheFolderAreLeftOut() throws Exception {
    Path file = Files.writeString(temporary.resolve("served/good"), "well");
    List<String> told = List.of("../out", "/etc/passwd", "..", "a/../../b", "", "x\0y", "good");
    listed = told.stream().map(name -> file);
    names = told.iterator();
    Warnings warnings = new Warnings();

    storage().getDirectory(RelativePath.ROOT, temporary.resolve("target"), warnings.options());

    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(Map.of("good", "well"));
    assertThat(temporary.resolve("out")).doesNotExist();
    assertThat(warnings.all()).isNotEmpty();
  }
}
