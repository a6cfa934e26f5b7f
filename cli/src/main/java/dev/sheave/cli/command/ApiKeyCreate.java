package dev.sheave.cli.command;

import dev.sheave.api.KeyScope;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave api-key create}. */
@picocli.CommandLine.Command(
    description = "Create an API key. As soon as there is one, the server wants one of everybody.",
    footer = {
      "",
      "'read' is for reading without secrets, 'run' for agents and programs, 'admin' for all.",
      "",
      "  $ sheave api-key create laptop --scope admin --expires 90d"
    })
final class ApiKeyCreate extends Command {

  @Parameters(paramLabel = "NAME", description = "What it is called, such as who uses it.")
  String name = "";

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      description = "What it is good for: read, run or admin. Default: run.")
  KeyScope scope = KeyScope.RUN;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "How long it is valid, such as 90d or 12h. Default: until it is revoked.")
  @Nullable String expires;

  @Override
  public int run(Invocation invocation) {
    var validity = expires == null ? null : TimeSpan.of("--expires", expires);
    return ApiKeyCommand.show(
        invocation.terminal(), ApiKeyCommand.keys(invocation).createKey(name, scope, validity));
  }
}
