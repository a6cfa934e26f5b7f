package dev.sheave.block.internal;

import dev.sheave.block.Secret;
import org.jspecify.annotations.Nullable;

/** What writing needs to know of where the values go. */
public interface WriteContext {

  /** Returns what stands for a secret: its text, or a mask. */
  String secret(Secret secret);

  /** Returns what stands for a nested block: a reference, or its values. */
  @Nullable Object block(Object block);
}
