package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.block.Samples.Chat;
import dev.sheave.block.Samples.Creds;
import dev.sheave.block.Samples.Db;
import dev.sheave.block.Samples.Everything;
import dev.sheave.block.Samples.Idle;
import dev.sheave.block.Samples.Mail;
import dev.sheave.block.Samples.Nest;
import dev.sheave.block.Samples.Polite;
import dev.sheave.block.Samples.Secrets;
import dev.sheave.block.internal.ClassSchema;
import dev.sheave.internal.Json;
import dev.sheave.storage.LocalFileSystem;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The JSON schemas of block classes: what the reference's server and pages make sense of. */
class BlockSchemaTest {

  @Test
  void aBlockIsDescribedAsTheReferenceDescribesIt() {
    assertThat(BlockSchema.of(Creds.class).fields())
        .isEqualTo(
            Json.parseObject(
                """
                {"title": "Creds", "description": "My creds block.", "type": "object",
                 "properties": {
                   "user": {"title": "User", "description": "Who.", "type": "string"},
                   "password": {"title": "Password", "description": "The password.",
                                "type": "string", "writeOnly": true, "format": "password"},
                   "port": {"title": "Port", "description": "The port.", "default": 5432,
                            "type": "integer"}},
                 "required": ["user", "password"],
                 "block_type_slug": "my-creds", "secret_fields": ["password"],
                 "block_schema_references": {}}""",
                "schema"));
  }

  @Test
  void aNestedBlockIsADefinitionAndAReferenceToItsOwnSchema() {
    Map<String, @Nullable Object> fields = BlockSchema.of(Db.class).fields();

    assertThat(property(Db.class, "creds"))
        .isEqualTo(
            Map.of(
                "title", "Creds",
                "description", "Who may.",
                // readers of this dialect ignore what stands beside a $ref
                "allOf", List.of(Map.of("$ref", "#/definitions/Creds"))));
    assertThat(fields.get("definitions"))
        .isEqualTo(Map.of("Creds", BlockSchema.of(Creds.class).fields()));
    assertThat(fields.get("block_schema_references"))
        .isEqualTo(Map.of("creds", referenceTo(Creds.class)));
    assertThat(BlockSchema.of(Db.class).secretFields()).containsExactly("creds.password");
  }

  @Test
  void blocksInListsMapsAndRecordsAreReferredToByTheirField() {
    assertThat(BlockSchema.of(Nest.class).fields().get("block_schema_references"))
        .isEqualTo(
            Map.of(
                "creds", referenceTo(Creds.class),
                // a union refers to each of its blocks
                "notifier", List.of(referenceTo(Mail.class), referenceTo(Chat.class)),
                "list", referenceTo(Creds.class),
                "map", List.of(referenceTo(Mail.class), referenceTo(Chat.class)),
                "channel.notifier", List.of(referenceTo(Mail.class), referenceTo(Chat.class))));
    assertThat(property(Nest.class, "notifier").get("anyOf"))
        .isEqualTo(
            List.of(Map.of("$ref", "#/definitions/Mail"), Map.of("$ref", "#/definitions/Chat")));
    assertThat(property(Nest.class, "greeter").get("type")).isEqualTo("object");
  }

  private static Map<String, String> referenceTo(Class<? extends Block> type) {
    return Map.of(
        "block_type_slug",
        ClassSchema.typeOf(type).slug(),
        "block_schema_checksum",
        BlockSchema.of(type).checksum());
  }

  @Test
  void everyPlaceOfASecretIsListed() {
    assertThat(BlockSchema.of(Secrets.class).secretFields())
        .containsExactlyInAnyOrder(
            "plain",
            "nullable",
            "optional",
            "list.*",
            "map.*",
            "settings.*",
            "vault.key",
            // a vault in a vault: no path would be long enough
            "vault.inner.*",
            "vaults.*.key",
            "vaults.*.inner.*",
            "auth.password",
            "auth.token",
            "creds.password",
            "many_creds.*.password",
            "named_vaults.*.key",
            "named_vaults.*.inner.*",
            "named_creds.*.password",
            "maps.*.*");
  }

  @Test
  void everyTypeHasTheSchemaThatTheReferenceGivesItsLike() {
    assertThat(property(Everything.class, "big")).containsEntry("type", "integer");
    assertThat(property(Everything.class, "exact")).containsEntry("type", "number");
    assertThat(property(Everything.class, "instant"))
        .containsEntry("type", "string")
        .containsEntry("format", "date-time");
    assertThat(property(Everything.class, "duration"))
        .containsEntry("type", "number")
        .containsEntry("format", "time-delta");
    assertThat(property(Everything.class, "uuid")).containsEntry("format", "uuid");
    assertThat(property(Everything.class, "uri")).containsEntry("format", "uri");
    assertThat(property(Everything.class, "set"))
        .containsEntry("type", "array")
        .containsEntry("uniqueItems", true)
        .containsEntry("items", Map.of("$ref", "#/definitions/Color"));
    assertThat(property(Everything.class, "map"))
        .containsEntry("type", "object")
        .containsEntry("additionalProperties", Map.of("type", "integer"));
    assertThat(property(Everything.class, "any")).containsOnlyKeys("title", "description");
    assertThat(property(Everything.class, "offset_time")).containsEntry("title", "Offset Time");
    assertThat(definition("Color"))
        .containsEntry("enum", List.of("RED", "deep-blue"))
        .containsEntry("type", "string");
    assertThat(definition("Tree").get("properties"))
        .extracting("children")
        .extracting("items")
        .isEqualTo(Map.of("$ref", "#/definitions/Tree"));
    assertThat(property(Everything.class, "auth").get("discriminator"))
        .extracting("propertyName")
        .isEqualTo("type");
  }

