package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Trees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipTest {
  private static final Map<String, String> FILES =
      new TreeMap<>(Map.of("flows/a b.txt", "1", "flows/sub/grüße", "2", "flows2/c", "3"));

  @TempDir Path temporary;

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

    Refusals.one(
        () -> at("zip:" + archive.toUri()).writePath("a", new byte[0]),
        Code.INVALID,
        "can only be read");
    Refusals.one(
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
    Refusals.one(
        () -> get(at("zip:" + temporary.resolve("no.zip").toUri()), ""),
        Code.NOT_FOUND,
        "no.zip' does not exist");
  }

  @Test
  void aFileThatIsNoArchiveIsSaid() throws IOException {
    Path file = Files.writeString(temporary.resolve("a.zip"), "text");

    Refusals.one(() -> get(at("zip:" + file.toUri()), ""), Code.INVALID, "is no zip archive");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/evil", "a/../../evil", "a\\..\\evil", "C:/evil", "nul"})
  void anEntryThatLeadsOutIsRefusedByName(String name) throws IOException {
    Path archive =
        Files.write(temporary.resolve("a.zip"), zip(Map.of("a.txt", "1", name, Refusals.CANARY)));

    Refusals.one(() -> get(at("zip:" + archive.toUri()), ""), Code.INVALID, name);
    assertThat(temporary.resolve("got")).doesNotExist();
  }

  @Test
  void anEntryThatHasMoreThanItsArchiveSaysIsRefused() throws IOException {
    byte[] zip = zip(Map.of("a.txt", "0".repeat(100_000)));
    // the size in the directory at the end, from 100,000 to 10
    for (int i = zip.length - 1; i > 0; i--) {
      if (zip[i - 3] == 'P' && zip[i - 2] == 'K' && zip[i - 1] == 1 && zip[i] == 2) {
        System.arraycopy(new byte[] {10, 0, 0, 0}, 0, zip, i - 3 + 24, 4);
        break;
      }
    }
    Path archive = Files.write(temporary.resolve("a.zip"), zip);

    Refusals.one(() -> get(at("zip:" + archive.toUri()), ""), Code.INVALID, "a.txt");
    assertThat(temporary.resolve("got/a.txt")).doesNotExist();
  }

  private static RemoteFileSystem at(String basepath) {
    return RemoteFileSystem.builder().basepath(basepath).build();
  }

  private Map<String, String> get(RemoteFileSystem storage, String path) {
    Path target = temporary.resolve("got").resolve(path);
    storage.getDirectory(RelativePath.of(path), target, TransferOptions.DEFAULTS);
    Map<String, String> got = Trees.read(target);
    delete(temporary.resolve("got"));
    return got;
  }

  private static void delete(Path folder) {
    try (var all = Files.walk(folder)) {
      all.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
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
