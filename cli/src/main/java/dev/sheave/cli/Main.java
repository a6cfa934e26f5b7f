package dev.sheave.cli;

import dev.sheave.cli.terminal.Terminal;

/** The program {@code sheave}. */
public final class Main {

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(SheaveCommand.run(args, Terminal.ofProcess()));
  }
}
