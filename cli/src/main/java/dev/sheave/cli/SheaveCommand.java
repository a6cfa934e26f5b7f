package dev.sheave.cli;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.cli.command.Command;
import dev.sheave.cli.command.CommandTree;
import dev.sheave.cli.command.Invocation;
import dev.sheave.cli.command.UsageException;
import dev.sheave.cli.command.UsageSentences;
import dev.sheave.cli.terminal.Terminal;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Runs {@code sheave} commands in this process.
 *
 * <p>Exit codes are {@value #OK}, {@value #ERROR} for an error and {@value #WRONG_USAGE} for wrong
 * usage; errors are one sentence on standard error.
 */
public final class SheaveCommand {
  /** The exit code of what went well. */
  public static final int OK = 0;

  /** The exit code of an error. */
  public static final int ERROR = 1;

  /** The exit code of a command that can't be understood. */
  public static final int WRONG_USAGE = 2;

  /** The exit code of a command that was interrupted, as shells have it. */
  public static final int INTERRUPTED = 130;

  private SheaveCommand() {}

  /**
   * Runs one command.
   *
   * @param args its words, without {@code sheave}
   * @param terminal where it runs
   * @return its exit code
   */
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
          terminal, debug, e, e.getMessage(), e.code() == Code.INTERRUPTED ? INTERRUPTED : ERROR);
    } catch (RuntimeException | Error e) {
      // whatever it is, a person reads one sentence
      String sentence =
          "Sheave failed for a reason it doesn't know: "
              + e
              + ". Run the command again with "
              + CommandTree.DEBUG_OPTION
              + " to see where.";
      return fail(terminal, debug, e, sentence, ERROR);
    }
  }

  private static int runOrThrow(String[] args, Terminal terminal) {
    CommandLine commandLine = CommandTree.parserFor(args);
    ParseResult parsed = commandLine.parseArgs(args);
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    CommandLine called = parsed.commandSpec().commandLine();
    var ansi = terminal.coloured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
    if (parsed.isUsageHelpRequested()) {
      called.usage(terminal.out(), ansi);
      terminal.out().flush();
      return OK;
    }
    if (parsed.commandSpec().userObject() instanceof Command command) {
      try (Invocation invocation = new Invocation(terminal)) {
        return command.run(invocation);
      }
    }
    // a group alone: which of its commands?
    terminal.complain(called.getUsageMessage(ansi).stripTrailing());
    return WRONG_USAGE;
  }

  private static int fail(
      Terminal terminal, boolean debug, Throwable error, String sentence, int code) {
    terminal.complain(terminal.in(Terminal.Colour.BAD, sentence));
    if (debug) {
      terminal.trace(error);
    }
    return code;
  }
}
