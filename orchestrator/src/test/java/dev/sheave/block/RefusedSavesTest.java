package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What couldn't be loaded again isn't saved. */
@SuppressWarnings({"NullAway", "NullOptional"}) // what programs without checks give
class RefusedSavesTest extends StoreTest {
  private static final Secret PASSWORD = Secret.of("hunter2");

  enum Mode {
    READ_ONLY,
    READ_WRITE
  }

  record Node(
      @BlockField(description = "The host.") String host,
      @BlockField(description = "The port.", defaultValue = "5432") int port) {}

  record Pool(
      @BlockField(description = "The nodes.") List<Node> nodes,
      @BlockField(description = "How long.") Duration idle) {}

  @BlockType(slug = "warehouse", name = "Warehouse", description = "A data warehouse.")
  static final class Warehouse extends Block {
    final String user;
    final Secret password;
    final Mode mode;
    final List<String> schemas;
    final Map<String, Double> limits;
    final Pool pool;
    final Optional<String> role;
    final @Nullable Object notes;

    Warehouse(
        @BlockField(description = "Who.") String user,
        @BlockField(description = "The password.") Secret password,
        @BlockField(description = "The mode.", defaultValue = "READ_ONLY") Mode mode,
        @BlockField(description = "Schemas.", defaultValue = "[]") List<String> schemas,
        @BlockField(description = "Limits.", defaultValue = "{}") Map<String, Double> limits,
        @BlockField(description = "The pool.") Pool pool,
        @BlockField(description = "The role.") Optional<String> role,
        @BlockField(description = "Anything.") @Nullable Object notes) {
      if ("root".equals(user)) {
        throw new IllegalStateException("never as root");
      }
      this.user = user;
      this.password = password;
      this.mode = mode;
      this.schemas = schemas;
      this.limits = limits;
      this.pool = pool;
      this.role = role;
      this.notes = notes;
    }
  }

  @BlockType(slug = "holder", name = "Holder", description = "Holds a block.")
  static final class Holder extends Block {
    final Warehouse warehouse;

    Holder(@BlockField(description = "A block.") Warehouse warehouse) {
      this.warehouse = warehouse;
    }
  }

  private static Warehouse warehouse(
      List<String> schemas, Map<String, Double> limits, Pool pool, @Nullable Object notes) {
    return new Warehouse(
        "u", PASSWORD, Mode.READ_WRITE, schemas, limits, pool, Optional.empty(), notes);
  }

  private static final Pool POOL = new Pool(List.of(new Node("h", 1)), Duration.ZERO);

  private void assertRefused(Block block, String message) {
    assertThatThrownBy(() -> program().save(block, "x", SaveMode.CREATE))
        .isInstanceOf(SheaveException.class)
        .hasMessage(message)
        .extracting("code")
        .isEqualTo(Code.INVALID);
    assertThat(api().listBlockDocuments(BlockDocumentFilter.NAMED, Page.FIRST, false)).isEmpty();
  }

  @Test
  void fieldsThatAreNullAreNamedAllAtOnce() {
    assertRefused(
        new Warehouse(null, null, null, null, null, null, null, null),
        "'user' is missing; it must be a string. 'password' is missing; it must be a string. 'pool' is"
            + " missing; it must be an object.");
  }

  @Test
  void aBlockThatSaysNothingIsRefused() {
    assertRefused(new StringBlock(null), "'value' is missing; it must be a string.");
    assertRefused(new SecretBlock(null), "'value' is missing; it must be a string.");
  }

  @Test
  void nullsInListsMapsAndRecordsAreNamed() {
    assertRefused(
        warehouse(
            Arrays.asList("a", null),
            Map.of(),
            new Pool(Arrays.asList(new Node(null, 1), null), null),
            null),
        "'schemas[1]' must be a string, not null. 'pool.nodes[0].host' is missing; it must be a string."
            + " 'pool.nodes[1]' must be an object, not null. 'pool.idle' is missing; it must be a"
            + " duration, as seconds or as PT1H30M.");
  }

  @Test
  void valuesThatJsonDoesNotHaveAreNamed() {
    assertRefused(
        warehouse(List.of(), Map.of("cpu", Double.NaN), POOL, Map.of("thread", new Thread())),
        "'limits.cpu' can't be NaN: JSON has no such number. 'notes.thread' can't be represented in"
            + " JSON: it is of the type Thread; use strings, numbers, booleans, enums, java.time"
            + " values, URIs, paths, lists, sets, arrays, maps and records.");
  }

  @Test
  void aBlockInABlockIsCheckedToo() {
    assertRefused(
        new Holder(
            new Warehouse(
                null, PASSWORD, Mode.READ_ONLY, null, null, POOL, Optional.empty(), null)),
        "'warehouse.user' is missing; it must be a string.");
  }

  @Test
  void whatTheConstructorWouldRefuseIsSaid() {
    assertThatThrownBy(
            () ->
                program(Warehouse.class)
                    .create(
                        "warehouse", Map.of("user", "root", "password", PASSWORD, "pool", POOL)))
        .hasMessage(
            "The constructor of Warehouse failed with IllegalStateException: never as root.");
  }

  @Test
  void anOptionalThatIsNullIsEmpty() {
    Warehouse saved =
        program()
            .save(
                new Warehouse("u", PASSWORD, null, null, null, POOL, null, null),
                "x",
                SaveMode.CREATE);

    assertThat(saved.role).isEmpty();
    assertThat(saved.mode).isEqualTo(Mode.READ_ONLY);
    assertThat(program(Warehouse.class).load("warehouse/x")).isEqualTo(saved);
  }

  @Test
  void theSavedBlockDoesNotChangeWithTheListThatItWasMadeOf() {
    List<String> schemas = new ArrayList<>(List.of("a"));
    Warehouse saved =
        program().save(warehouse(schemas, Map.of(), POOL, null), "x", SaveMode.CREATE);
    schemas.add("b");

    assertThat(saved.schemas).containsExactly("a");
    assertThatThrownBy(() -> saved.schemas.add("c"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(program().load("warehouse/x", Warehouse.class)).isEqualTo(saved);
  }

  @Test
  void argumentsThatAreNullAreNamed() {
    Blocks blocks = program();
    StringBlock block = new StringBlock("x");

    assertThatThrownBy(() -> blocks.load((String) null))
        .isInstanceOf(SheaveException.class)
        .hasMessage("A block reference such as 's3/log-test' must not be null.");
    assertThatThrownBy(() -> blocks.load(null, StringBlock.class))
        .hasMessage("A block reference such as 's3/log-test' must not be null.");
    assertThatThrownBy(() -> blocks.load("x", (Class<StringBlock>) null))
        .hasMessage("The class of a block must not be null.");
    assertThatThrownBy(() -> blocks.exists(null)).isInstanceOf(SheaveException.class);
    assertThatThrownBy(() -> blocks.delete(null)).isInstanceOf(SheaveException.class);
    assertThatThrownBy(() -> blocks.usedBy(null)).isInstanceOf(SheaveException.class);
    assertThatThrownBy(() -> blocks.save(block, null))
        .hasMessage("Block document name must not be null.");
    assertThatThrownBy(() -> blocks.save(block, "x", null))
        .hasMessage("The mode of a save, CREATE or OVERWRITE, must not be null.");
    assertThatThrownBy(() -> blocks.save(null, "x"))
        .hasMessage("The block to save must not be null.");
    assertThatThrownBy(() -> blocks.with(block, null))
        .hasMessage("The changes of a block must not be null.");
    assertThatThrownBy(() -> new JsonBlock(null))
        .hasMessage("The value of a JSON block must not be null.");
  }
}
