package dev.sheave.cli.training;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.cli.SheaveCommand;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.runtime.FlowRunEngine;
import dev.sheave.runtime.internal.ProcessLogging;
import dev.sheave.runtime.loader.DirectoryFlowLoader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * Runs the most frequent commands, a flow run in a process and one in this one, in a home of its
 * own, so that their classes are loaded when the virtual machine writes its class data archive
 * (CDS). A step that fails is left out; the archive then has fewer classes.
 */
public final class CdsTraining {
  /**
   * Unlike a deployed flow it can't rely on its working directory: here several share one process.
   */
  private static final String FLOW =
      """
      public final class LogFlow {
        @dev.sheave.flow.Flow(name = "log-flow")
        public static String logFlow(@dev.sheave.flow.Param("name") String name) {
          dev.sheave.flow.FlowRunContext.current().logger().info("Hello {}!", name);
          return "Hello " + name;
        }
      }
      """;

  private final Path folder;
  private final Terminal terminal;

  private CdsTraining(Path folder) {
    this.folder = folder;
    this.terminal =
        Terminal.builder()
            .out(OutputStream.nullOutputStream())
            .err(OutputStream.nullOutputStream())
            .directory(folder.resolve("code"))
            .environment(Map.of("SHEAVE_HOME", folder.resolve("home").toString()))
            .build();
  }

  /**
   * Runs the commands.
   *
   * @param args a folder to do it in, in which {@code home} is this process's {@code SHEAVE_HOME};
   *     and the folder to unpack native libraries into
   */
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    NativeLibraries.unpack(Path.of(args[1]));
    ProcessLogging.install(new PrintStream(OutputStream.nullOutputStream()), Level.WARN);
    new CdsTraining(Path.of(args[0])).run();
    for (String program : new String[] {"dev.sheave.cli.Main", "dev.sheave.runtime.FlowRunMain"}) {
      Class.forName(program);
    }
    System.exit(0); // ends threads that a library left running
  }

  private void run() throws IOException {
    Path code = Files.createDirectories(folder.resolve("code"));
    Files.writeString(code.resolve("LogFlow.java"), FLOW);
    sheave("--help");
    sheave("version");
    sheave("blok");
    sheave("block", "type", "ls");
    deployTo("local-file-system/local", "basepath=" + folder.resolve("storage"));
    try (TrainingStore store = TrainingStore.start()) {
      deployTo(
          "s3/remote",
          "bucket_path=training/flows",
          "endpoint_url=" + store.url(),
          "region_name=us-east-1",
          "aws_access_key_id=training",
          "aws_secret_access_key=training");
      sheave("block", "ls");
      sheave("block", "ls", "-o", "json");
      sheave("deployment", "ls");
      sheave("agent", "start", "-q", "local", "--run-once"); // the run in a process of its own
      takeLastRun();
    }
    sheave("flow-run", "ls");
    sheave("flow-run", "ls", "-o", "json");
  }

  private void deployTo(String block, String... fields) {
    String[] reference = block.split("/");
    String[] create = new String[4 + 2 * fields.length];
    create[0] = "block";
    create[1] = "create";
    create[2] = reference[0];
    create[3] = reference[1];
    for (int i = 0; i < fields.length; i++) {
      create[4 + 2 * i] = "--set";
      create[5 + 2 * i] = fields[i];
    }
    String name = reference[1];
    sheave(create);
    sheave("block", "inspect", block);
    sheave(
        "deployment",
        "build",
        "LogFlow.java:logFlow",
        "-n",
        name,
        "-sb",
        block,
        "-q",
        name,
        "-o",
        "training.yaml");
    sheave("deployment", "apply", "training.yaml");
    sheave("deployment", "inspect", "log-flow/" + name);
    sheave("deployment", "run", "log-flow/" + name, "--param", "name=Marvin");
  }

  /** Does the work of the agent and of the run's process in one process. */
  private void takeLastRun() throws IOException {
    try (Sheave sheave = Sheave.builder().home(folder.resolve("home")).url(url()).connect()) {
      Sheave.use(sheave);
      for (FlowRunRecord run :
          sheave
              .api()
              .flowRuns()
              .listFlowRuns(FlowRunFilter.ALL, FlowRunSort.CREATED_DESC, Page.first(1))) {
        Path place = Files.createDirectory(folder.resolve("run-" + run.id()));
        new FlowRunEngine(sheave, new DirectoryFlowLoader()).run(run.id(), place);
        sheave("flow-run", "inspect", run.id().toString());
        sheave("flow-run", "logs", run.id().toString());
      }
    } catch (SheaveException e) {
      // less is archived
    }
  }

  private String url() {
    return "jdbc:sqlite:" + folder.resolve("home/sheave.db");
  }

  private void sheave(String... words) {
    SheaveCommand.run(words, terminal);
  }
}
