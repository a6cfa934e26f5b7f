package dev.sheave.cli.command;

import dev.sheave.internal.Suggestions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one sentence what is wrong with a command line, and what may have been meant. */
public final class UsageSentences {

  private UsageSentences() {}

  /** Returns the sentence for what the parser found. */
  public static String of(ParameterException error) {
    CommandSpec command = error.getCommandLine().getCommandSpec();
    String name = command.qualifiedName();
    return what(error, command, name) + " See '" + name + " --help'.";
  }

  private static String what(ParameterException error, CommandSpec command, String name) {
    if (error instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched.getUnmatched().get(0), command, name);
    }
    if (error instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return missing(missing.getMissing().get(0), command, name);
    }
    if (error.getArgSpec() != null && error.getValue() != null) {
      return wrongValue(error.getArgSpec(), error.getValue());
    }
    String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    return message.endsWith(".") ? message : message + ".";
  }

  private static String missing(ArgSpec argument, CommandSpec command, String name) {
    if (argument instanceof OptionSpec option) {
      return "'" + name + "' requires a value for " + option.longestName() + ".";
    }
    List<String> labels = new ArrayList<>();
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (parameter.required() && parameter.stringValues().isEmpty()) {
        labels.add(parameter.paramLabel());
      }
    }
    return "'" + name + "' requires " + String.join(" and ", labels) + ".";
  }

  private static String wrongValue(ArgSpec argument, String value) {
    String label =
        argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    Class<?> type = argument.type();
    String expected =
        type.isEnum()
            ? Arrays.stream(type.getEnumConstants())
                .map(constant -> "'" + constant.toString().toLowerCase(Locale.ROOT) + "'")
                .collect(Collectors.joining(" or "))
            : type == int.class || type == Integer.class
                ? "a whole number up to " + Integer.MAX_VALUE
                : "a number";
    return label + " must be " + expected + ", not '" + value + "'.";
  }

  private static String unmatched(String word, CommandSpec command, String name) {
    if (word.startsWith("-") && word.length() > 1) {
      List<String> options = new ArrayList<>();
      command.options().forEach(option -> options.addAll(List.of(option.names())));
      String option = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      return "'" + name + "' has no option '" + option + "'." + Suggestions.hint(option, options);
    }
    if (!command.subcommands().isEmpty()) {
      return "The command '"
          + name
          + " "
          + word
          + "' doesn't exist."
          + Suggestions.hint(word, command.subcommands().keySet());
    }
    return "'" + word + "' is one argument too many for '" + name + "'.";
  }
}