  @Test
  void whatMayBeAbsentIsNotRequired() {
    assertThat(BlockSchema.of(Everything.class).fields().get("required"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .contains("text", "endpoint", "list")
        .doesNotContain("optional", "nullable");
  }

  @Test
  void anInfrastructureBlockCarriesItsTypeAsTheReferencesDo() {
    assertThat(property(Idle.class, "type"))
        .isEqualTo(
            Map.of(
                "title", "Type",
                "description", "The type of infrastructure.",
                "default", "idle",
                "enum", List.of("idle"),
                "type", "string"));
    assertThat(WithoutStore.stored(new Idle(Map.of(), true))).containsEntry("type", "idle");
    assertThatThrownBy(() -> WithoutStore.read(Idle.class, Map.of("type", "process")))
        .hasMessage("'type' must be 'idle', not 'process'.");
  }

  @Test
  void capabilitiesComeFromInterfaces() {
    assertThat(BlockSchema.of(Polite.class).capabilities()).containsExactly("greet");
    assertThat(BlockSchema.of(LocalFileSystem.class).capabilities())
        .containsExactly("get-directory", "put-directory", "read-path", "write-path");
    assertThat(BlockSchema.of(StringBlock.class).capabilities()).isEmpty();
  }

  @Test
  void aSchemaIsComputedOnce() {
    assertThat(BlockSchema.of(Secrets.class)).isSameAs(BlockSchema.of(Secrets.class));
  }

  @BlockType(slug = "bare", name = "Bare", description = "Has no annotated constructor.")
  static final class Bare extends Block {
    Bare(String ignored) {}
  }

  @BlockType(slug = "odd", name = "Odd", description = "Keeps its value elsewhere.")
  static final class Odd extends Block {
    Odd(@BlockField(description = "Gone.") String value) {}
  }

  @BlockType(slug = "pointer", name = "Pointer", description = "Has a type nobody can write.")
  static final class Pointer extends Block {
    final Thread thread;

    Pointer(@BlockField(description = "A thread.") Thread thread) {
      this.thread = thread;
    }
  }

  @BlockType(slug = "link", name = "Link", description = "Holds its own type.")
  static final class Link extends Block {
    final @Nullable Link next;

    Link(@BlockField(description = "The next.") @Nullable Link next) {
      this.next = next;
    }
  }

  static final class Plain extends Block {}

  @BlockType(slug = "clash", name = "Clash", description = "Two records of one name.")
  static final class Clash extends Block {
    final One.Options one;
    final Two.Options two;

    Clash(
        @BlockField(description = "One.") One.Options one,
        @BlockField(description = "Two.") Two.Options two) {
      this.one = one;
      this.two = two;
    }
  }

  static final class One {
    record Options(String a) {}
  }

  static final class Two {
    record Options(String b) {}
  }

  @Test
  void aClassThatBreaksTheRulesIsRefusedWithTheRule() {
    assertThatThrownBy(() -> BlockSchema.of(Bare.class))
        .hasMessage(
            "The class "
                + Bare.class.getCanonicalName()
                + " can't be used in a block: it must have exactly one constructor with @BlockField"
                + " on each of its parameters.");
    assertThatThrownBy(() -> BlockSchema.of(Odd.class))
        .hasMessageEndingWith("it has a constructor parameter 'value' but no field of that name.");
    assertThatThrownBy(() -> BlockSchema.of(Pointer.class))
        .hasMessageStartingWith(
            "The type Thread of the field 'thread' of "
                + Pointer.class.getCanonicalName()
                + " can't be in a document: use strings, numbers,");
    assertThatThrownBy(() -> BlockSchema.of(Link.class))
        .hasMessageEndingWith(
            "can't hold blocks of its own type at any depth: its schema would be infinite.");
    assertThatThrownBy(() -> BlockSchema.of(Plain.class))
        .hasMessageEndingWith("has no @BlockType.");
    assertThatThrownBy(() -> BlockSchema.of(Block.class))
        .hasMessageEndingWith("isn't a block type: it must extend Block and must not be abstract.");
    assertThatThrownBy(() -> BlockSchema.of(Clash.class))
        .hasMessage(
            "Two different classes named Options can't be in one schema: it distinguishes classes"
                + " by their simple names. Rename one.");
  }

  private static Map<String, @Nullable Object> property(Class<? extends Block> type, String field) {
    return in(in(BlockSchema.of(type).fields(), "properties"), field);
  }

  private static Map<String, @Nullable Object> definition(String name) {
    return in(in(BlockSchema.of(Everything.class).fields(), "definitions"), name);
  }

  private static Map<String, @Nullable Object> in(Map<String, @Nullable Object> map, String key) {
    return Json.asObject((Map<?, ?>) Objects.requireNonNull(map.get(key), key));
  }
}
