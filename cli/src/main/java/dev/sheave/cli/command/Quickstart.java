package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.StateType;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.internal.Folders;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.Json;
import dev.sheave.internal.PrivateFiles;
import dev.sheave.internal.ShellWord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine.Option;

/** {@code sheave quickstart}: the tutorial's steps, with what every machine has. */
@picocli.CommandLine.Command(
    description = "Deploy and run an example flow.",
    footer = {
      "",
      "It creates the folder 'quickstart' in SHEAVE_HOME anew each time.",
      "",
      "  $ sheave quickstart",
      "  $ sheave quickstart --infra docker-container",
      "  $ sheave quickstart --infra kubernetes-job"
    })
final class Quickstart extends Command {
  private static final List<String> FILES =
      List.of("LogFlow.java", "Greeting.java", "greeting.txt");
  private static final String QUEUE = "quickstart";
  private static final String IN_CONTAINER = "docker-container";
  private static final String IN_CLUSTER = "kubernetes-job";

  @Option(
      names = {"-i", "--infra"},
      paramLabel = "TYPE",
      description =
          "Where the flow runs: 'process', 'docker-container', or 'kubernetes-job' in a cluster whose"
              + " node is this machine. Default: 'process'.")
  String infra = "process";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Path folder = invocation.settings().home().resolve("quickstart");
    Path code = folder.resolve("code");
    try {
      delete(folder);
      PrivateFiles.createFolderIfMissing(code);
      for (String file : FILES) {
        copy(file, code.resolve(file));
      }
      Files.createDirectories(folder.resolve("elsewhere"));
    } catch (IOException | UncheckedIOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The folder '"
              + folder
              + "' can't be written ("
              + IoReason.of(e, folder)
              + "); set SHEAVE_HOME to a folder that can.",
          e);
    }
    return new Script(invocation, terminal.at(code), infra).play(folder);
  }

  private static void copy(String name, Path target) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Quickstart.class.getResourceAsStream("quickstart/" + name))) {
      Files.copy(in, target);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      Folders.deleteAll(folder);
    }
  }

  /** The commands; each is printed before it runs. */
  private static final class Script {
    private final Invocation invocation;
    private Terminal terminal;
    private final String infra;

    Script(Invocation invocation, Terminal terminal, String infra) {
      this.invocation = invocation;
      this.terminal = terminal;
      this.infra = infra;
    }

    /** The words of the build; a container sees the storage where this machine has it. */
    private String[] build(Path storage) {
      List<String> words =
          new ArrayList<>(
              List.of("deployment", "build", "./LogFlow.java:logFlow", "-n", "quickstart"));
      words.addAll(List.of("-sb", "local-file-system/quickstart", "-q", QUEUE));
      if (!infra.equals("process")) {
        words.addAll(List.of("-i", infra));
      }
      if (infra.equals(IN_CONTAINER)) {
        words.addAll(List.of("--override", "volumes=[\"" + storage + ":" + storage + ":ro\"]"));
      }
      if (infra.equals(IN_CLUSTER)) {
        words.addAll(List.of("--override", "customizations=" + mounted(storage)));
      }
      words.addAll(List.of("-o", "quickstart.yaml"));
      return words.toArray(String[]::new);
    }

    /** The change of a job's manifest by which its pod sees a folder of its node. */
    private static String mounted(Path folder) {
      Map<String, Object> volume =
          Map.of("name", "storage", "hostPath", Map.of("path", folder.toString()));
      Map<String, Object> mount =
          Map.of("name", "storage", "mountPath", folder.toString(), "readOnly", true);
      Map<String, Object> pod =
          Map.of(
              "volumes",
              List.of(volume),
              "containers",
              List.of(Map.of("name", "flow-run", "volumeMounts", List.of(mount))));
      return Json.write(Map.of("spec", Map.of("template", Map.of("spec", pod))));
    }

    int play(Path folder) {
      show("cd " + ShellWord.of(folder.resolve("code").toString()));
      show("ls");
      terminal.say(String.join("  ", FILES));
      boolean done =
          sheave(
                  "block",
                  "create",
                  "local-file-system",
                  "quickstart",
                  "--set",
                  "basepath=" + folder.resolve("storage"),
                  "--overwrite")
              && sheave(build(folder.resolve("storage")))
              && sheave("deployment", "apply", "quickstart.yaml")
              && sheave("deployment", "run", "log-flow/quickstart", "--param", "name=Marvin");
      if (!done) {
        return CommandRunner.ERROR;
      }
      // the agent finds none of the code where it runs
      show("cd ../elsewhere");
      terminal = terminal.at(folder.resolve("elsewhere"));
      if (!sheave("agent", "start", "-q", QUEUE, "--run-once")) {
        return CommandRunner.ERROR;
      }
      FlowRunRecord run = newestRun();
      boolean shown =
          sheave("flow-run", "ls", "--flow-name", "log-flow", "--limit", "1")
              && sheave("flow-run", "logs", run.id().toString());
      if (!shown || run.state().type() != StateType.COMPLETED) {
        return CommandRunner.ERROR;
      }
      terminal.say("");
      terminal.say(
          terminal.in(
              Colour.GOOD, "The flow ran elsewhere and ended as " + run.state().name() + "."));
      return CommandRunner.OK;
    }

    private FlowRunRecord newestRun() {
      return invocation
          .sheave()
          .api()
          .flowRuns()
          .listFlowRuns(
              FlowRunFilter.ALL.withWorkQueueNames(Set.of(QUEUE)),
              FlowRunSort.CREATED_DESC,
              Page.first(1))
          .get(0);
    }

    private void show(String command) {
      terminal.say("");
      terminal.say("$ " + command);
    }

    private boolean sheave(String... words) {
      StringBuilder command = new StringBuilder("sheave");
      for (String word : words) {
        command.append(' ').append(ShellWord.of(word));
      }
      show(command.toString());
      return CommandRunner.run(words, terminal) == CommandRunner.OK;
    }
  }
}
