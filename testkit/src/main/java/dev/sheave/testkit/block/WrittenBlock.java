package dev.sheave.testkit.block;

import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.block.internal.JavaToJson;
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
    return JavaToJson.write(
        block,
        new JavaToJson.Context() {
          @Override
          public Object secret(Secret secret, String path) {
            secrets.add(secret);
            return secret.reveal();
          }

          @Override
          public Object block(Block inner, String path) {
            Map<String, @Nullable Object> values = write(inner, secrets);
            values.put("block_type_slug", inner.slug());
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
