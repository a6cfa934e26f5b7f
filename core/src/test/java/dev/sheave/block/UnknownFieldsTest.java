package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.block.BlockCodec.Unknown;
import dev.sheave.internal.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a newer class, or the reference's, has in a document, and this class doesn't. */
class UnknownFieldsTest {

  record Server(String host) {}

  sealed interface Way permits Tcp, Pipe {}

  record Tcp(int port) implements Way {}

  record Pipe(String path) implements Way {}

  @BlockType(slug = "cluster", name = "Cluster", description = "Servers.")
  static final class Cluster extends Block {
    final Server first;
    final List<Server> list;
    final Map<String, Server> map;
    final Way way;

    Cluster(
        @BlockField(description = "One.") Server first,
        @BlockField(description = "Some.") List<Server> list,
        @BlockField(description = "By name.") Map<String, Server> map,
        @BlockField(description = "How.") Way way) {
      this.first = first;
      this.list = list;
      this.map = map;
      this.way = way;
    }

    Builder toBuilder() {
      return new Builder(this);
    }

    static final class Builder extends Block.Builder<Cluster> {
      private Server first;
      private List<Server> list;
      private Map<String, Server> map;
      private Way way;

      Builder(Cluster original) {
        super(original);
        this.first = original.first;
        this.list = original.list;
        this.map = original.map;
        this.way = original.way;
      }

      @Override
      protected Cluster create() {
        return new Cluster(first, list, map, way);
      }
    }
  }

  private static final String NEWER =
      """
      {"first": {"host": "a", "new": 1},
       "list": [{"host": "b", "new": 2}, {"host": "c"}],
       "map": {"x": {"host": "d", "new": 3}, "y": {"host": "e", "new": 4}},
       "way": {"type": "tcp", "port": 1, "new": 5},
       "new": {"secret": "canary", "list": [6]}}""";

  private static Cluster newer() {
    return (Cluster) WithoutStore.read(Cluster.class, Json.parseObject(NEWER, "newer"));
  }

  @Test
  void unknownFieldsAreKeptAtEveryDepth() {
    assertThat(WithoutStore.stored(newer())).isEqualTo(Json.parseObject(NEWER, "newer"));
  }

  @Test
  void aChangedCopyKeepsThemWhereTheirPlacesAreStillThere() {
    Cluster.Builder copy = newer().toBuilder();
    copy.first = new Server("other");
    copy.list = List.of(new Server("only"));
    copy.map = Map.of("x", new Server("d"));
    copy.way = new Pipe("/tmp");

    assertThat(WithoutStore.stored(copy.build()))
        .isEqualTo(
            Json.parseObject(
                """
                {"first": {"host": "other", "new": 1},
                 "list": [{"host": "only"}],
                 "map": {"x": {"host": "d", "new": 3}},
                 "way": {"type": "pipe", "path": "/tmp"},
                 "new": {"secret": "canary", "list": [6]}}""",
                "changed"));
  }

  @Test
  void nobodyKnowsWhetherTheyAreSecretSoTheyAreNotShown() {
    Blocks blocks = WithoutStore.blocks(Cluster.class);

    assertThat(blocks.values(newer())).containsOnlyKeys("first", "list", "map", "way");
    assertThat(Json.write(blocks.values(newer()))).doesNotContain("new").doesNotContain("canary");
    assertThat(newer().toString()).doesNotContain("canary");
  }

  @Test
  void aNewDocumentHasNone() {
    assertThat(Json.write(BlockCodec.write(newer(), Unknown.LEFT_OUT))).doesNotContain("new");
  }

  @Test
  void theyDontCountInComparisons() {
    Map<String, @Nullable Object> older = Json.parseObject(NEWER, "newer");
    older.remove("new");

    assertThat(newer()).isEqualTo(WithoutStore.read(Cluster.class, older));
  }

  @Test
  void inValuesThatSomebodyWroteTheyAreMistakes() {
    Blocks blocks = WithoutStore.blocks(Cluster.class);
    Map<String, @Nullable Object> typo = Json.parseObject(NEWER, "newer");
    typo.put("frist", Objects.requireNonNull(typo.remove("first")));
    typo.put("first", Map.of("host", "a"));

    assertThatThrownBy(
            () -> blocks.create("cluster", Map.of("first", Map.of("hots", "a", "host", "b"))))
        .hasMessage(
            "The field 'first.hots' doesn't exist. Did you mean 'host'? 'list' is missing; it must be a"
                + " list. 'map' is missing; it must be an object. 'way' is missing; it must be an"
                + " object.");
    assertThatThrownBy(() -> blocks.with(newer(), Map.of("frist.host", "a")))
        .hasMessage("The block type 'cluster' has no field 'frist.host'. Did you mean 'first'?");
  }
}
