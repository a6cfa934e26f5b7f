package dev.sheave.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.testkit.storage.Trees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that no put of ours made, named by a manifest that fits them. */
class HostileBundleTest extends TransferTest {
  private static final String INDEX = ".sheave-manifest.json";

  private static String sha256(byte[] bytes) {
    MessageDigest digest = Digests.sha256();
    digest.update(bytes);
    return Digests.hex(digest);
  }

  private static Manifest.Entry entry(String path, String content) {
    byte[] bytes = content.getBytes(UTF_8);
    return new Manifest.Entry(RelativePath.of(path), bytes.length, sha256(bytes), false, null);
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** Puts an archive, and a manifest with the right digest of it. */
  private void plant(byte[] archive, int files, String treeDigest) {
    RelativePath name = RelativePath.of(ReservedNames.BUNDLE_PREFIX + sha256(archive) + "-x.zip");
    Manifest.Bundle bundle =
        new Manifest.Bundle(name, sha256(archive), archive.length, files, treeDigest);
    store.write(PLACE + "/" + name, archive);
    store.write(PLACE + "/" + INDEX, Manifest.of(bundle).toJson());
  }

  private void plant(Manifest index, Map<String, String> entries) throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put(INDEX, index.toJson());
    entries.forEach((name, content) -> all.put(name, content.getBytes(UTF_8)));
    plant(zip(all), index.entries().size(), index.digest());
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(
            () ->
                transfer.get(
                    PLACE,
                    temporary.resolve("target"),
                    IMPATIENT.withCache(temporary.resolve("cache"))))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContainingAll(parts);
    assertThat(Trees.read(temporary)).as("what was written").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside", "/etc/passwd", "a/../../b", "C:/x", "a\\b"})
  void aNameThatLeadsOutIsRefused(String name) throws IOException {
    plant(new Manifest(List.of(entry("a", "1"))), Map.of(name, "1"));
    assertRefused("'" + name + "' in place of 'a'");

    String index =
        "{\"sheave_manifest\":1,\"files\":[{\"path\":\""
            + name.replace("\\", "\\\\")
            + "\",\"size\":1,\"sha256\":\"00\"}]}";
    plant(zip(Map.of(INDEX, index.getBytes(UTF_8))), 1, "sha256:00");
    assertRefused(name);
  }

  @Test
  void aBombIsRefusedBeforeItIsUnpacked() throws IOException {
    long gibibyte = 1L << 30;
    Manifest index =
        new Manifest(
            List.of(
                new Manifest.Entry(RelativePath.of("a"), gibibyte, "00".repeat(32), false, null)));
    plant(index, Map.of("a", "0".repeat(1 << 20)));

    assertRefused("would expand to more than 100 times");
  }

  @Test
  void aBombThatItsManifestHidesEndsWhereTheManifestSays() throws IOException {
    plant(new Manifest(List.of(entry("a", "1"))), Map.of("a", "1".repeat(50 << 20)));
    assertRefused("more data in 'a' than its manifest says");
  }

  @Test
  void aManifestThatIsABombIsRefused() throws IOException {
    byte[] spaces = " ".repeat(BundleFormat.MAX_INDEX_BYTES + 1).getBytes(UTF_8);
    plant(zip(Map.of(INDEX, spaces)), 1, "sha256:00");
    assertRefused("manifest that is too long");
  }

  @Test
  void sizesThatWrapAroundAreRefused() throws IOException {
    Manifest.Entry huge =
        new Manifest.Entry(RelativePath.of("a"), Long.MAX_VALUE, "00".repeat(32), false, null);
    Manifest.Entry more =
        new Manifest.Entry(RelativePath.of("b"), Long.MAX_VALUE, "00".repeat(32), false, null);
    plant(new Manifest(List.of(huge, more)), Map.of());
    assertRefused("would expand");
  }

  @Test
  void otherContentThanTheManifestSaysIsRefusedAndNoFileOfItStays() throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("a", "1");
    entries.put("b", "X");
    plant(new Manifest(List.of(entry("a", "1"), entry("b", "2"))), entries);
    assertRefused("a different 'b'");
  }

  @Test
  void aMissingOrASecondOrALaterEntryIsRefused() throws IOException {
    Manifest both = new Manifest(List.of(entry("a", "1"), entry("b", "2")));
    plant(both, Map.of("a", "1"));
    assertRefused("ends before 'b'");
    plant(both, Map.of("b", "2"));
    assertRefused("'b' in place of 'a'");
  }

  @Test
  void anotherTreeThanTheManifestBesideItSaysIsRefused() throws IOException {
    Manifest index = new Manifest(List.of(entry("a", "1")));
    byte[] archive = zip(Map.of(INDEX, index.toJson()));
    plant(archive, 1, "sha256:" + "00".repeat(32));
    assertRefused("doesn't match the manifest beside it");
    plant(archive, 2, index.digest());
    assertRefused("doesn't match the manifest beside it");
  }

  @Test
  void whatIsNoArchiveIsRefused() {
    for (String content : List.of("", "no zip", "PK\u0003\u0004 nearly")) {
      plant(content.getBytes(UTF_8), 0, "sha256:00");
      assertRefused("memory://store/flows/log/.sheave-bundle-");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"name\":\"../x.zip\",\"sha256\":\"%s\",\"size\":1,\"files\":1",
        "\"name\":\"flow.zip\",\"sha256\":\"%s\",\"size\":1,\"files\":1",
        "\"name\":\".sheave-bundle-a/b\",\"sha256\":\"%s\",\"size\":1,\"files\":1",
        "\"name\":\".sheave-bundle-a\",\"sha256\":\"../../x\",\"size\":1,\"files\":1",
        "\"name\":\".sheave-bundle-a\",\"sha256\":\"%s\",\"size\":-1,\"files\":1",
        "\"name\":\".sheave-bundle-a\",\"sha256\":\"%s\",\"size\":1",
      })
  void aManifestWithABundleThatCanNotBeIsRefused(String bundle) {
    String json =
        "{\"sheave_manifest\":2,\"bundle\":{" + bundle.replace("%s", "00".repeat(32)) + "}}";
    store.write(PLACE + "/" + INDEX, json.getBytes(UTF_8));
    assertRefused("");
  }

  @Test
  void aLinkInTheTargetThatLeadsOutIsNotWrittenThrough() throws IOException {
    plant(new Manifest(List.of(entry("sub/a", "1"))), Map.of("sub/a", "1"));
    Path outside = Files.createDirectories(temporary.resolve("outside"));
    Path target = Files.createDirectories(temporary.resolve("target"));
    Files.createSymbolicLink(target.resolve("sub"), outside);

    assertThatThrownBy(() -> get()).hasMessageContaining("points outside");
    assertThat(outside).isEmptyDirectory();
  }
}
