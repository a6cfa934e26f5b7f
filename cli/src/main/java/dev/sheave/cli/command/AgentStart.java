package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.agent.Agent;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sheave agent start}. */
@picocli.CommandLine.Command(
    description = "Start an agent that takes runs from work queues and executes them.",
    footer = {
      "",
      "Ctrl-C waits for the runs in progress to end; a second Ctrl-C stops them.",
      "",
      "  $ sheave agent start -q test --limit 3"
    })
final class AgentStart extends Command {

  @Option(
      names = {"-q", "--work-queue"},
      paramLabel = "QUEUE",
      description =
          "A queue to take runs from; it is created if it doesn't exist. May be repeated.")
  List<String> queues = new ArrayList<>();

  @Option(
      names = {"-m", "--match"},
      paramLabel = "PREFIX",
      description = "Take runs from all queues whose names begin with this. May be repeated.")
  List<String> prefixes = new ArrayList<>();

  @Option(
      names = {"-p", "--pool"},
      paramLabel = "POOL",
      description =
          "The work pool of the queues; without queues, runs are taken from all of its queues."
              + " Default: default-agent-pool.")
  @Nullable String pool;

  @Option(
      names = "--api",
      paramLabel = "URL",
      description =
          "Where the queues are: the URL of a server's API or of a database. Default: that of"
              + " SHEAVE_API_URL or the profile.")
  @Nullable String api;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The agent's name. Default: made of the names of the host and the process.")
  @Nullable String name;

  @Option(names = "--run-once", description = "Execute the runs that are due now, then stop.")
  boolean runOnce;

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "NUMBER",
      description = "How many runs may be in progress at once. Default: no limit.")
  @Nullable Integer limit;

  @Option(
      names = "--max-starts",
      paramLabel = "NUMBER",
      description = "How many runs may be starting at once. Default: 8.")
  @Nullable Integer maxStarts;

  @Option(
      names = "--prefetch-seconds",
      paramLabel = "SECONDS",
      description = "How many seconds before its start time a run is taken. Default: 15.")
  @Nullable Integer prefetchSeconds;

  @Mixin LogFormat logs = new LogFormat();

  @Override
  public int run(Invocation invocation) {
    if (queues.isEmpty() && prefixes.isEmpty() && pool == null) {
      throw new UsageException("No work queues provided: pass at least one with --work-queue.");
    }
    if (!queues.isEmpty() && !prefixes.isEmpty()) {
      throw new UsageException("Only one of --work-queue and --match can be provided.");
    }
    Terminal terminal = invocation.terminal();
    Consumer<String> says = logs.lines("sheave.agent", terminal::say);
    Sheave sheave = invocation.sheave(api);
    Agent.Builder settings =
        Agent.builder(sheave)
            .queues(queues)
            .queuePrefixes(prefixes)
            .pool(pool == null ? null : NamedPool.read(sheave.api(), pool).name())
            .name(name)
            .limit(limit)
            .outputTogether(logs.together(says));
    if (maxStarts != null) {
      settings.maxStarts(maxStarts);
    }
    if (prefetchSeconds != null) {
      settings.prefetch(Duration.ofSeconds(prefetchSeconds));
    }
    says.accept(
        "Starting v" + Version.current() + " agent connected to " + sheave.api().url() + "...");
    try (Agent agent = runOnce ? settings.build() : settings.start()) {
      Interrupts interrupt =
          new Interrupts(
              logs.lines("sheave.agent", terminal::complain),
              new Interrupts.Step(
                  "Stopping when the runs in progress have ended. Press Ctrl-C again to stop them"
                      + " now.",
                  agent::close),
              new Interrupts.Step("Stopping the runs in progress.", agent::stopNow));
      interrupt.install();
      says.accept("Agent started! Looking for work from " + whatIsTaken() + "...");
      if (runOnce) {
        runOnce(agent);
      } else {
        agent.awaitEnd();
      }
      interrupt.awaitEnd();
      says.accept("Agent stopped!");
      return interrupt.count() > 1 ? CommandRunner.INTERRUPTED : CommandRunner.OK;
    }
  }

  private static void runOnce(Agent agent) {
    try {
      agent.runOnce();
    } catch (IllegalStateException e) {
      if (!agent.isClosing()) { // by Ctrl-C, before it began
        throw e;
      }
    }
  }

  private String whatIsTaken() {
    if (!queues.isEmpty()) {
      return "queue(s): " + String.join(", ", queues);
    }
    return prefixes.isEmpty()
        ? "work pool '" + pool + "'"
        : "queue(s) that start with the prefix: " + String.join(", ", prefixes);
  }
}
