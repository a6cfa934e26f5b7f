package dev.sheave.storage.github;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** The block types of this module. */
public final class GithubBlockProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public GithubBlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "github", "GitHub", Set.of("get-directory"), "dev.sheave.storage.github.GitHub"));
  }
}
