package dev.sheave.block.internal;

import dev.sheave.block.Secret;
import org.jspecify.annotations.Nullable;

/** The context of writing, which depends on the destination of the values. */
public interface WriteContext {

  /** Returns the output for a secret: its value, or a mask. */
  String secret(Secret secret);

  /** Returns the output for a nested block: a reference, or its values. */
  @Nullable Object block(Object block);
}
