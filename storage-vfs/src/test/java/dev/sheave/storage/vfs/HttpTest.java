package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.StorageCheck.Operation;
import dev.sheave.storage.StorageCheck.Outcome;
import dev.sheave.storage.StorageCheck.Step;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.TroubledServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpTest {
  @TempDir Path temporary;

  @Test
  void webDavWorksWithTlsThatIsTrusted() {
    Map<String, String> settings = WebDavService.settings();
    settings.put("ca_certificates", WebDavService.certificate());
    RemoteFileSystem storage =
        WebDavService.block("webdavs://" + WebDavService.placeWithTls(), settings);
    storage.writePath("a", "1".getBytes(UTF_8));

    assertThat(storage.readPath("a")).asString(UTF_8).isEqualTo("1");
  }

  @Test
  void tlsThatIsNotTrustedIsRefused() {
    Refusal.ofEach(
            WebDavService.block("webdavs://" + WebDavService.placeWithTls(), withCanary()),
            temporary,
            Code.UNAVAILABLE,
            "a trusted TLS connection")
        .hasCause();
  }

  @Test
  void certificatesThatAreNoneAreSaid() {
    Map<String, String> settings = withCanary();
    settings.put("ca_certificates", Refusal.CANARY);

    Refusal.ofEach(
        WebDavService.block("webdavs://host/a", settings),
        temporary,
        Code.INVALID,
        "webdavs://host/a");
  }

  @Test
  void aWrongPasswordIsSaidWithoutShowingIt() {
    Refusal.ofEach(
        WebDavService.block("webdav://" + WebDavService.place(), withCanary()),
        temporary,
        Code.PERMISSION_DENIED,
        "rejected the login");
  }

  @Test
  void aServerThatIsDownIsSaid() throws IOException {
    Refusal.ofEach(
            WebDavService.block(
                "webdav://127.0.0.1:" + TroubledServer.freePort() + "/a", withCanary()),
            temporary,
            Code.UNAVAILABLE,
            "can't connect to 127.0.0.1")
        .hasCause();
  }

  @Test
  void aHostThatIsNotKnownIsSaid() {
    Refusal.ofEach(
            WebDavService.block("webdav://no-such-host.invalid/a", withCanary()),
            temporary,
            Code.UNAVAILABLE,
            "can't be resolved")
        .hasCause();
  }

  private static Map<String, String> withCanary() {
    return new HashMap<>(Map.of("username", "marvin", "password", Refusal.CANARY));
  }

  @Test
  void aFolderIsNoFileAndStays() {
    RemoteFileSystem storage = WebDavService.block();
    storage.writePath("folder/a", "1".getBytes(UTF_8));

    Refusal.of(() -> storage.writePath("folder", new byte[0]), Code.INVALID, "isn't a file");
    Refusal.of(() -> storage.readPath("folder"), Code.NOT_FOUND, "folder'");
    try (ObjectStore store = (ObjectStore) storage.openStore()) {
      store.delete(List.of(RelativePath.of("folder")));
    }
    assertThat(storage.readPath("folder/a")).asString(UTF_8).isEqualTo("1");
  }

  @Test
  void aCheckOverHttpTriesToReadATreeAlone() {
    RemoteFileSystem dav = WebDavService.block();
    Path source = Trees.write(temporary.resolve("source"), Map.of("a", "1"));
    RemoteFileSystem http =
        WebDavService.block(
            dav.basepath().replace("webdav://", "http://"), WebDavService.settings());

    Refusal.of(() -> http.check().orThrow(), Code.NOT_FOUND, "HTTP has no listings");
    dav.putDirectory(
        FileTree.of(source, IgnoreRules.NONE), RelativePath.ROOT, TransferOptions.DEFAULTS);
    assertThat(http.check().steps())
        .extracting(Step::operation, Step::outcome)
        .containsExactly(
            tuple(Operation.CONNECT, Outcome.OK),
            tuple(Operation.LIST, Outcome.OK),
            tuple(Operation.READ, Outcome.OK));
  }

  @Test
  void whatWasPutByWebDavIsReadByHttp() {
    RemoteFileSystem dav = WebDavService.block();
    Map<String, String> files = Map.of("a b.txt", "1", "sub/grüße", "2");
    dav.putDirectory(
        FileTree.of(Trees.write(temporary.resolve("source"), files), IgnoreRules.NONE),
        RelativePath.of("flows"),
        TransferOptions.DEFAULTS);
    RemoteFileSystem http =
        WebDavService.block(
            dav.basepath().replace("webdav://", "http://"), WebDavService.settings());

    http.getDirectory(RelativePath.of("flows"), temporary.resolve("got"), TransferOptions.DEFAULTS);

    assertThat(Trees.read(temporary.resolve("got"))).isEqualTo(files);
    assertThat(http.readPath("flows/a b.txt")).asString(UTF_8).isEqualTo("1");
    Refusal.of(() -> http.writePath("flows/c", new byte[0]), Code.INVALID, "can only be read");
    Refusal.of(
        () ->
            http.putDirectory(
                FileTree.of(temporary.resolve("source"), IgnoreRules.NONE),
                RelativePath.of("flows"),
                TransferOptions.DEFAULTS),
        Code.INVALID,
        "can only be read");
    Refusal.of(() -> http.readPath("flows/no"), Code.NOT_FOUND, "flows/no' doesn't exist");
    Refusal.of(
        () ->
            http.getDirectory(
                RelativePath.ROOT, temporary.resolve("all"), TransferOptions.DEFAULTS),
        Code.NOT_FOUND,
        "HTTP has no listings");
  }
}
