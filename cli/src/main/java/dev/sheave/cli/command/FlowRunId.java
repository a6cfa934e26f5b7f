package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.UUID;

/** The id of a flow run, as somebody wrote it. */
final class FlowRunId {

  private FlowRunId() {}

  static UUID parse(String text) {
    try {
      UUID id = UUID.fromString(text);
      if (id.toString().equalsIgnoreCase(text)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new SheaveException(
        Code.INVALID, "'" + text + "' is no flow run's id; 'sheave flow-run ls' lists them.");
  }
}
