package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.IssuedApiKey;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.StoreAdministration;
import dev.sheave.cli.terminal.Terminal;

/** What the commands about API keys share. */
final class ApiKeyCommand {

  private ApiKeyCommand() {}

  static ApiKeyApi keys(Invocation invocation) {
    return administration(invocation).apiKeys();
  }

  /** What administrators may do, in the database or through a server. */
  static StoreAdministration administration(Invocation invocation) {
    OrchestrationApi api = invocation.sheave().api();
    return api.administration()
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.UNSUPPORTED,
                    "The server at "
                        + api.url()
                        + " has no administration by commands, since it isn't Sheave's, or is an"
                        + " older one: run this command where SHEAVE_API_URL names its"
                        + " database."));
  }

  /** Shows a new key: alone on standard output, so that a program can keep it. */
  static int show(Terminal terminal, IssuedApiKey key) {
    terminal.complain("This is the only time that the key is shown:");
    terminal.say(key.secret().reveal());
    return CommandRunner.OK;
  }
}
