package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Parameters;

/** {@code sheave api-key revoke}. */
@picocli.CommandLine.Command(
    description = "End an API key at once.",
    footer = {"", "  $ sheave api-key revoke laptop"})
final class ApiKeyRevoke extends Command {

  @Parameters(paramLabel = "NAME", description = "The key's name.")
  String name = "";

  @Override
  public int run(Invocation invocation) {
    ApiKeyCommand.keys(invocation).revokeKey(name);
    Terminal terminal = invocation.terminal();
    terminal.say(terminal.in(Terminal.Colour.GOOD, "Revoked API key '" + name + "'."));
    return CommandRunner.OK;
  }
}
