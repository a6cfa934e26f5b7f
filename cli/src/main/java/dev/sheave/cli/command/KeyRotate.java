package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.KeyRotation;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Option;

/** {@code sheave key rotate}. */
@picocli.CommandLine.Command(
    description = "Encrypt all blocks with a new key.",
    footer = {
      "",
      "The new key is written to the key file. If the key is set in SHEAVE_ENCRYPTION_KEY, set"
          + " the new one in SHEAVE_NEW_ENCRYPTION_KEY, and set both for all programs that"
          + " share the store until the rotation ends. Other programs can keep working"
          + " meanwhile. If the rotation is interrupted, run it again.",
      "",
      "  $ sheave key rotate"
    })
final class KeyRotate extends Command {

  @Option(
      names = "--keep-old-key",
      description =
          "Keep the old key in the key file, for another database that uses the file; rotate"
              + " that one next.")
  boolean keepsOldKey;

  @Override
  public int run(Invocation invocation) {
    OrchestrationApi api = invocation.sheave().api();
    KeyRotation rotation =
        api.administration()
            .orElseThrow(
                () ->
                    new SheaveException(
                        Code.UNSUPPORTED,
                        "The encryption key of "
                            + api.url()
                            + " is kept by its server; rotate it there."))
            .rotateEncryptionKey(keepsOldKey);
    Terminal terminal = invocation.terminal();
    String documents = rotation.documents() + (rotation.documents() == 1 ? " block" : " blocks");
    terminal.say(
        terminal.in(
            Terminal.Colour.GOOD,
            rotation.isResumed()
                ? "Finished the interrupted rotation: encrypted " + documents + " with the new key."
                : "Encrypted " + documents + " with a new key."));
    if (!rotation.isInFile()) {
      terminal.say(
          "Now set SHEAVE_ENCRYPTION_KEY to the new key, and unset SHEAVE_NEW_ENCRYPTION_KEY.");
    }
    return 0;
  }
}
