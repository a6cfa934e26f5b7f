package dev.sheave.cli;

import dev.sheave.cli.command.CommandTree;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.runtime.internal.ProcessLogging;
import org.slf4j.event.Level;

/** The program {@code sheave}. */
public final class Main {

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    String command = CommandTree.firstWord(args);
    if (command.equals("agent") || command.equals("quickstart")) {
      // what an agent does is what its user came to see
      ProcessLogging.install(ProcessLogging.STANDARD_OUTPUT, Level.INFO);
    } else {
      ProcessLogging.install(ProcessLogging.STANDARD_ERROR, Level.WARN);
    }
    System.exit(SheaveCommand.run(args, Terminal.ofProcess()));
  }
}
