package dev.sheave.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.Warnings;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uploads that the store lost or damaged a part of. */
class DamagedUploadTest extends TransferTest {
  private static final String MANIFEST = "flows/log/.sheave-manifest.json";

  private final Warnings warnings = new Warnings();
  private final TransferOptions warned = IMPATIENT.withListener(warnings);

  @Test
  void aLostFileIsNamedAndNothingIsFetched() {
    put(OLD);
    store.remove("flows/log/gone");
    refuses(Code.CONFLICT, "'gone' is missing or cut; upload again.");

    put(OLD);
    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(OLD);
  }

  @Test
  void aCutFileIsNamedAndNothingIsFetched() {
    put(Map.of("a", "12345", "b", "12345"));
    store.corrupt("flows/log/a", "123".getBytes(UTF_8));
    store.corrupt("flows/log/b", new byte[0]);

    refuses(Code.CONFLICT, "'a', 'b' are missing or cut");
  }

  @Test
  void aLostFileIsNamedEvenIfAnotherToolChangedTheRest() {
    put(OLD);
    store.write("flows/log/changed", "by another tool".getBytes(UTF_8));
    store.remove("flows/log/gone");

    refuses(Code.CONFLICT, "'gone' is missing or cut");
  }

  @Test
  void filesThatAnotherToolWroteLaterAreTakenWithAWarning() {
    put(OLD);
    store.write("flows/log/changed", "by another tool".getBytes(UTF_8));
    transfer.get(PLACE, temporary.resolve("target"), warned);

    assertThat(Trees.read(temporary.resolve("target")))
        .isEqualTo(Map.of("same", "1", "changed", "by another tool", "gone", "3"));
    assertThat(warnings.all()).singleElement().asString().contains("changed by another tool");
  }

  @ParameterizedTest
  @CsvSource({"PLAIN", "BUNDLE"})
  void aManifestThatWasEditedIsNotBelieved(Layout layout) {
    transfer.put(tree("old", OLD), PLACE, IMPATIENT.withLayout(layout));
    edit(json -> json.replaceFirst("\"size\":", "\"size\":1"));
    refuses(Code.INVALID, "'memory://" + "store/" + MANIFEST + "' was cut or changed");

    transfer.put(tree("old", OLD), PLACE, warned.withLayout(layout));
    assertThat(warnings.all()).singleElement().asString().contains("was cut or changed");
    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(OLD);
  }

  @Test
  void aManifestThatLostAFileIsNotBelieved() {
    put(OLD);
    edit(json -> json.replaceFirst("\\{\"path\":\"changed\"[^}]*}\\s*,", ""));

    refuses(Code.INVALID, "was cut or changed");
  }

  @Test
  void aManifestOfAnEarlierVersionIsRead() {
    put(OLD);
    edit(json -> json.replaceFirst("\"checksum\":\"[^\"]*\",", ""));
    get();

    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(OLD);
  }

  @Test
  void aBundleWhoseManifestIsDamagedStaysABundle() {
    transfer.put(tree("old", OLD), PLACE, IMPATIENT.withLayout(Layout.BUNDLE));
    edit(json -> json.substring(0, json.length() / 2));
    put(NEW);

    assertThat(store.names()).noneMatch(name -> name.equals("flows/log/new"));
    get();
    assertThat(Trees.read(temporary.resolve("target"))).isEqualTo(NEW);
  }

  private void edit(UnaryOperator<String> change) {
    try (InputStream in = store.get(RelativePath.of(MANIFEST))) {
      String before = new String(in.readAllBytes(), UTF_8);
      String after = change.apply(before);
      assertThat(after).isNotEqualTo(before);
      store.write(MANIFEST, after.getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void refuses(Code code, String message) {
    Refusal.of(() -> get(), code, message);
    assertThat(Trees.read(Trees.write(temporary.resolve("target"), Map.of()))).isEmpty();
  }
}
