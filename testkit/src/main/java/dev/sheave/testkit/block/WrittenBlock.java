package dev.sheave.testkit.block;

import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.block.internal.WriteContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A block as JSON values, secrets in clear and nested blocks in full.
 *
 * @param values the values; modifiable
 * @param secrets all secrets in it
 */
record WrittenBlock(Map<String, @Nullable Object> values, List<Secret> secrets) {

  static WrittenBlock of(Block block) {
    List<Secret> secrets = new ArrayList<>();
    return new WrittenBlock(write(block, secrets), secrets);
  }

  private static Map<String, @Nullable Object> write(Block block, List<Secret> secrets) {
    return ObjectModel.of(block.getClass())
        .write(
            block,
            new WriteContext() {
              @Override
              public String secret(Secret secret) {
                secrets.add(secret);
                return secret.reveal();
              }

              @Override
              public Object block(Object inner) {
                Map<String, @Nullable Object> values = write((Block) inner, secrets);
                values.put("block_type_slug", ((Block) inner).slug());
                return values;
              }
            });
  }

  /** Tells nothing: there are secrets in it. */
  @Override
  public String toString() {
    return "WrittenBlock";
  }
}
