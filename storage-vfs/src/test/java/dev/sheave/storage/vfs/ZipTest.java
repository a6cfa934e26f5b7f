package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.CutConnection;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.TroubledServer;
import dev.sheave.testkit.storage.Warnings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZipTest {
  private static final Map<String, String> FILES =
      new TreeMap<>(Map.of("flows/a b.txt", "1", "flows/sub/grüße", "2", "flows2/c", "3"));

  @TempDir Path temporary;
  private final Warnings warnings = new Warnings();

  @ParameterizedTest
  @ValueSource(strings = {"zip", "jar"})
  void anArchiveIsRead(String scheme) throws IOException {
    Path archive = Files.write(temporary.resolve("a.zip"), zip(FILES));
    RemoteFileSystem storage = at(scheme + ":" + archive.toUri());

    assertThat(get(storage, "")).isEqualTo(FILES);
    assertThat(get(storage, "flows")).isEqualTo(Map.of("a b.txt", "1", "sub/grüße", "2"));
    assertThat(storage.readPath("flows/a b.txt")).asString(UTF_8).isEqualTo("1");
    assertThat(get(at(scheme + ":" + archive.toUri() + "!/flows/sub/"), ""))
        .isEqualTo(Map.of("grüße", "2"));
  }

  @Test
  void anArchiveOfAServerIsRead() {
    RemoteFileSystem sftp = SftpService.block();
    sftp.writePath("a.zip", zip(FILES));
    RemoteFileSystem storage =
        RemoteFileSystem.builder()
            .basepath("zip:" + sftp.basepath() + "/a.zip!/flows")
            .settings(sftp.settings())
            .build();

    assertThat(get(storage, "sub")).isEqualTo(Map.of("grüße", "2"));
  }

  @Test
  void anArchiveOfAWebServerIsRead() {
    RemoteFileSystem dav = WebDavService.block();
    dav.writePath("a.zip", zip(FILES));
    RemoteFileSystem storage =
        RemoteFileSystem.builder()
            .basepath("zip:" + dav.basepath().replace("webdav:", "http:") + "/a.zip!/flows")
            .settings(dav.settings())
            .build();

    assertThat(get(storage, "sub")).isEqualTo(Map.of("grüße", "2"));
  }

  @Test
  void anArchiveIsNotWrittenTo() throws IOException {
    Path archive = Files.write(temporary.resolve("a.zip"), zip(FILES));

    Refusal.of(
        () -> at("zip:" + archive.toUri()).writePath("a", new byte[0]),
        Code.INVALID,
        "can only be read");
    Refusal.of(
        () ->
            at("zip:" + archive.toUri())
                .putDirectory(
                    FileTree.of(temporary, IgnoreRules.NONE),
                    RelativePath.ROOT,
                    TransferOptions.DEFAULTS),
        Code.INVALID,
        "can only be read");
    assertThat(Files.readAllBytes(archive)).isEqualTo(zip(FILES));
  }

  @Test
  void anArchiveThatIsNotThereIsSaid() {
    Refusal.of(
        () -> get(at("zip:" + temporary.resolve("no.zip").toUri()), ""),
        Code.NOT_FOUND,
        "no.zip' doesn't exist");
  }

  @Test
  void aFileThatIsNoArchiveIsSaid() throws IOException {
    Path file = Files.writeString(temporary.resolve("a.zip"), "text");

    Refusal.of(() -> get(at("zip:" + file.toUri()), ""), Code.INVALID, "isn't a zip archive");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../evil", "/evil", "a/../../evil", "a\\..\\evil", "C:/evil", "/etc/x", "a//b"})
  void anEntryThatLeadsOutIsLeftOutAndSaid(String name) throws IOException {
    Path archive =
        Files.write(temporary.resolve("a.zip"), zip(Map.of("a.txt", "1", name, Refusal.CANARY)));

    assertThat(get(at("zip:" + archive.toUri()), "")).isEqualTo(Map.of("a.txt", "1"));
    assertThat(warnings.all()).singleElement().asString().contains("left out: '" + name + "'");
  }

  @Test
  void anEntryWhoseChecksumIsAnotherIsRefused() throws IOException {
    byte[] zip = zip(Map.of("a.txt", "content"));
    patchDirectory(zip, 16, 1, 2, 3, 4);
    Path archive = Files.write(temporary.resolve("a.zip"), zip);
    RemoteFileSystem storage = at("zip:" + archive.toUri());

    Refusal.of(() -> get(storage, ""), Code.INVALID, "a.txt' is damaged");
    assertThat(temporary.resolve("got/a.txt")).doesNotExist();
    Refusal.of(() -> storage.readPath("a.txt"), Code.INVALID, "a.txt' is damaged");
  }

  @Test
  void anEntryWhoseBytesAreDamagedIsRefused() throws IOException {
    byte[] zip = zip(Map.of("a.txt", "0123456789".repeat(1_000)));
    int content = 30 + "a.txt".length() + zip[28]; // the header, the name, its extra fields
    zip[content] ^= 0x55;
    zip[content + 1] ^= 0x55;
    Path archive = Files.write(temporary.resolve("a.zip"), zip);

    Refusal.of(() -> get(at("zip:" + archive.toUri()), ""), Code.INVALID, "a.txt' is damaged");
    assertThat(temporary.resolve("got/a.txt")).doesNotExist();
  }

  @Test
  void anEntryThatHasMoreThanItsArchiveSaysIsRefused() throws IOException {
    byte[] zip = zip(Map.of("a.txt", "0".repeat(100_000)));
    patchDirectory(zip, 24, 10, 0, 0, 0);
    Path archive = Files.write(temporary.resolve("a.zip"), zip);

    Refusal.of(() -> get(at("zip:" + archive.toUri()), ""), Code.INVALID, "a.txt");
    assertThat(temporary.resolve("got/a.txt")).doesNotExist();
  }

  /** Changes the first entry of the directory at the archive's end. */
  private static void patchDirectory(byte[] zip, int offset, int... bytes) {
    int start = zip.length - 4;
    while (zip[start] != 'P' || zip[start + 1] != 'K' || zip[start + 2] != 1) {
      start--;
    }
    for (int i = 0; i < bytes.length; i++) {
      zip[start + offset + i] = (byte) bytes[i];
    }
  }

  @ParameterizedTest
  @CsvSource({
    "503,UNAVAILABLE",
    "429,UNAVAILABLE",
    "401,PERMISSION_DENIED",
    "403,PERMISSION_DENIED",
    "404,NOT_FOUND"
  })
  void whatAWebServerAnswersInPlaceOfTheArchiveIsSaid(int status, Code code) throws IOException {
    try (TroubledServer server =
        TroubledServer.answering(status, Map.of("Retry-After", "3600"), "")) {
      Refusal.of(
          () -> get(at("zip:" + server.url() + "/a.zip"), ""), code, server.url() + "/a.zip'");
    }
  }

  @Test
  void anArchiveOfAServerThatNobodyVouchesForIsNotAskedFor() throws IOException {
    try (TroubledServer server = TroubledServer.notTrusted()) {
      Refusal.of(
              () -> get(at("zip:" + server.url() + "/a.zip"), ""),
              Code.UNAVAILABLE,
              server.url() + "/a.zip'")
          .says("a trusted TLS connection", "ca_certificates")
          .hasCause();
      assertThat(server.requests()).isZero();
    }
  }

  @Test
  void anArchiveWhoseConnectionIsCutIsSaid() throws IOException {
    RemoteFileSystem dav = WebDavService.block();
    byte[] bytes = new byte[4 * 1024 * 1024];
    new Random(7).nextBytes(bytes);
    dav.writePath("a.zip", bytes);
    int port = Integer.parseInt(WebDavService.variable("WEBDAV_PORT"));
    try (CutConnection way = new CutConnection(port)) {
      way.cutAfterAnswered(1024 * 1024);
      String http = dav.basepath().replaceFirst("webdav:(.*):" + port, "http:$1:" + way.port());
      Refusal.of(
          () ->
              get(
                  RemoteFileSystem.builder()
                      .basepath("zip:" + http + "/a.zip")
                      .settings(dav.settings())
                      .build(),
                  ""),
          Code.UNAVAILABLE,
          http + "/a.zip'");
      assertThat(way.isCut()).isTrue();
    }
  }

  @Test
  void anArchiveThatIsABombIsRefused() throws IOException {
    byte[] zip = zip(Map.of("flows/bomb.bin", "0".repeat(1_000)));
    patchDirectory(zip, 24, 0, 0, 0, 0x40);
    Path archive = Files.write(temporary.resolve("a.zip"), zip);

    Refusal.of(
        () -> get(at("zip:" + archive.toUri()), ""),
        Code.INVALID,
        "would expand to more than 100 times its size, with 'flows/bomb.bin' in it");
    assertThat(temporary.resolve("got")).doesNotExist();
  }

  @Test
  void anEntryThatIsALinkLeadsNowhere() throws IOException {
    byte[] zip = zip(Map.of("link", "/etc/passwd"));
    // made by Unix, a symbolic link
    patchDirectory(zip, 5, 3);
    patchDirectory(zip, 38, 0, 0, 0xff, 0xa1);
    Path archive = Files.write(temporary.resolve("a.zip"), zip);
    at("zip:" + archive.toUri())
        .getDirectory(RelativePath.ROOT, temporary.resolve("got"), TransferOptions.DEFAULTS);

    assertThat(temporary.resolve("got/link")).isRegularFile().hasContent("/etc/passwd");
    assertThat(Files.isSymbolicLink(temporary.resolve("got/link"))).isFalse();
  }

  @Test
  void anEntryThatIsAlsoAFolderOrTooLongIsLeftOut() throws IOException {
    Map<String, String> entries = Map.of("a", "1", "a/b", "2", "x".repeat(4_096), "3");
    Path archive = Files.write(temporary.resolve("a.zip"), zip(entries));

    assertThat(get(at("zip:" + archive.toUri()), "")).isEqualTo(Map.of("a/b", "2"));
    assertThat(warnings.all()).singleElement().asString().contains("2 objects", "'a'", "'xxx");
  }

  private static RemoteFileSystem at(String basepath) {
    return RemoteFileSystem.builder().basepath(basepath).build();
  }

  private Map<String, String> get(RemoteFileSystem storage, String path) {
    Path target = temporary.resolve("got").resolve(path);
    storage.getDirectory(RelativePath.of(path), target, warnings.options());
    Map<String, String> got = Trees.read(target);
    delete(temporary.resolve("got"));
    return got;
  }

  private static void delete(Path folder) {
    try (var all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] zip(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTime(0);
        out.putNextEntry(entry);
        out.write(file.getValue().getBytes(UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
