package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.IssuedApiKey;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.cli.terminal.Terminal;

/** What the commands about API keys share. */
final class ApiKeyCommand {

  private ApiKeyCommand() {}

  static ApiKeyApi keys(Invocation invocation) {
    OrchestrationApi api = invocation.sheave().api();
    return api.administration()
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.UNSUPPORTED,
                    "The API keys of "
                        + api.url()
                        + " are in its database: run this command where SHEAVE_API_URL names the"
                        + " database, as for 'sheave server start'."))
        .apiKeys();
  }

  /** Shows a new key: alone on standard output, so that a program can keep it. */
  static int show(Terminal terminal, IssuedApiKey key) {
    terminal.complain("This is the only time that the key is shown:");
    terminal.say(key.secret().reveal());
    return CommandRunner.OK;
  }
}
