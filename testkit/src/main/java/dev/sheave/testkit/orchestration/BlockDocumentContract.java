package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.Page;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of block documents in {@link dev.sheave.api.BlockApi}, except secrets and
 * references.
 */
public abstract class BlockDocumentContract extends OrchestrationContract {

  /** For the test of an implementation. */
  protected BlockDocumentContract() {}

  @Test
  void aDocumentIsReadAsItWasSaved() {
    BlockSchemaRecord schema = schema("s3");

    BlockDocumentRecord saved = document(schema, "log-test", json("bucket_path", "flows"));

    assertThat(saved.reference()).isEqualTo("s3/log-test");
    assertThat(saved.data()).isEqualTo(json("bucket_path", "flows"));
    assertThat(saved.blockSchema()).isEqualTo(schema);
    assertThat(saved.references()).isEmpty();
    assertThat(saved.isAnonymous()).isFalse();
    assertThat(saved.updated()).isEqualTo(saved.created());
    assertThat(blocks().readBlockDocument(saved.id(), false)).isEqualTo(saved);
    assertThat(blocks().findBlockDocument("s3", "log-test", true)).contains(saved);
    assertThat(blocks().findBlockDocument("s3", "other", true)).isEmpty();
    assertThat(blocks().findBlockDocument("gcs", "log-test", true)).isEmpty();
    assertRefused(Code.NOT_FOUND, () -> blocks().readBlockDocument(UUID.randomUUID(), false));
  }

  @Test
  void everyJsonValueIsKept() {
    Map<String, @Nullable Object> data =
        json(
            "text",
            "Grüße, \u0000 and 🦦",
            "empty",
            "",
            "number",
            42,
            "long",
            1L << 60,
            "big",
            new BigInteger("123456789012345678901234567890"),
            "decimal",
            0.1,
            "yes",
            true,
            "nothing",
            null,
            "list",
            List.of(1, List.of(), json("a", null)),
            "map",
            json("", json(), "a.b", "dots"));

    BlockDocumentRecord saved = document(schema("json"), "all", data);

    assertThat(clear(saved)).isEqualTo(data);
    assertThat(clear(saved).keySet()).containsExactlyElementsOf(data.keySet());
  }

