package dev.sheave.orchestrator;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.orchestrator.internal.block.JdbcBlockApi;
import dev.sheave.testkit.OwnProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A process that works with a store, for tests of several at once. It says that it is ready, and
 * begins when it is told to.
 */
final class StoreProcess implements AutoCloseable {
  private static final String READY = "ready";

  private final Process process;
  private final BufferedReader output;

  private StoreProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** What a process does. */
  enum Work {
    /** Opens the store and saves a block. */
    SAVE,
    /** Saves blocks without end, and says the name of each when it is saved. */
    SAVE_FOREVER,
    /**
     * Rotates the encryption key, as many documents in a step as its name says; says so after each
     * step, and goes on when it is told to.
     */
    ROTATE,
    /** Claims all runs of the queue {@code test}, and says the id of each it got. */
    CLAIM
  }

  /** Starts a process and waits until it is ready. */
  static StoreProcess start(Work work, Path home, String name, String... jvmOptions)
      throws IOException {
    StoreProcess started =
        new StoreProcess(
            OwnProcess.java(
                    List.of(jvmOptions), StoreProcess.class, work.name(), home.toString(), name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    while (!READY.equals(started.readLine())) {
      // what a Java virtual machine was asked to log comes first
    }
    return started;
  }

  void begin() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  String readLine() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the process ended too early");
    }
    return line;
  }

  /** Returns what it says until it ends. */
  List<String> remainingLines() {
    return output.lines().toList();
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** Ends it at once, as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) throws IOException {
    Path home = Path.of(arguments[1]);
    String name = arguments[2];
    System.out.println(READY);
    if (System.in.read() < 0) {
      return;
    }
    try (OrchestrationApi api = Stores.open(home)) {
      switch (Work.valueOf(arguments[0])) {
        case SAVE -> Stores.saveSecret(api, name, "s3cret");
        case SAVE_FOREVER -> {
          for (int i = 0; true; i++) {
            System.out.println(Stores.saveSecret(api, name + "-" + i, "s3cret").name());
          }
        }
        case ROTATE ->
            ((JdbcBlockApi) api.blocks())
                .keyRotation(
                    () -> {
                      System.out.println("step");
                      awaitNext();
                    },
                    Integer.parseInt(name))
                .run(false);
        case CLAIM -> {
          WorkQueueRecord queue = api.workQueues().findWorkQueue("test").orElseThrow();
          for (FlowRunRecord run :
              api.workQueues().readRunsOfWorkQueue(queue.id(), 200, Instant.now())) {
            if (api.flowRuns()
                .setFlowRunState(run.id(), State.of(StateType.PENDING), false)
                .isAccepted()) {
              System.out.println(run.id());
            }
          }
        }
      }
    }
  }

  private static void awaitNext() {
    try {
      System.in.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
