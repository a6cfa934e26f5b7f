package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.internal.OneLine;
import dev.sheave.internal.Settings;
import dev.sheave.internal.Version;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Finds the command for some arguments, runs it, and reports errors. */
public final class CommandRunner {
  /** The exit code of success. */
  public static final int OK = 0;

  /** The exit code of an error. */
  public static final int ERROR = 1;

  /** The exit code of a command that can't be understood. */
  public static final int WRONG_USAGE = 2;

  /** The exit code of a command that was interrupted, as shells have it. */
  public static final int INTERRUPTED = 130;

  private CommandRunner() {}

  /** Runs a command and returns its exit code. */
  public static int run(String[] args, Terminal terminal) {
    boolean debug =
        Arrays.asList(args).contains(CommandTree.DEBUG_OPTION)
            || "1".equals(terminal.variable("SHEAVE_DEBUG"));
    try {
      return runOrThrow(args, terminal);
    } catch (ParameterException e) {
      return fail(terminal, debug, e, UsageSentences.of(e), WRONG_USAGE);
    } catch (UsageException e) {
      return fail(terminal, debug, e, e.getMessage(), WRONG_USAGE);
    } catch (SheaveException e) {
      return fail(
          terminal, debug, e, sentences(e), e.code() == Code.INTERRUPTED ? INTERRUPTED : ERROR);
    } catch (RuntimeException | Error e) {
      // any error is reported in one sentence
      String sentence =
          "Unexpected error: "
              + e
              + "; run the command again with "
              + CommandTree.DEBUG_OPTION
              + " to see where.";
      return fail(terminal, debug, e, sentence, ERROR);
    }
  }

  private static int runOrThrow(String[] args, Terminal terminal) {
    ParseResult parsed = CommandTree.parserFor(args).parseArgs(args);
    boolean wantsVersion = parsed.isVersionHelpRequested();
    String profile = parsed.matchedOptionValue(CommandTree.PROFILE_OPTION, null);
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    CommandLine called = parsed.commandSpec().commandLine();
    Ansi ansi = terminal.coloured() ? Ansi.ON : Ansi.OFF;
    if (wantsVersion) {
      terminal.say("sheave " + Version.current());
      return OK;
    }
    if (parsed.isUsageHelpRequested()) {
      terminal.say(called.getUsageMessage(ansi).stripTrailing());
      return OK;
    }
    if (parsed.commandSpec().userObject() instanceof Command command) {
      Terminal there = profile == null ? terminal : terminal.with(Settings.PROFILE, profile);
      try (Invocation invocation = new Invocation(there)) {
        return command.run(invocation);
      }
    }
    // a group alone: which of its commands?
    terminal.complain(called.getUsageMessage(ansi).stripTrailing());
    return WRONG_USAGE;
  }

  /** Returns the message; several problems are on lines of their own, each said once. */
  private static String sentences(SheaveException error) {
    List<String> problems =
        error.problems().stream().map(SheaveException.Problem::message).toList();
    String message = error.getMessage();
    if (problems.size() > 1 && message.startsWith(problems.get(0))) {
      return String.join("\n", problems); // the message is their sentences
    }
    return Stream.concat(
            Stream.of(message),
            problems.stream().filter(each -> !message.contains(each)).map(each -> "  " + each))
        .collect(Collectors.joining("\n"));
  }

  private static int fail(
      Terminal terminal, boolean debug, Throwable error, String sentence, int code) {
    // it may name what someone else named; some have lines, such as those of a compiler
    String lines = sentence.lines().map(OneLine::of).collect(Collectors.joining("\n"));
    terminal.complain(terminal.in(Colour.BAD, lines));
    if (debug) {
      terminal.trace(error);
    }
    return code;
  }
}
