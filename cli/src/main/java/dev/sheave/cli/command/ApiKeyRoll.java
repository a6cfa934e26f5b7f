package dev.sheave.cli.command;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave api-key roll}. */
@picocli.CommandLine.Command(
    description = "Create another key in place of one, which stays valid for a while.",
    footer = {"", "  $ sheave api-key roll laptop --overlap 1h"})
final class ApiKeyRoll extends Command {

  @Parameters(paramLabel = "NAME", description = "The key's name.")
  String name = "";

  @Option(
      names = "--overlap",
      paramLabel = "TIME",
      description = "How long the old key stays valid, such as 1h. Default: 1d.")
  String overlap = "1d";

  @Override
  public int run(Invocation invocation) {
    return ApiKeyCommand.show(
        invocation.terminal(),
        ApiKeyCommand.keys(invocation).rollKey(name, TimeSpan.of("--overlap", overlap)));
  }
}
