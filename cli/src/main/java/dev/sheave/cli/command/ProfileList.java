package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;

/** {@code sheave profile ls}. */
@picocli.CommandLine.Command(
    description = "List the profiles; the one in use is marked.",
    footer = {"", "  $ sheave profile ls"})
final class ProfileList extends ViewCommand {

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    CurrentProfile current = CurrentProfile.of(terminal);
    if (format == Format.JSON) {
      return printJson(
          terminal,
          current.all().names().stream()
              .map(name -> Json.object("name", name, "active", name.equals(current.name())))
              .toList());
    }
    Table table = new Table("", "PROFILE", "CONNECTS TO");
    for (String name : current.all().names()) {
      String url = current.all().settings(name).get("SHEAVE_API_URL");
      table.add(
          name.equals(current.name()) ? "*" : "",
          name,
          url == null ? "" : ConfigView.withoutSecrets("SHEAVE_API_URL", url));
    }
    table.print(terminal);
    return CommandRunner.OK;
  }
}
