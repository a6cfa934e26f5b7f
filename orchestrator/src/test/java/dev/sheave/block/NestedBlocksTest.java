package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException.Code;
import dev.sheave.block.StoredTypes.Chain;
import dev.sheave.block.StoredTypes.Creds;
import dev.sheave.block.StoredTypes.Db;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Blocks in blocks: saved ones are referred to, others are written out. */
class NestedBlocksTest extends StoreTest {
  private static final Creds MINE = new Creds("me", Secret.of("hunter2"));

  private Blocks blocks;

  @BeforeEach
  void startProgram() {
    blocks = program(Creds.class, Db.class, Chain.class);
  }

  private Creds save(Creds creds, String name) {
    return blocks.save(creds, name, SaveMode.CREATE);
  }

  @Test
  void aSavedBlockIsReferredToAndItsChangesAreSeen() {
    Creds saved = save(MINE, "mine");
    blocks.save(new Db(saved, "db", List.of(saved)), "main", SaveMode.CREATE);
    blocks.save(saved.withUser("you"), "mine", SaveMode.OVERWRITE);

    Db loaded = blocks.load("main", Db.class);
    assertThat(loaded.creds.user).isEqualTo("you");
    assertThat(loaded.readers.get(0).user).isEqualTo("you");
    assertThat(loaded.creds.displayName()).isEqualTo("my-creds/mine");
    assertThat(blocks.usedBy("my-creds/mine")).containsExactly("block my-db/main");
    assertThatThrownBy(() -> blocks.delete("my-creds/mine", false))
        .hasMessageContaining("my-db/main")
        .extracting("code")
        .isEqualTo(Code.CONFLICT);
  }

  @Test
  void aParentThatIsSavedAgainStillRefers() {
    blocks.save(new Db(save(MINE, "mine"), "db"), "main", SaveMode.CREATE);

    blocks.save(blocks.load("main", Db.class).withDatabase("other"), "main", SaveMode.OVERWRITE);

    assertThat(blocks.usedBy("my-creds/mine")).containsExactly("block my-db/main");
  }

  @Test
  void anUnsavedBlockIsWrittenOutWithItsSecretsMasked() {
    blocks.save(new Db(MINE, "db", List.of(MINE)), "main", SaveMode.CREATE);

    Db loaded = blocks.load("main", Db.class);
    assertThat(loaded).isEqualTo(new Db(MINE, "db", List.of(MINE)));
    assertThat(loaded.creds.identity()).isEmpty();
    assertThat(blocks.document("my-db/main").data().toString()).doesNotContain("hunter2");
  }

  @Test
  void aChangedCopyOfASavedBlockIsWrittenOutAndNotTheOlderValues() {
    Creds saved = save(MINE, "mine");

    blocks.save(new Db(saved.withUser("you"), "db"), "main", SaveMode.CREATE);

    assertThat(blocks.load("main", Db.class).creds.user).isEqualTo("you");
    assertThat(blocks.load("mine", Creds.class).user).isEqualTo("me");
    assertThat(blocks.usedBy("my-creds/mine")).isEmpty();
  }

  @Test
  void wherePeopleWriteTheySayTypeAndName() {
    save(MINE, "mine");
    save(new Creds("you", Secret.of("x")), "yours");

    Block made =
        blocks.create(
            "my-db",
            Map.of(
                "creds", "my-creds/mine", "database", "db", "readers", List.of("my-creds/yours")));
    blocks.save(made, "main", SaveMode.CREATE);
    assertThat(blocks.load("main", Db.class).creds.user).isEqualTo("me");
    assertThat(blocks.usedBy("my-creds/yours")).containsExactly("block my-db/main");

    Block other = blocks.with(blocks.load("my-db/main"), Map.of("creds", "my-creds/yours"));
    assertThat(((Db) blocks.save(other, "main", SaveMode.OVERWRITE)).creds.user).isEqualTo("you");
    assertThat(blocks.usedBy("my-creds/mine")).isEmpty();

    assertThatThrownBy(() -> blocks.with(made, Map.of("creds", "my-creds/nobody")))
        .hasMessageStartingWith("The block 'my-creds/nobody' doesn't exist.");
    assertThatThrownBy(() -> blocks.with(made, Map.of("creds", "my-db/main")))
        .hasMessage("'creds' must be a Creds, not a block of the type 'my-db'.");
  }

  @Test
  void aFieldOfACapabilityHoldsAnyBlockThatHasIt() {
    Chain last = blocks.save(new Chain(null), "last", SaveMode.CREATE);
    blocks.save(new Chain(last), "referring", SaveMode.CREATE);
    blocks.save(new Chain(new Chain(last)), "inline", SaveMode.CREATE);

    assertThat(blocks.load("referring", Chain.class)).isEqualTo(new Chain(new Chain(null)));
    assertThat(blocks.load("inline", Chain.class)).isEqualTo(new Chain(new Chain(new Chain(null))));
    assertThat(blocks.usedBy("chain/last"))
        .containsExactlyInAnyOrder("block chain/referring", "block chain/inline");
  }

  @Test
  void circlesAreRefused() {
    Chain last = blocks.save(new Chain(null), "last", SaveMode.CREATE);
    Chain first = blocks.save(new Chain(last), "first", SaveMode.CREATE);

    assertThatThrownBy(() -> blocks.save(new Chain(first), "last", SaveMode.OVERWRITE))
        .hasMessageContaining("leads back to it")
        .extracting("code")
        .isEqualTo(Code.INVALID);
    assertThat(blocks.load("chain/last")).isEqualTo(new Chain(null));
  }
}
