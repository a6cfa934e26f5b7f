package dev.sheave.cli.command;

import dev.sheave.api.KeyRotation;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Option;

/** {@code sheave key rotate}. */
@picocli.CommandLine.Command(
    description = "Encrypt all blocks with a new key.",
    footer = {
      "",
      "The key file gets a new key. Where SHEAVE_ENCRYPTION_KEY gives the key,"
          + " SHEAVE_NEW_ENCRYPTION_KEY must give the new one; set both for all who share the store"
          + " until this is done. Others go on working meanwhile. If it is interrupted, run it again.",
      "",
      "  $ sheave key rotate"
    })
final class KeyRotate extends Command {

  @Option(
      names = "--keep-old-key",
      description =
          "Leave the old key in the key file, for another database that uses the file; run this"
              + " for that one next.")
  boolean keepsOldKey;

  @Override
  public int run(Invocation invocation) {
    KeyRotation rotation = invocation.sheave().api().rotateEncryptionKey(keepsOldKey);
    Terminal terminal = invocation.terminal();
    String documents = rotation.documents() + (rotation.documents() == 1 ? " block" : " blocks");
    terminal.say(
        terminal.in(
            Terminal.Colour.GOOD,
            rotation.isResumed()
                ? "Finished the rotation that was begun: encrypted "
                    + documents
                    + " with the new key."
                : "Encrypted " + documents + " with a new key."));
    if (!rotation.isInFile()) {
      terminal.say(
          "Now set SHEAVE_ENCRYPTION_KEY to the new key, and unset SHEAVE_NEW_ENCRYPTION_KEY.");
    }
    return 0;
  }
}
