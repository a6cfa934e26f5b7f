package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.internal.OneLine;
import dev.sheave.internal.Suggestions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The id of a flow run, as somebody wrote it. */
final class FlowRunId {

  private FlowRunId() {}

  /**
   * Reads the run of an id.
   *
   * @throws SheaveException {@code INVALID} if it isn't an id, {@code NOT_FOUND} if no run has it;
   *     with the run that may have been meant
   */
  static FlowRunRecord read(FlowRunApi api, String text) {
    UUID id = parse(api, text);
    try {
      return api.readFlowRun(id);
    } catch (SheaveException e) {
      if (e.code() != Code.NOT_FOUND) {
        throw e;
      }
      List<String> others = newest(api).stream().map(run -> run.id().toString()).toList();
      throw new SheaveException(
          Code.NOT_FOUND,
          "The flow run '" + text + "' doesn't exist." + Suggestions.hint(text, others),
          e);
    }
  }

  private static UUID parse(FlowRunApi api, String text) {
    try {
      UUID id = UUID.fromString(text);
      if (id.toString().equalsIgnoreCase(text)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    Optional<FlowRunRecord> meant =
        newest(api).stream()
            .filter(run -> run.name().equals(text) || startsLike(run.id(), text))
            .findFirst();
    throw new SheaveException(
        Code.INVALID,
        "'"
            + text
            + "' isn't the id of a flow run; "
            + meant
                .map(
                    run ->
                        "the newest match, '"
                            + OneLine.of(run.name())
                            + "', has the id '"
                            + run.id()
                            + "'.")
                .orElse("'sheave flow-run ls' lists them."));
  }

  private static boolean startsLike(UUID id, String text) {
    return text.length() >= 4 && id.toString().startsWith(text);
  }

  private static List<FlowRunRecord> newest(FlowRunApi api) {
    return api.listFlowRuns(FlowRunFilter.ALL, FlowRunSort.CREATED_DESC, Page.FIRST);
  }
}
