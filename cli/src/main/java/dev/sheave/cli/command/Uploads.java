package dev.sheave.cli.command;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.cli.terminal.TransferProgress;
import dev.sheave.deployment.Deployment;
import dev.sheave.storage.transfer.TransferSummary;

/** Uploads deployments' code, and says so. */
final class Uploads {

  private Uploads() {}

  /** Uploads a deployment's code and returns the deployment with what is known then. */
  static Deployment upload(Deployment deployment, Terminal terminal) {
    Deployment uploaded;
    try (TransferProgress progress = new TransferProgress(terminal, "Uploading")) {
      uploaded = deployment.upload(progress);
    }
    int files = uploaded.uploadSummary().map(TransferSummary::files).orElse(0);
    terminal.say(
        terminal.in(
            Colour.GOOD,
            "Successfully uploaded "
                + files
                + (files == 1 ? " file to " : " files to ")
                + uploaded.location()));
    return uploaded;
  }
}
