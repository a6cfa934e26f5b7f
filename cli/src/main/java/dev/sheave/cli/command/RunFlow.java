package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.agent.ForegroundRun;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.LoadedFlow;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.infrastructure.RunVariables;
import dev.sheave.internal.OneLine;
import dev.sheave.runtime.loader.DirectoryFlowLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave run}. */
@picocli.CommandLine.Command(
    description = "Run a flow here and now, without a deployment or an agent, and show its log.",
    footer = {
      "",
      "The run is recorded like any other. The exit code is 0 if it completes, and 1 if it ends"
          + " otherwise. Ctrl-C cancels it.",
      "",
      "  $ sheave run ./LogFlow.java:logFlow --param name=Marvin",
      "  $ sheave run com.acme.LogFlow:logFlow --params '{\"name\": \"Marvin\"}'"
    })
final class RunFlow extends Command {

  @Parameters(
      paramLabel = "ENTRYPOINT",
      description =
          "The flow: ./path/to/File.java:method, or com.acme.LogFlow:method for classes and jars"
              + " in this directory.")
  String entrypoint = "";

  @Option(
      names = {"-p", "--param"},
      paramLabel = "NAME=VALUE",
      description = "A parameter's value, as text or JSON; overrides --params. May be repeated.")
  List<String> parameters = new ArrayList<>();

  @Option(
      names = "--params",
      paramLabel = "JSON",
      description = "The parameters' values as JSON; - reads standard input.")
  @Nullable String parametersJson;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "The run's name. Default: a generated name.")
  @Nullable String runName;

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "TAG",
      description = "A tag; may be repeated.")
  List<String> tags = new ArrayList<>();

  /** Where code is, and which flow of it. */
  private record FlowPlace(Path directory, Entrypoint entrypoint) {}

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    FlowPlace place = place(Entrypoint.parse(entrypoint), terminal.directory());
    KeyValues.read("--param", parameters); // what isn't written right is said first
    Sheave sheave = invocation.sheave();
    String flowName;
    Map<String, @Nullable Object> values;
    Path cache = invocation.settings().home().resolve("cache").resolve("classes");
    try (LoadedFlow loaded =
        new DirectoryFlowLoader(cache)
            .load(place.directory(), place.entrypoint(), sheave.blocks().registry())) {
      FlowDefinition flow = loaded.definition();
      flowName = flow.name();
      Map<String, @Nullable Object> given =
          GivenParameters.read(parameters, parametersJson, flow.parameterSchema(), terminal);
      // what is wrong is said before there is a run
      values =
          GivenParameters.withHint(
              () ->
                  sheave
                      .withBlockTypes(loaded.blockTypes())
                      .deployments()
                      .runParameters(flow, given),
              () -> flow.missingParameters(given));
    }
    FlowRunRecord run = create(sheave, flowName, values);
    terminal.say(
        terminal.in(
            Colour.GOOD,
            "Created flow run '" + OneLine.of(run.name()) + "' for flow '" + flowName + "'."));
    terminal.say("└── UUID: " + run.id());
    return execute(sheave, run, place, terminal);
  }

  /** A source file may lie anywhere; then its folder is the code's. */
  private static FlowPlace place(Entrypoint given, Path directory) {
    if (!given.isSource()) {
      return new FlowPlace(directory, given);
    }
    Path file = directory.resolve(given.location()).normalize();
    if (!Files.exists(file)) {
      throw new SheaveException(Code.NOT_FOUND, "The file '" + file + "' doesn't exist.");
    }
    Path folder = file.getParent();
    Path code = file.startsWith(directory) || folder == null ? directory : folder;
    return new FlowPlace(
        code, new Entrypoint(code.relativize(file).toString().replace('\\', '/'), given.method()));
  }

  private FlowRunRecord create(
      Sheave sheave, String flowName, Map<String, @Nullable Object> values) {
    return sheave
        .api()
        .flowRuns()
        .createFlowRunOfFlow(
            sheave.api().deployments().createFlow(flowName).id(),
            NewFlowRun.builder(State.of(StateType.PENDING))
                .name(runName)
                .parameters(values)
                .tags(tags)
                .build());
  }

  private static int execute(Sheave sheave, FlowRunRecord run, FlowPlace place, Terminal terminal) {
    // in a process of its own: a flow may end its virtual machine, or need to be ended
    ProcessInfrastructure process =
        ProcessInfrastructure.builder()
            .env(
                Map.of(
                    RunVariables.CODE,
                    place.directory().toString(),
                    RunVariables.ENTRYPOINT,
                    place.entrypoint().toString()))
            .workingDir(terminal.directory().toString())
            .build();
    ForegroundRun attended = new ForegroundRun(sheave, run, process, terminal::say);
    Interrupts interrupts =
        new Interrupts(
            terminal::complain,
            new Interrupts.Step(
                "Cancelling the flow run; Ctrl-C again ends it at once.", attended::cancel),
            new Interrupts.Step("Ending the flow run's process.", attended::stopNow));
    interrupts.install();
    State end = attended.execute();
    interrupts.awaitEnd();
    if (end.type() == StateType.COMPLETED) {
      Results.print(end, terminal);
      return CommandRunner.OK;
    }
    String message = end.message() == null ? "" : " " + end.message();
    terminal.complain(
        terminal.in(
            Colour.BAD,
            "Flow run '" + OneLine.of(run.name()) + "' ended as " + end.name() + "." + message));
    return interrupts.count() > 0 ? CommandRunner.INTERRUPTED : CommandRunner.ERROR;
  }
}
