package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.internal.Suggestions;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The context of reading, which depends on the origin of the values. */
public interface ReadContext {

  /** Reads values without blocks, and rejects unknown fields. */
  ReadContext STRICT =
      new ReadContext() {
        @Override
        public Object readBlock(
            Class<?> expected, Map<String, @Nullable Object> json, String path) {
          throw new SheaveException(
              Code.UNSUPPORTED, "'" + path + "' can't be a block here; load it by its name.");
        }

        @Override
        public void unknownField(String path, @Nullable Object value, Collection<String> known) {
          String name = path.substring(path.lastIndexOf('.') + 1);
          throw new SheaveException(
              Code.INVALID,
              "The field '" + path + "' doesn't exist." + Suggestions.hint(name, known));
        }
      };

  /**
   * Reads a nested document as a block.
   *
   * @param expected the class or interface it must be of
   */
  Object readBlock(Class<?> expected, Map<String, @Nullable Object> json, String path);

  /** Reads a secret. */
  default Secret readSecret(String text, String path) {
    return Secret.of(text);
  }

  /**
   * Returns the secret that a value refers to.
   *
   * @return null if it doesn't, or if secrets can't be referred to where the values come from
   */
  default @Nullable Secret savedSecret(Object json, String path) {
    return null;
  }

  /** A field was found that the type doesn't have. */
  void unknownField(String path, @Nullable Object value, Collection<String> known);
}
