package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException.Code;
import dev.sheave.block.SecretMap;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.testkit.storage.Refusal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteFileSystemTest {
  @ParameterizedTest
  @CsvSource({
    "sftp://host,sftp://host,sftp://host/x/y",
    "sftp://host/,sftp://host,sftp://host/x/y",
    "sftp://marvin@host:2222/a folder/,sftp://host:2222/a folder,sftp://host:2222/a folder/x/y",
    "sftp://host:22/~/flows,sftp://host/~/flows,sftp://host/~/flows/x/y",
    "SFTP://host/~,sftp://host/~,sftp://host/~/x/y",
    "sftp://[::1]:2222/a,sftp://[::1]:2222/a,sftp://[::1]:2222/a/x/y",
    "webdavs://host/dav/flows,webdavs://host/dav/flows,webdavs://host/dav/flows/x/y",
    "https://host:443/a,https://host/a,https://host/a/x/y",
    "zip:file:///a.zip,zip:file:///a.zip,zip:file:///a.zip!/x/y",
    "zip:https://me@host/a.zip!/b/,zip:https://host/a.zip!/b,zip:https://host/a.zip!/b/x/y",
  })
  void locationsAreAsPeopleWriteThemWithoutWhoLogsIn(String basepath, String root, String below) {
    RemoteFileSystem storage = at(basepath);

    assertThat(storage.location(RelativePath.ROOT)).isEqualTo(root);
    assertThat(storage.location(RelativePath.of("/x/y/"))).isEqualTo(below);
    assertThat(storage.basepath()).isEqualTo(basepath);
  }

  @ParameterizedTest
  @CsvSource({
    "foo,must start with a scheme",
    "'',must start with a scheme",
    "/a/b,must start with a scheme",
    "sftp://,must name a host",
    "sftp:///a,must name a host",
    "sftp:host,must name a host",
    "sftp://@/a,must name a host",
    "file:///tmp,local-file-system",
    "memory://a,sftp",
    "sftp://host:0/a,port",
    "sftp://host:x/a,port",
    "sftp://host/a/../b,'..'",
    "zip:a.zip,must name an archive",
    "zip:ftp://host/a.zip,must name an archive",
  })
  void aBasePathThatIsNoneIsRefused(String basepath, String message) {
    Refusal.of(() -> at(basepath), Code.INVALID, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sftp://marvin:canary8f3a@host/a",
        "webdavs://marvin:canary8f3a@host/a",
        "zip:https://marvin:canary8f3a@host/a.zip",
      })
  void aPasswordIsNoPartOfABasePath(String basepath) {
    Refusal.of(() -> at(basepath), Code.INVALID, "settings");
  }

  @Test
  void aPathMayHaveTheBasePathInFront() {
    RemoteFileSystem storage = SftpService.block();
    String base = storage.location(RelativePath.ROOT);
    String written = storage.writePath(base + "/sub/a.txt", "1".getBytes(UTF_8));

    assertThat(written).isEqualTo(base + "/sub/a.txt");
    assertThat(storage.readPath(written)).asString(UTF_8).isEqualTo("1");
    assertThat(storage.readPath("sub/a.txt")).asString(UTF_8).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://host/base/a",
        "sftp://other/base/a",
        "sftp://host/other/a",
        "sftp://host/base2/a",
        "sftp://host/base/../a",
        "../a",
        "a/../../b",
      })
  void aPathOutsideOfTheBasePathIsRefused(String path) {
    RemoteFileSystem storage = at("sftp://host/base");

    Refusal.of(() -> storage.readPath(path), Code.INVALID, "path");
    Refusal.of(() -> storage.writePath(path, new byte[0]), Code.INVALID, "path");
  }

  @Test
  void aSettingThatIsNotKnownIsNamed() {
    Map<String, Object> settings = Map.of("pasword", Refusal.CANARY);
    RemoteFileSystem storage =
        RemoteFileSystem.builder()
            .basepath("sftp://host/a")
            .settings(SecretMap.of(settings))
            .build();

    Refusal.of(() -> storage.readPath("a"), Code.INVALID, "'pasword' isn't known");
    assertThat(storage.toString()).doesNotContain(Refusal.CANARY);
  }

  @Test
  void aSettingOfAnotherTypeIsNamed() {
    RemoteFileSystem storage =
        RemoteFileSystem.builder()
            .basepath("sftp://host/a")
            .settings(SecretMap.of(Map.of("password", List.of(Refusal.CANARY))))
            .build();

    Refusal.of(() -> storage.readPath("a"), Code.INVALID, "'password' must be a string");
  }

  @Test
  void aBasePathIsRequired() {
    assertThatThrownBy(() -> RemoteFileSystem.builder().build()).hasMessageContaining("basepath");
  }

  private static RemoteFileSystem at(String basepath) {
    return RemoteFileSystem.builder().basepath(basepath).build();
  }
}
