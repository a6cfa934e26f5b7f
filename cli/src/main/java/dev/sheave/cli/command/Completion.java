package dev.sheave.cli.command;

import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine.Parameters;

/** {@code sheave completion}. */
@picocli.CommandLine.Command(
    description = "Print a script that completes commands and options in a shell.",
    footer = {
      "",
      "  $ source <(sheave completion bash)             # in ~/.bashrc",
      "  $ source <(sheave completion zsh)              # in ~/.zshrc",
      "  $ sheave completion fish > ~/.config/fish/completions/sheave.fish"
    })
final class Completion extends Command {

  /** The supported shells. */
  enum Shell {
    BASH,
    ZSH,
    FISH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SHELL", description = "'bash', 'zsh' or 'fish'.")
  Shell shell = Shell.BASH;

  @Override
  public int run(Invocation invocation) {
    String script =
        switch (shell) {
          case BASH, ZSH -> AutoComplete.bash("sheave", CommandTree.whole()); // it is for both
          case FISH -> FishCompletion.of(CommandTree.whole().getCommandSpec());
        };
    invocation.terminal().say(script.stripTrailing());
    return CommandRunner.OK;
  }
}
