package dev.sheave.agent;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.infrastructure.StandingRun;
import dev.sheave.runtime.InProcessInfrastructure;
import dev.sheave.testkit.infrastructure.InfrastructureContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract, with runs of a flow that executes the command of a shell. What has to do with the
 * process that a command is executed in is waived.
 */
class InProcessContractTest extends InfrastructureContract {
  /** What the flow writes before each line of its command. */
  private static final String MARK = "the shell says ";

  @TempDir private static Path directory;
  private static Workshop workshop;
  private static DeploymentRecord deployment;
  private static final Set<UUID> CREATED = new HashSet<>();

  @BeforeAll
  static void deploy() {
    workshop = new Workshop(directory);
    workshop.write(
        "Shell.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import java.io.UncheckedIOException;
        import java.util.List;
        import org.slf4j.Logger;

        public final class Shell {
          @Flow
          public static void run(List<String> command) throws Exception {
            Logger log = FlowRunContext.current().logger();
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            Thread reader = new Thread(() -> {
              try {
                process.inputReader().lines().forEach(line -> log.info("%s{}", line));
              } catch (UncheckedIOException e) {
                // it was killed
              }
            });
            reader.start();
            try {
              process.waitFor();
              reader.join();
            } finally {
              process.descendants().forEach(ProcessHandle::destroyForcibly);
              process.destroyForcibly();
            }
          }
        }
        """
            .formatted(MARK));
    deployment = workshop.deploy("Shell.java:run", null, Map.of());
  }

  @AfterAll
  static void close() {
    workshop.close();
  }

  @Override
  protected Set<String> waived() {
    return Set.of(
        // a flow has no exit code of its own, and nothing but the code of its class
        "theExitCodeIsTheCommands",
        "aCommandThatIsNotThereNeverStartsAndTheReasonNamesIt",
        "manyAtOnceEndAsTheyShould",
        "killingAsksFirst",
        "previewShowsTheCommandAndStartsNothing",
        // it shares environment and keys with its agent
        "theEnvironmentIsSetAndUnset",
        "theKeyComesByStandardInputOrAFileAndIsShownNowhere",
        // a stranger can't kill a thread, and it ends with its program
        "aStrangersKillIsSeenWithAReason",
        "whoseStarterIsKilledIsFollowedByTheNextWithTheWholeLogAndTheRightCode",
        // output that was delivered isn't delivered again, nor to somebody else
        "whoeverAttachesAfterTheEndGetsItWithAllOutput",
        "afterEachLineItsPlaceIsToldFromWhichOutputGoesOn",
        "startedBySeveralAtOnceItIsStartedOnce");
  }

  @Override
  protected Infrastructure infrastructure(List<String> command, Map<String, @Nullable String> env) {
    return new ShellInProcess(command);
  }

  @Override
  protected void killAsAStranger(RunningInfrastructure running) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected String pidOutOfReach() {
    return "elsewhere:1:1/a-run";
  }

  /** Makes the records of the runs that the contract wants. */
  private record ShellInProcess(List<String> command) implements Infrastructure {
    private static final InProcessInfrastructure HERE = InProcessInfrastructure.builder().build();

    @Override
    public RunningInfrastructure start(RunRequest request) {
      createOnce(request.flowRunId(), command);
      return HERE.start(here(request));
    }

    @Override
    public RunningInfrastructure attach(
        RunRequest request, @Nullable String pid, @Nullable String position) {
      return HERE.attach(here(request), pid, position);
    }

    @Override
    public List<StandingRun> standing(UUID store, Path home) {
      return HERE.standing(store, home);
    }

    @Override
    public String preview(RunRequest request) {
      return HERE.preview(request);
    }

    @Override
    public void check() {
      HERE.check();
    }

    private static RunRequest here(RunRequest request) {
      RunRequest.Builder builder =
          RunRequest.builder(
                  request.flowRunId(), request.name(), ApiAccess.to(workshop.sheave.api().url()))
              .attempt(request.attempt())
              .home(workshop.home)
              .output(
                  line -> {
                    int start = line.indexOf(MARK);
                    if (start >= 0) {
                      request.output().accept(line.substring(start + MARK.length()));
                    }
                  });
      String store = request.labels().get(RunRequest.STORE_ID_LABEL);
      return store == null ? builder.build() : builder.store(UUID.fromString(store)).build();
    }
  }

  /** The contract chooses ids, which the store does otherwise. */
  private static synchronized void createOnce(UUID id, List<String> command) {
    if (!CREATED.add(id)) {
      return;
    }
    UUID run = workshop.schedule(deployment, Map.of("command", command));
    workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.PENDING), false);
    String to = " = '" + id + "' where ";
    String from = " = '" + run + "'";
    try (Connection connection = DriverManager.getConnection(workshop.sheave.api().url());
        Statement statement = connection.createStatement()) {
      statement.execute("pragma busy_timeout = 30000");
      statement.execute("update flow_run set id" + to + "id" + from);
      statement.execute("update flow_run_state set flow_run_id" + to + "flow_run_id" + from);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
