package dev.sheave.block;

import dev.sheave.api.BlockApi;
import dev.sheave.block.BlockCodec.Unknown;
import dev.sheave.block.BlockCodec.Values;
import dev.sheave.internal.Json;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Blocks for tests that need no store; any call of one fails. */
public final class WithoutStore {
  private WithoutStore() {}

  /** Returns blocks of these types. */
  @SafeVarargs
  public static Blocks blocks(Class<? extends Block>... types) {
    BlockRegistry.Builder registry = BlockRegistry.builder();
    for (Class<? extends Block> type : types) {
      registry.add(type);
    }
    return new Blocks(noStore(), registry.build());
  }

  static BlockApi noStore() {
    return (BlockApi)
        Proxy.newProxyInstance(
            BlockApi.class.getClassLoader(),
            new Class<?>[] {BlockApi.class},
            (proxy, method, arguments) -> {
              throw new AssertionError("there is no store to " + method.getName());
            });
  }

  /** Returns what a store would get of a block, after a way through JSON text. */
  static Map<String, @Nullable Object> stored(Block block) {
    return throughText(BlockCodec.write(block, Unknown.KEPT));
  }

  /** Returns the block that values make. */
  static Block read(Class<? extends Block> type, Map<String, ? extends @Nullable Object> values) {
    return codec(type).read(type, throughText(values), Values.STORED);
  }

  /** Returns a block as it comes back from a store. */
  static <B extends Block> B roundTrip(B block) {
    @SuppressWarnings("unchecked") // it is of the same class
    B back = (B) read(block.getClass(), stored(block));
    return back;
  }

  private static BlockCodec codec(Class<? extends Block> type) {
    BlockRegistry registry = BlockRegistry.builder().add(type).build();
    return new BlockCodec(new Blocks(noStore(), registry));
  }

  static Map<String, @Nullable Object> throughText(Map<String, ? extends @Nullable Object> json) {
    return Json.asObject(
        (Map<?, ?>) Objects.requireNonNull(Json.parse(Json.write(json), "values")));
  }
}