  @Test
  void aDocumentMayBeLarge() {
    String large = "0123456789abcdef".repeat(192 * 1024);

    assertThat(clear(document(schema("string"), "large", json("value", large))))
        .isEqualTo(json("value", large));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "My-block",
        "a_block",
        "a.block",
        "a/block",
        "a\\block",
        "my%block",
        "my block",
        "a\n",
        "🦦",
        "a|b",
        ""
      })
  void aNameHasLowercaseLettersNumbersAndDashesOnly(String name) {
    BlockSchemaRecord schema = schema("s3");

    assertRefused(Code.INVALID, () -> document(schema, name, json()));
    assertThat(blocks().listBlockDocuments(BlockDocumentFilter.NAMED, Page.FIRST, false)).isEmpty();
  }

  @Test
  void aDocumentThatIsNotAnonymousHasAName() {
    BlockSchemaRecord schema = schema("s3");

    assertRefused(
        Code.INVALID,
        () -> blocks().createBlockDocument(new NewBlockDocument(null, schema.id(), json(), false)));
  }

  @Test
  void aNameIsTakenOnceForEachType() {
    document(schema("s3"), "log-test", json());

    assertRefused(Code.ALREADY_EXISTS, () -> document(schema("s3"), "log-test", json("x", 1)))
        .hasMessageContaining("s3/log-test");
    assertThat(document(schema("gcs"), "log-test", json()).reference()).isEqualTo("gcs/log-test");
  }

  @Test
  void aDocumentIsOfASchemaThatExists() {
    assertRefused(
        Code.NOT_FOUND,
        () ->
            blocks()
                .createBlockDocument(new NewBlockDocument("x", UUID.randomUUID(), json(), false)));
  }

  @Test
  void anUpdateReplacesOrMergesTheValues() {
    BlockSchemaRecord schema = schema("s3");
    BlockDocumentRecord saved = document(schema, "log-test", json("a", 1, "b", json("x", 1)));

    blocks().updateBlockDocument(saved.id(), schema.id(), json("b", json("y", 2)), true, null);
    assertThat(clear(saved)).isEqualTo(json("a", 1, "b", json("y", 2)));

    blocks().updateBlockDocument(saved.id(), schema.id(), json("c", null), false, null);
    assertThat(clear(saved)).isEqualTo(json("c", null));

    assertRefused(
        Code.NOT_FOUND,
        () -> blocks().updateBlockDocument(UUID.randomUUID(), schema.id(), json(), true, null));
  }

  @Test
  void everyChangeIsLaterThanTheOneBefore() {
    BlockSchemaRecord schema = schema("s3");
    BlockDocumentRecord saved = document(schema, "log-test", json());
    List<Instant> times = new ArrayList<>(List.of(saved.updated()));

    for (int i = 0; i < 50; i++) {
      blocks().updateBlockDocument(saved.id(), schema.id(), json("i", i), false, null);
      times.add(blocks().readBlockDocument(saved.id(), false).updated());
    }

    assertThat(times).doesNotHaveDuplicates().isSorted();
    assertThat(blocks().readBlockDocument(saved.id(), false).created()).isEqualTo(saved.created());
  }

  @Test
  void aStaleCopyReplacesNothing() {
    BlockSchemaRecord schema = schema("s3");
    BlockDocumentRecord saved = document(schema, "log-test", json("by", "me"));
    blocks()
        .updateBlockDocument(saved.id(), schema.id(), json("by", "you"), false, saved.updated());

    assertRefused(
            Code.CONFLICT,
            () ->
                blocks()
                    .updateBlockDocument(
                        saved.id(), schema.id(), json("by", "me"), false, saved.updated()))
        .hasMessageContaining("s3/log-test");
    assertThat(clear(saved)).isEqualTo(json("by", "you"));
  }

  @Test
  void aDocumentMovesToAnotherSchemaOfItsTypeOnly() {
    BlockDocumentRecord saved = document(schema("s3"), "log-test", json("x", 1));
    BlockSchemaRecord newer = schema("s3", json("title", "S3, newer"));
    BlockSchemaRecord other = schema("gcs");

    blocks().updateBlockDocument(saved.id(), newer.id(), json(), true, null);
    assertThat(blocks().readBlockDocument(saved.id(), false).blockSchema()).isEqualTo(newer);

    assertRefused(
        Code.INVALID,
        () -> blocks().updateBlockDocument(saved.id(), other.id(), json(), true, null));
    assertThat(clear(saved)).isEqualTo(json("x", 1));
  }

  @Test
  void documentsAreListedNewestFirst() {
    BlockSchemaRecord s3 = schema("s3", json(), List.of("get-directory", "put-directory"));
    BlockSchemaRecord github = schema("github", json(), List.of("get-directory"));
    document(s3, "first", json());
    document(github, "second", json());
    document(s3, "third", json());
    anonymous(s3, json());

    assertThat(names(BlockDocumentFilter.NAMED, Page.FIRST))
        .containsExactly("s3/third", "github/second", "s3/first");
    assertThat(names(BlockDocumentFilter.NAMED, new Page(1, 1))).containsExactly("github/second");
    assertThat(names(new BlockDocumentFilter(Set.of("github"), Set.of(), false), Page.FIRST))
        .containsExactly("github/second");
    assertThat(
            names(
                new BlockDocumentFilter(Set.of(), Set.of("get-directory", "put-directory"), false),
                Page.FIRST))
        .containsExactly("s3/third", "s3/first");
    assertThat(names(new BlockDocumentFilter(Set.of("s3"), Set.of(), true), Page.FIRST)).hasSize(3);
  }

  @Test
  void pagesOfDocumentsFollowAnEntry() {
    BlockSchemaRecord schema = schema("s3");
    document(schema, "first", json());
    document(schema, "second", json());
    BlockDocumentRecord third = document(schema, "third", json());
    BlockDocumentFilter ofType = new BlockDocumentFilter(Set.of("s3"), Set.of(), false);

    assertThat(names(BlockDocumentFilter.NAMED, Page.first(1).after(third.id())))
        .containsExactly("s3/second");
    document(schema, "fourth", json());
    assertThat(names(ofType, Page.FIRST.after(third.id())))
        .containsExactly("s3/second", "s3/first");
    assertRefused(
        Code.NOT_FOUND,
        () -> names(BlockDocumentFilter.NAMED, Page.FIRST.after(UUID.randomUUID())));
  }

  private List<String> names(BlockDocumentFilter filter, Page page) {
    return blocks().listBlockDocuments(filter, page, false).stream()
        .map(BlockDocumentRecord::reference)
        .toList();
  }

  @Test
  void aDocumentOfTenMegabytesIsRefused() {
    BlockSchemaRecord schema = schema("s3");
    String large = "x".repeat(10_000_000);

    assertRefused(Code.INVALID, () -> document(schema, "large", json("bucket_path", large)));
    assertThat(blocks().findBlockDocument("s3", "large", false)).isEmpty();

    BlockDocumentRecord saved = document(schema, "log-test", json("bucket_path", "mine"));
    assertRefused(
        Code.INVALID,
        () ->
            blocks()
                .updateBlockDocument(
                    saved.id(), schema.id(), json("bucket_path", large), false, null));
    assertThat(blocks().readBlockDocument(saved.id(), false).data()).isEqualTo(saved.data());
  }

  @Test
  void aDeletedDocumentIsGoneAndItsNameIsFree() {
    BlockSchemaRecord schema = schema("s3");
    BlockDocumentRecord saved = document(schema, "log-test", json());

    blocks().deleteBlockDocument(saved.id(), false);

    assertThat(blocks().findBlockDocument("s3", "log-test", false)).isEmpty();
    assertRefused(Code.NOT_FOUND, () -> blocks().deleteBlockDocument(saved.id(), false));
    assertRefused(Code.NOT_FOUND, () -> blocks().usersOfBlockDocument(saved.id()));
    assertThat(document(schema, "log-test", json()).id()).isNotEqualTo(saved.id());
  }
}
