package dev.sheave.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes the completion of a tree of commands for fish. Each line says what may follow which words;
 * a function, which knows the options that take a value, finds the words that name the command.
 */
final class FishCompletion {
  /** What parameters are called that are files, or begin as such. */
  private static final Set<String> FILES = Set.of("FILE", "ENTRYPOINT", "PATH", "DIRECTORY");

  private final String program;
  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String program) {
    this.program = program;
  }

  static String of(CommandSpec root) {
    FishCompletion completion = new FishCompletion(root.name());
    completion.header();
    completion.command(root, List.of());
    return completion.script.toString();
  }

  private void header() {
    script.append(
        """
        # Completion of '%1$s' for fish.

        # Whether the words so far, without options, are these, or these and more that follow a command.
        function __%1$s_at
            set -l words
            set -l option
            for word in (commandline -opc)[2..-1]
                if string match -q -- '-*' $word
                    set option $word
                else if not contains -- $option -p --profile; or test (count $words) -gt 0
                    set -a words $word
                    set option
                else
                    set option
                end
            end
            if test (count $argv) -gt 0; and test $argv[1] = --within
                set -e argv[1]
                set -l length (count $argv)
                test (count $words) -ge $length; and test "$words[1..$length]" = "$argv"
            else
                test "$words" = "$argv"
            end
        end

        complete -c %1$s -f
        """
            .formatted(program));
  }

  private void command(CommandSpec command, List<String> path) {
    String words = String.join(" ", path);
    command
        .subcommands()
        .forEach(
            (name, subcommand) -> {
              line("__" + program + "_at " + words, "-a " + name + about(subcommand));
              List<String> below = new ArrayList<>(path);
              below.add(name);
              command(subcommand.getCommandSpec(), below);
            });
    String within = "__" + program + "_at --within " + words;
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        line(
            command.subcommands().isEmpty() ? within : "__" + program + "_at " + words, of(option));
      }
    }
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (parameter.type().isEnum()) {
        line("__" + program + "_at " + words, "-a '" + constants(parameter.type()) + "'");
      } else if (FILES.contains(parameter.paramLabel())) {
        line(within, "-F");
      }
    }
  }

  private static String of(OptionSpec option) {
    StringBuilder words = new StringBuilder();
    for (String name : option.names()) {
      words.append(
          name.startsWith("--")
              ? " -l " + name.substring(2)
              : (name.length() == 2 ? " -s " : " -o ") + name.substring(1));
    }
    if (option.arity().max() > 0) {
      words.append(FILES.contains(option.paramLabel()) ? " -r -F" : " -x");
      if (option.type().isEnum()) {
        words.append(" -a '").append(constants(option.type())).append('\'');
      }
    }
    return words.append(description(option.description())).substring(1);
  }

  private static String constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Object::toString)
        .collect(Collectors.joining(" "));
  }

  private static String about(CommandLine command) {
    return description(command.getCommandSpec().usageMessage().description());
  }

  private static String description(String[] lines) {
    return lines.length == 0
        ? ""
        : " -d '" + lines[0].replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private void line(String condition, String rest) {
    script
        .append("complete -c ")
        .append(program)
        .append(" -n '")
        .append(condition.strip())
        .append("' ")
        .append(rest)
        .append('\n');
  }
}
