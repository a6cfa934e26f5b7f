package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi;
import dev.sheave.api.Page;
import dev.sheave.block.StoredTypes.Creds;
import dev.sheave.block.StoredTypes.Db;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SaveAndLoadTest extends StoreTest {
  private static final Creds MINE = new Creds("me", Secret.of("hunter2"));

  private Blocks blocks;

  @BeforeEach
  void startProgram() {
    blocks = program(Creds.class, Db.class, StringBlock.class);
  }

  @Test
  void aSavedBlockHasAnIdentityAndTheOriginalStillHasNone() {
    Block saved = blocks.save(MINE, "prod", SaveMode.CREATE);

    assertThat(MINE.identity()).isEmpty();
    assertThat(saved).isEqualTo(MINE);
    assertThat(saved.displayName()).isEqualTo("my-creds/prod");
    assertThat(saved.identity()).isEqualTo(blocks.load("my-creds/prod").identity());
    assertThat(blocks.load("my-creds/prod")).isEqualTo(MINE);
    assertThat(blocks.load("prod", Creds.class).password.reveal()).isEqualTo("hunter2");
    assertThat(blocks.load("my-creds/prod", Block.class)).isEqualTo(MINE);
    assertThat(blocks.exists("my-creds/prod")).isTrue();
    assertThat(blocks.exists("my-creds/test")).isFalse();
  }

  @Test
  void whatIsListedAndReadIsMasked() {
    blocks.save(MINE, "prod", SaveMode.CREATE);

    assertThat(blocks.document("my-creds/prod").data())
        .isEqualTo(Map.of("user", "me", "password", "********"));
  }

  @Test
  void aTakenNameIsOverwrittenOnlyOnRequest() {
    UUID id = blocks.save(MINE, "prod", SaveMode.CREATE).identity().orElseThrow().id();
    Creds other = new Creds("you", Secret.of("other"));

    assertThatThrownBy(() -> blocks.save(other, "prod", SaveMode.CREATE))
        .hasMessage(
            "The block 'my-creds/prod' already exists; save with SaveMode.OVERWRITE to replace its"
                + " values.")
        .extracting("code")
        .isEqualTo(Code.ALREADY_EXISTS);
    assertThat(blocks.load("my-creds/prod")).isEqualTo(MINE);

    Block saved = blocks.save(other, "prod", SaveMode.OVERWRITE);
    assertThat(saved.identity().orElseThrow().id()).isEqualTo(id);
    assertThat(blocks.load("my-creds/prod")).isEqualTo(other);
  }

  @Test
  void aBadNameIsRefusedBeforeAnythingIsRegistered() {
    assertThatThrownBy(() -> blocks.save(MINE, "My_Creds", SaveMode.CREATE))
        .hasMessageEndingWith("Try 'my-creds'.");
    assertThat(api().findBlockType("my-creds")).isEmpty();
  }

  @Test
  void aCopyOverwritesWhatItWasCopiedFrom() {
    blocks.save(MINE, "prod", SaveMode.CREATE);
    Creds copy = blocks.load("prod", Creds.class).withUser("you");

    assertThat(copy.identity()).isEmpty();
    assertThat(blocks.save(copy, "prod", SaveMode.OVERWRITE)).isEqualTo(copy);
    assertThat(blocks.load("my-creds/prod")).isEqualTo(copy);
  }

  @Test
  void aStaleCopyIsRefused() {
    blocks.save(MINE, "prod", SaveMode.CREATE);
    Creds mine = blocks.load("prod", Creds.class);
    Creds yours = blocks.load("prod", Creds.class);
    blocks.save(yours.withUser("you"), "prod", SaveMode.OVERWRITE);

    for (Creds stale : new Creds[] {mine, mine.withUser("third")}) {
      assertThatThrownBy(() -> blocks.save(stale, "prod", SaveMode.OVERWRITE))
          .hasMessage(
              "The block 'my-creds/prod' was changed after this copy of it was loaded; load it"
                  + " again, make the change and save it.")
          .extracting("code")
          .isEqualTo(Code.CONFLICT);
    }
    assertThat(blocks.load("prod", Creds.class).user).isEqualTo("you");
  }

  @Test
  void aCopyOfABlockThatWasReplacedIsStaleToo() {
    blocks.save(MINE, "prod", SaveMode.CREATE);
    Creds copy = blocks.load("prod", Creds.class).withUser("you");
    blocks.delete("my-creds/prod", false);
    blocks.save(MINE, "prod", SaveMode.CREATE);

    assertThatThrownBy(() -> blocks.save(copy, "prod", SaveMode.OVERWRITE))
        .extracting("code")
        .isEqualTo(Code.CONFLICT);
  }

  @Test
  void aLoadedBlockMayReplaceAnother() {
    blocks.save(MINE, "prod", SaveMode.CREATE);
    blocks.save(new Creds("you", Secret.of("x")), "test", SaveMode.CREATE);

    blocks.save(blocks.load("my-creds/prod"), "test", SaveMode.OVERWRITE);

    assertThat(blocks.load("my-creds/test")).isEqualTo(MINE);
    assertThat(blocks.load("my-creds/prod")).isEqualTo(MINE);
  }

  @Test
  void whatIsNotThereIsSaidWithTheNearest() {
    blocks.save(MINE, "prod", SaveMode.CREATE);

    assertThatThrownBy(() -> blocks.load("my-creds/prd"))
        .hasMessage("The block 'my-creds/prd' doesn't exist. Did you mean 'my-creds/prod'?")
        .extracting("code")
        .isEqualTo(Code.NOT_FOUND);
    assertThatThrownBy(() -> blocks.load("my-cred/prod"))
        .hasMessage(
            "The block 'my-cred/prod' doesn't exist. The block type 'my-cred' doesn't exist"
                + " either. Did you"
                + " mean 'my-creds'?");
    assertThatThrownBy(() -> blocks.load("my-db/prod", Creds.class))
        .hasMessage("'my-db/prod' can't be loaded as Creds, whose block type is 'my-creds'.");
    assertThatThrownBy(() -> blocks.load("prod"))
        .hasMessageStartingWith("'prod' isn't a block reference;");
  }

  @Test
  void anonymousBlocksOfEqualValuesAreOneDocument() {
    Block.Identity first = blocks.saveAnonymously(MINE).identity().orElseThrow();
    for (int i = 0; i < 100; i++) {
      assertThat(blocks.saveAnonymously(new Creds("me", Secret.of("hunter2"))).identity())
          .contains(first);
    }

    assertThat(first.isAnonymous()).isTrue();
    assertThat(blocks.load(first.id())).isEqualTo(MINE);
    assertThat(blocks.saveAnonymously(new Creds("you", Secret.of("hunter2"))).identity())
        .isNotEqualTo(Optional.of(first));
    assertThat(blocks.list(BlockApi.BlockDocumentFilter.NAMED, Page.FIRST)).isEmpty();
  }

  @Test
  void aTypeThatWasDeletedIsRegisteredAgain() {
    blocks.save(MINE, "prod", SaveMode.CREATE);
    api().deleteBlockType(api().findBlockType("my-creds").orElseThrow().id());

    blocks.save(MINE, "again", SaveMode.CREATE);

    assertThat(blocks.load("my-creds/again")).isEqualTo(MINE);
  }

  @Test
  void registeringPutsTypesAndTheTypesNestedInThemIntoTheStore() {
    assertThat(blocks.register(Set.of("my-db"))).extracting("slug").containsExactly("my-db");

    assertThat(api().findBlockType("my-creds")).isPresent();
    assertThat(api().findBlockType("string")).isEmpty();
    assertThat(api().findBlockSchema(BlockSchema.of(Creds.class).checksum(), null)).isPresent();
    assertThat(api().findBlockSchema(BlockSchema.of(Db.class).checksum(), null).orElseThrow())
        .satisfies(
            schema -> assertThat(schema.fields()).isEqualTo(BlockSchema.of(Db.class).fields()));

    assertThat(blocks.register(Set.of())).hasSize(3);
  }
}
