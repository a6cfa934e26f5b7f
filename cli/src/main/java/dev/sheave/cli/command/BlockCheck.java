package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.block.Block;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.storage.StorageCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** {@code sheave block check}. */
@picocli.CommandLine.Command(
    description =
        "Check what a storage block can do: connect, list, and write, read and delete a test file;"
            + " or whether runs can be started on an infrastructure block.",
    footer = {"", "  $ sheave block check s3/log-test"})
final class BlockCheck extends ViewCommand {

  @Parameters(paramLabel = "TYPE/NAME", description = "The block, such as s3/log-test.")
  String reference = "";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Block block = invocation.sheave().blocks().load(reference);
    if (block instanceof Infrastructure infrastructure) {
      return check(infrastructure, terminal);
    }
    StorageCheck check = StoragePlace.storage(block).check();
    Optional<SheaveException> failure = check.failure();
    if (format == Format.JSON) {
      printJson(terminal, json(check));
    } else {
      terminal.say("Checking '" + reference + "' at " + check.location());
      Table table = new Table("OPERATION", "RESULT");
      check.steps().forEach(step -> table.add(step.operation(), result(step)));
      table.print(terminal);
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return 0;
  }

  private int check(Infrastructure infrastructure, Terminal terminal) {
    SheaveException failure = null;
    try {
      infrastructure.check();
    } catch (SheaveException e) {
      failure = e;
    }
    if (format == Format.JSON) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("passed", failure == null);
      json.put("error", failure == null ? null : failure.getMessage());
      printJson(terminal, json);
    }
    if (failure != null) {
      throw failure;
    }
    if (format != Format.JSON) {
      terminal.say("Runs can be started on '" + reference + "'.");
    }
    return 0;
  }

  private static String result(StorageCheck.Step step) {
    return switch (step.outcome()) {
      case OK -> "ok";
      case FAILED -> "failed";
      case NOT_TRIED -> "not tried";
    };
  }

  private static Map<String, @Nullable Object> json(StorageCheck check) {
    List<Object> steps = new ArrayList<>();
    for (StorageCheck.Step step : check.steps()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("operation", step.operation().toString());
      json.put("result", result(step));
      json.put("error", step.error() == null ? null : step.error().getMessage());
      steps.add(json);
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("location", check.location());
    json.put("passed", check.passed());
    json.put("steps", steps);
    return json;
  }
}
