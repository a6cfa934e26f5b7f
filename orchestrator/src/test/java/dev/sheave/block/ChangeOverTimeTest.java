package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi;
import dev.sheave.api.Page;
import dev.sheave.block.StoredTypes.Creds;
import dev.sheave.block.StoredTypes.Db;
import dev.sheave.block.StoredTypes.First;
import dev.sheave.block.StoredTypes.Second;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Documents outlive the classes that wrote them; drafts mend what no class can read. */
class ChangeOverTimeTest extends StoreTest {

  @Test
  void aDocumentThatLacksAFieldSaysSoAndIsMended() {
    program(First.Service.class).save(new First.Service("a", 81), "main", SaveMode.CREATE);
    Blocks newer = program(Second.Service.class);

    assertThatThrownBy(() -> newer.load("service/main"))
        .hasMessage(
            "The block 'service/main' can't be loaded: 'region' is missing; it must be a string."
                + " Correct the saved values of 'service/main'.")
        .extracting("code")
        .isEqualTo(Code.INVALID);

    BlockDraft mended = newer.draft("service/main").with("region", "eu").save();
    assertThat(mended.values()).containsEntry("region", "eu");
    assertThat(newer.load("service/main")).isEqualTo(new Second.Service("a", "eu", null));
    // the field that only the older class has is still there for it
    assertThat(program(First.Service.class).load("service/main"))
        .isEqualTo(new First.Service("a", 81));
  }

  @Test
  void aNestedDocumentThatLacksAFieldIsTheOneToMend() {
    Blocks blocks = program(Creds.class, Db.class);
    Creds creds = blocks.save(new Creds("me", Secret.of("x")), "mine", SaveMode.CREATE);
    blocks.save(new Db(creds, "db"), "main", SaveMode.CREATE);
    // as an older or a foreign program may
    Map<String, @Nullable Object> without = new LinkedHashMap<>();
    without.put("user", null);
    api()
        .updateBlockDocument(
            creds.identity().orElseThrow().id(), schemaOf("my-creds"), without, true, null);

    assertThatThrownBy(() -> blocks.load("my-db/main"))
        .hasMessage(
            "The block 'my-db/main' can't be loaded: 'creds.user' is missing; it must be a string."
                + " Correct the saved values of 'my-creds/mine'.");
  }

  private UUID schemaOf(String slug) {
    UUID type = api().findBlockType(slug).orElseThrow().id();
    return api().listBlockSchemas(type, Page.FIRST).get(0).id();
  }

  @Test
  void anOlderClassKeepsWhatANewerOneWroteAndItsSecretsStaySecret() {
    program(Second.Service.class)
        .save(new Second.Service("a", "eu", Secret.of("canary")), "main", SaveMode.CREATE);
    Blocks older = program(First.Service.class);

    First.Service loaded = older.load("main", First.Service.class);
    assertThat(loaded).isEqualTo(new First.Service("a", 80));
    older.save(loaded.withHost("b"), "main", SaveMode.OVERWRITE);
    older.draft("service/main").with("port", "81").save();

    assertThat(older.document("service/main").data())
        .containsEntry("token", "********")
        .containsEntry("port", 81);
    assertThat(program(Second.Service.class).load("service/main"))
        .isEqualTo(new Second.Service("b", "eu", Secret.of("canary")));
  }

  @Test
  void aNewDocumentOfAnOlderClassHasNothingThatItsSchemaDoesntKnow() {
    program(Second.Service.class)
        .save(new Second.Service("a", "eu", Secret.of("canary")), "main", SaveMode.CREATE);
    Blocks older = program(First.Service.class);

    older.save(older.load("service/main"), "copy", SaveMode.CREATE);
    older.saveAnonymously(older.load("service/main"));

    assertThat(older.document("service/copy").data()).isEqualTo(Map.of("host", "a", "port", 80));
  }

  @Test
  void twoVersionsOfASchemaAreSideBySide() {
    Blocks older = program(First.Service.class);
    Blocks newer = program(Second.Service.class);
    older.save(new First.Service("a", 1), "first", SaveMode.CREATE);
    newer.save(new Second.Service("b", "eu", null), "second", SaveMode.CREATE);

    UUID type = api().findBlockType("service").orElseThrow().id();
    assertThat(api().listBlockSchemas(type, Page.FIRST)).hasSize(2);
    assertThat(older.load("service/first")).isEqualTo(new First.Service("a", 1));
    assertThat(older.load("service/second")).isEqualTo(new First.Service("b", 80));
    assertThat(newer.load("service/second")).isEqualTo(new Second.Service("b", "eu", null));
  }

