package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Created;
import dev.sheave.api.Page;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of block types and schemas in {@link dev.sheave.api.BlockApi}. */
public abstract class BlockTypeContract extends OrchestrationContract {
  private static final BlockTypeRecord.Texts S3 =
      new BlockTypeRecord.Texts(
          "S3",
          "https://docs.example.com/s3.png",
          "https://docs.example.com/s3",
          "About S3.",
          "S3.load()");

  /** For the test of an implementation. */
  protected BlockTypeContract() {}

  @Test
  void aTypeIsFoundByItsSlug() {
    BlockTypeRecord made = blocks().createBlockType("s3", S3);

    assertThat(blocks().findBlockType("s3")).contains(made);
    assertThat(made.slug()).isEqualTo("s3");
    assertThat(made.texts()).isEqualTo(S3);
    assertThat(made.isProtected()).isFalse();
    assertThat(blocks().findBlockType("gcs")).isEmpty();
  }

  @Test
  void aSlugIsTakenOnce() {
    blocks().createBlockType("s3", S3);

    assertRefused(Code.ALREADY_EXISTS, () -> blocks().createBlockType("s3", texts("Other")))
        .hasMessageContaining("s3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"S3", "my_block", "my.block", "my block", "", "sché", "a\n"})
  void aSlugHasLowercaseLettersNumbersAndDashesOnly(String slug) {
    assertRefused(Code.INVALID, () -> blocks().createBlockType(slug, S3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Prefect Thing", "prefect", "PREFECTURE"})
  void theReferencesOwnNamesAreReserved(String name) {
    assertRefused(Code.PERMISSION_DENIED, () -> blocks().createBlockType("thing", texts(name)));
  }

  @Test
  void whatPeopleReadAboutATypeCanBeChangedButNotItsName() {
    BlockTypeRecord made = blocks().createBlockType("s3", S3);

    blocks()
        .updateBlockType(
            made.id(),
            new BlockTypeRecord.Texts("Other", null, "https://new.example.com/s3", "New.", null));

    BlockTypeRecord now = blocks().findBlockType("s3").orElseThrow();
    assertThat(now.texts())
        .isEqualTo(
            new BlockTypeRecord.Texts("S3", null, "https://new.example.com/s3", "New.", null));
    assertThat(made.updated()).isEqualTo(made.created());
    assertThat(now.created()).isEqualTo(made.created());
    assertThat(now.updated()).isAfter(made.updated());
    assertRefused(
        Code.NOT_FOUND, () -> blocks().updateBlockType(UUID.randomUUID(), texts("Other")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local-file-system", "process", "secret", "json", "date-time", "webhook"})
  void typesThatEverybodyReliesOnCantBeDeleted(String slug) {
    BlockTypeRecord made = blocks().createBlockType(slug, texts("Thing"));

    assertThat(made.isProtected()).isTrue();
    assertRefused(Code.PERMISSION_DENIED, () -> blocks().deleteBlockType(made.id()));
    assertThat(blocks().findBlockType(slug)).isPresent();
  }

  @Test
  void aTypeIsDeletedWithItsSchemasAndDocuments() {
    BlockSchemaRecord schema = schema("s3");
    var child = document(schema, "child", json("x", 1));
    document(schema, "parent", json("child", referenceTo(child)));

    blocks().deleteBlockType(schema.blockType().id());

    assertThat(blocks().findBlockType("s3")).isEmpty();
    assertThat(blocks().findBlockSchema(schema.checksum(), null)).isEmpty();
    assertRefused(Code.NOT_FOUND, () -> blocks().readBlockDocument(child.id(), false));
    assertRefused(Code.NOT_FOUND, () -> blocks().deleteBlockType(schema.blockType().id()));
  }

  @Test
  void aTypeIsKeptWhileSomethingElseUsesItsDocuments() {
    BlockSchemaRecord schema = schema("s3");
    var used = document(schema, "log-test", json());
    document(schema("backup"), "nightly", json("target", referenceTo(used)));
    api()
        .deployments()
        .applyDeployment(withBlocks(spec("log-flow", "log-flow-s3"), used.id(), null));

    assertRefused(Code.CONFLICT, () -> blocks().deleteBlockType(schema.blockType().id()))
        .hasMessageContainingAll("block backup/nightly", "deployment log-flow/log-flow-s3");
    assertThat(blocks().findBlockDocument("s3", "log-test", false)).isPresent();
  }

  @Test
  void typesAreListedBySlugAndByWhatTheyCanDo() {
    schema("s3", json(), List.of("get-directory", "put-directory"));
    schema("github", json(), List.of("get-directory"));
    schema("process", json(), List.of("run-infrastructure"));
    blocks().createBlockType("bare", texts("Bare"));

    assertThat(slugs(Set.of(), Page.FIRST)).containsExactly("bare", "github", "process", "s3");
    assertThat(slugs(Set.of("get-directory"), Page.FIRST)).containsExactly("github", "s3");
    assertThat(slugs(Set.of("get-directory", "put-directory"), Page.FIRST)).containsExactly("s3");
    // no part of a capability's name, and no wildcard, is taken for one
    assertThat(slugs(Set.of("directory"), Page.FIRST)).isEmpty();
    assertThat(slugs(Set.of("get_directory"), Page.FIRST)).isEmpty();
    assertThat(slugs(Set.of(), Page.first(2).next())).containsExactly("process", "s3");
    assertThat(blocks().listCapabilities())
        .containsExactly("get-directory", "put-directory", "run-infrastructure");
  }

  @Test
  void pagesOfTypesAndSchemasFollowAnEntry() {
    schema("github", json(), List.of("get-directory"));
    UUID process = schema("process", json(), List.of("run-infrastructure")).blockType().id();
    UUID s3 = schema("s3", json(), List.of("get-directory")).blockType().id();
    BlockSchemaRecord old =
        blocks().findOrCreateBlockSchema(s3, json("a", 1), List.of(), "1").record();
    BlockSchemaRecord newest =
        blocks().findOrCreateBlockSchema(s3, json("a", 1), List.of(), "2").record();

    assertThat(slugs(Set.of(), Page.first(1).after(process))).containsExactly("s3");
    assertThat(slugs(Set.of("get-directory"), Page.FIRST.after(process))).containsExactly("s3");
    assertThat(blocks().listBlockSchemas(s3, Page.first(1).after(newest.id())))
        .containsExactly(old);
    UUID nothing = UUID.randomUUID();
    assertRefused(Code.NOT_FOUND, () -> slugs(Set.of(), Page.FIRST.after(nothing)));
    assertRefused(Code.NOT_FOUND, () -> blocks().listBlockSchemas(s3, Page.FIRST.after(nothing)));
  }

  private List<String> slugs(Set<String> capabilities, Page page) {
    return blocks().listBlockTypes(capabilities, page).stream().map(BlockTypeRecord::slug).toList();
  }

  /** The vector is the reference's. */
  @Test
  void aSchemaIsKnownByItsChecksum() {
    UUID type = blocks().createBlockType("myregisteredblock", texts("MyRegisteredBlock")).id();
    Map<String, @Nullable Object> fields =
        json(
            "title", "MyRegisteredBlock",
            "type", "object",
            "properties",
                json(
                    "x", json("title", "X", "type", "string"),
                    "y", json("title", "Y", "default", 1, "type", "integer")),
            "required", List.of("x"),
            "block_type_slug", "myregisteredblock",
            "secret_fields", List.of(),
            "block_schema_references", json());

    BlockSchemaRecord made = blocks().createBlockSchema(type, fields, List.of("notify"), "2.10.13");

    assertThat(made.checksum())
        .isEqualTo("sha256:876ee010b459f79fe6a31f00442a2ba47ee36202968830efda4378544051da64");
    assertThat(made.fields()).isEqualTo(fields);
    assertThat(made.capabilities()).containsExactly("notify");
    assertThat(blocks().findBlockSchema(made.checksum(), "2.10.13")).contains(made);
  }

  @Test
  void aSchemaOfAChecksumAndVersionIsMadeOnce() {
    UUID type = blocks().createBlockType("s3", S3).id();

    BlockSchemaRecord first = blocks().createBlockSchema(type, json("a", 1), List.of(), "1");
    Created<BlockSchemaRecord> again =
        blocks().findOrCreateBlockSchema(type, json("a", 1), List.of(), "1");
    Created<BlockSchemaRecord> made =
        blocks().findOrCreateBlockSchema(type, json("a", 1), List.of(), "2");
    BlockSchemaRecord newer = made.record();

    assertThat(again).isEqualTo(new Created<>(first, false));
    assertThat(made.isNew()).isTrue();
    assertThat(newer.id()).isNotEqualTo(first.id());
    assertThat(newer.checksum()).isEqualTo(first.checksum());
    assertThat(blocks().findBlockSchema(first.checksum(), "1")).contains(first);
    assertThat(blocks().findBlockSchema(first.checksum(), null)).contains(newer);
    assertThat(blocks().findBlockSchema(first.checksum(), "3")).isEmpty();
    assertThat(blocks().listBlockSchemas(type, Page.FIRST)).containsExactly(newer, first);
  }

  @Test
  void typesAndSchemasAreReadById() {
    BlockTypeRecord type = blocks().createBlockType("s3", S3);
    BlockSchemaRecord schema = blocks().createBlockSchema(type.id(), json("a", 1), List.of(), "1");

    assertThat(blocks().readBlockType(type.id())).isEqualTo(type);
    assertThat(blocks().readBlockSchema(schema.id())).isEqualTo(schema);
    assertRefused(Code.NOT_FOUND, () -> blocks().readBlockType(schema.id()));
    assertRefused(Code.NOT_FOUND, () -> blocks().readBlockSchema(type.id()));
  }

  @Test
  void aSchemaIsDeletedUnlessDocumentsWereSavedUnderIt() {
    BlockSchemaRecord used = schema("s3");
    UUID type = used.blockType().id();
    BlockSchemaRecord unused = blocks().createBlockSchema(type, json("a", 1), List.of(), "1");
    var document = document(used, "log-test", json());

    blocks().deleteBlockSchema(unused.id());

    assertThat(blocks().listBlockSchemas(type, Page.FIRST)).containsExactly(used);
    assertRefused(Code.NOT_FOUND, () -> blocks().readBlockSchema(unused.id()));
    assertRefused(Code.NOT_FOUND, () -> document(unused, "other", json()));
    assertRefused(Code.NOT_FOUND, () -> blocks().deleteBlockSchema(unused.id()));
    assertRefused(Code.CONFLICT, () -> blocks().deleteBlockSchema(used.id()))
        .hasMessageContaining("s3/log-test");
    blocks().deleteBlockDocument(document.id(), false);
    blocks().deleteBlockSchema(used.id());
    assertThat(blocks().findBlockType("s3")).isPresent();
    BlockSchemaRecord ofProtected = schema("secret");
    assertRefused(Code.PERMISSION_DENIED, () -> blocks().deleteBlockSchema(ofProtected.id()));
  }

  @Test
  void aSchemaIsOfATypeThatExists() {
    UUID nothing = UUID.randomUUID();

    assertRefused(
        Code.NOT_FOUND, () -> blocks().createBlockSchema(nothing, json(), List.of(), "1"));
    assertRefused(Code.NOT_FOUND, () -> blocks().listBlockSchemas(nothing, Page.FIRST));
  }
}
