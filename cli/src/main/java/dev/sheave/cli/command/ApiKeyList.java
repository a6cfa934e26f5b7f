package dev.sheave.cli.command;

import dev.sheave.api.ApiKeyRecord;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code sheave api-key ls}. */
@picocli.CommandLine.Command(
    description = "List the API keys that are valid; without those of runs.",
    footer = {"", "  $ sheave api-key ls"})
final class ApiKeyList extends ViewCommand {

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    List<ApiKeyRecord> keys = ApiKeyCommand.keys(invocation).listKeys();
    if (format == Format.JSON) {
      return printJson(terminal, keys.stream().map(ApiKeyList::json).toList());
    }
    if (keys.isEmpty()) {
      terminal.complain("There are no API keys; make one with 'sheave api-key create NAME'.");
      return CommandRunner.OK;
    }
    Table table = new Table("NAME", "KEY", "SCOPE", "CREATED", "EXPIRES", "LAST USED");
    for (ApiKeyRecord key : keys) {
      table.add(
          key.name(),
          key.start(),
          scope(key),
          Times.local(key.created()),
          time(key.expires()),
          time(key.lastUsed()));
    }
    table.print(terminal);
    return CommandRunner.OK;
  }

  private static String scope(ApiKeyRecord key) {
    return key.scope().name().toLowerCase(Locale.ROOT);
  }

  private static String time(@Nullable Instant time) {
    return time == null ? "never" : Times.local(time);
  }

  private static Object json(ApiKeyRecord key) {
    return Json.object(
        "name", key.name(),
        "start", key.start(),
        "scope", scope(key),
        "created", key.created().toString(),
        "expires", key.expires() == null ? null : key.expires().toString(),
        "last_used", key.lastUsed() == null ? null : key.lastUsed().toString());
  }
}
