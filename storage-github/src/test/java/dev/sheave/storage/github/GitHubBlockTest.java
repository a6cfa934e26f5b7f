package dev.sheave.storage.github;

import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.testkit.block.BlockContract;

class GitHubBlockTest extends BlockContract {
  @Override
  protected Block example() {
    return GitHub.builder()
        .repository("https://github.com/organization/name")
        .reference("main")
        .accessToken(Secret.of("ghp_J7MDENGbPxRfiCYEX"))
        .username("deployer")
        .includeSubmodules(true)
        .build();
  }
}