  @Test
  void aBlockOfATypeThatIsntHereIsListedAndReadButNotLoaded() {
    program(Creds.class).save(new Creds("me", Secret.of("hunter2")), "mine", SaveMode.CREATE);
    Blocks other = program(StringBlock.class);

    assertThat(other.list(BlockApi.BlockDocumentFilter.NAMED, Page.FIRST))
        .extracting("name")
        .containsExactly("mine");
    assertThat(other.document("my-creds/mine").data()).containsEntry("password", "********");
    assertThatThrownBy(() -> other.load("my-creds/mine"))
        .hasMessage(
            "The block 'my-creds/mine' can't be loaded: The block type 'my-creds' isn't"
                + " installed; add a jar that lists it in"
                + " META-INF/services/dev.sheave.block.BlockProvider to the class path or to"
                + " SHEAVE_HOME/plugins.")
        .extracting("code")
        .isEqualTo(Code.UNSUPPORTED);
  }

  @Test
  void aDraftChangesABlockOfATypeThatIsntHere() {
    Blocks blocks = program(First.Service.class, Creds.class, Db.class);
    blocks.save(new First.Service("a", 1), "main", SaveMode.CREATE);
    Creds mine = blocks.save(new Creds("me", Secret.of("x")), "mine", SaveMode.CREATE);
    Creds yours = blocks.save(new Creds("you", Secret.of("y")), "yours", SaveMode.CREATE);
    blocks.save(new Db(mine, "db", List.of(mine)), "db", SaveMode.CREATE);
    Blocks other = program();

    other.draft("service/main").with("host", "b").with("port", "2").save();
    other.draft("my-creds/mine").with("password", "new").save();
    other.draft("my-db/db").with("database", "other").with("creds", "my-creds/yours").save();

    assertThat(blocks.load("service/main")).isEqualTo(new First.Service("b", 2));
    assertThat(blocks.load("mine", Creds.class).password).isEqualTo(Secret.of("new"));
    Db db = blocks.load("db", Db.class);
    assertThat(db.database).isEqualTo("other");
    assertThat(db.creds.identity()).isEqualTo(yours.identity());
    assertThat(db.readers.get(0).identity()).isEqualTo(mine.identity());
  }

  @Test
  void aDraftHoldsNoStoredSecretAndShowsNone() {
    Blocks blocks = program(Creds.class);
    blocks.save(new Creds("me", Secret.of("canary")), "mine", SaveMode.CREATE);

    BlockDraft draft = blocks.draft("my-creds/mine").with("password", "canary2").with("user", "u");

    assertThat(draft).hasToString("BlockDraft[my-creds/mine, changed: password, user]");
    assertThat(draft.changedFields()).containsExactly("password", "user");
    assertThat(draft.values()).isEqualTo(Map.of("user", "me", "password", "********"));
    // a mask that is sent back keeps what is stored, a null clears it
    draft.save().with("password", "********").save();
    assertThat(blocks.load("mine", Creds.class).password).isEqualTo(Secret.of("canary2"));
    blocks.draft("my-creds/mine").with("password", null).save();
    assertThatThrownBy(() -> blocks.load("my-creds/mine"))
        .hasMessageContaining("'password' is missing");
  }

  @Test
  void aStaleDraftIsRefused() {
    Blocks blocks = program(First.Service.class);
    blocks.save(new First.Service("a", 1), "main", SaveMode.CREATE);
    BlockDraft mine = blocks.draft("service/main").with("port", 2);
    blocks.draft("service/main").with("port", 3).save();

    assertThatThrownBy(mine::save)
        .hasMessageStartingWith("The block 'service/main' was changed after this copy")
        .extracting("code")
        .isEqualTo(Code.CONFLICT);
  }

  @Test
  void aDraftRefusesWhatNeitherTheClassNorTheSchemaHas() {
    program(First.Service.class).save(new First.Service("a", 1), "main", SaveMode.CREATE);

    for (Blocks blocks : List.of(program(First.Service.class), program())) {
      BlockDraft draft = blocks.draft("service/main");
      assertThatThrownBy(() -> draft.with("prot", 2))
          .hasMessage("The block type 'service' has no field 'prot'. Did you mean 'port'?");
      assertThatThrownBy(() -> draft.with("port", "two"))
          .hasMessageStartingWith("'port' must be a whole number");
      assertThatThrownBy(() -> draft.with("host.name", "x"))
          .hasMessageMatching(
              "'host' (must be a string|has no fields), so 'host.name' doesn't exist.");
    }
    assertThatThrownBy(() -> program().draft("service/mian"))
        .hasMessage("The block 'service/mian' doesn't exist. Did you mean 'service/main'?");
  }
}
