package dev.sheave.testkit.flow;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.flow.internal.CurrentFlowRun;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.storage.LocalFileSystem;
import dev.sheave.storage.internal.TemporaryFolder;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A flow run for unit tests: what is called in it sees it as {@link FlowRunContext#current()}, and
 * blocks are saved to and loaded from a store of its own, which goes when it is closed.
 *
 * <pre>{@code
 * try (TestFlowRun run = TestFlowRun.start()) {
 *   new SecretBlock(Secret.of("t")).save("token");
 *   Object result = run.call(LogFlow.class, "logFlow", Map.of("name", "Marvin"));
 *   assertThat(run.log()).containsExactly("INFO Hello Marvin!");
 * }
 * }</pre>
 *
 * <p>The store is a SQLite database in a temporary folder, so {@code sheave-orchestrator} must be
 * in the class path of the tests. While the run is open its connection is the process's, see {@link
 * Sheave#use}: tests with one don't run at the same time as others that use the process's. With
 * JUnit, {@link FlowRunExtension} does all this for each test.
 */
public final class TestFlowRun implements AutoCloseable {
  private final TemporaryFolder folder;
  private final Sheave sheave;
  private final RecordingLogger logger = new RecordingLogger(FlowRunContext.LOGGER_NAME);
  private final FlowRunRecord run;
  private final Map<String, @Nullable Object> parameters;
  private boolean isClosed;

  private TestFlowRun(Map<String, @Nullable Object> parameters) {
    this.parameters = parameters;
    this.folder = TemporaryFolder.make("sheave-test-");
    this.sheave = Sheave.builder().home(folder.path().resolve("home")).connect();
    FlowRunApi api = sheave.api().flowRuns();
    this.run =
        api.createFlowRunOfFlow(
            sheave.api().deployments().createFlow("test").id(),
            NewFlowRun.builder(State.of(StateType.PENDING)).name("test").build());
    api.setFlowRunState(run.id(), State.of(StateType.RUNNING), true);
    Sheave.use(sheave);
  }

  /** Starts a run. */
  public static TestFlowRun start() {
    return start(Map.of());
  }

  /**
   * Starts a run.
   *
   * @param parameters what {@link FlowRunContext#parameters()} returns to flows that are called as
   *     plain methods; JSON values
   */
  public static TestFlowRun start(Map<String, ? extends @Nullable Object> parameters) {
    return new TestFlowRun(Collections.unmodifiableMap(new LinkedHashMap<>(parameters)));
  }

  /** The connection to the run's store. */
  public Sheave sheave() {
    return sheave;
  }

  /** Returns storage in a temporary folder, which isn't saved; the same place each time. */
  public LocalFileSystem storage() {
    return LocalFileSystem.builder().basepath(directory().toString()).build();
  }

  /** The folder of {@link #storage()}. */
  public Path directory() {
    return folder.path().resolve("storage");
  }

  /** What was logged in the run, as level and message: {@code INFO Hello Marvin!}. */
  public List<String> log() {
    return logger.lines();
  }

  /** Asks for the run's end, which a flow sees as {@link FlowRunContext#isCancelled()}. */
  public void cancel() {
    sheave.api().flowRuns().setFlowRunState(run.id(), State.of(StateType.CANCELLING), true);
  }

  /** What flows see that are called as plain methods. */
  public FlowRunContext context() {
    return new Context(run.flowName(), parameters);
  }

  /** Calls something in the run, a flow as a plain method for example. */
  public <T> T call(Callable<T> task) throws Exception {
    return CurrentFlowRun.call(context(), task);
  }

  /**
   * Calls a flow as a real run does: the values are checked and converted, defaults stand for those
   * that aren't given, and references to blocks and secrets are followed.
   *
   * @param owner the flow's class
   * @param method its method's name
   * @param values its parameters' values: Java or JSON values, or texts
   * @return what it returned
   * @throws SheaveException {@code NOT_FOUND} if there is no such method; {@code INVALID} if it
   *     isn't a flow, or for values that a run would be refused
   * @throws Exception what the flow threw
   */
  public @Nullable Object call(
      Class<?> owner, String method, Map<String, ? extends @Nullable Object> values)
      throws Exception {
    FlowDefinition flow = FlowDefinition.of(FlowMethods.find(owner, method));
    Map<String, @Nullable Object> stored = sheave.deployments().runParameters(flow, values);
    @Nullable Object[] arguments = flow.arguments(stored, sheave.blocks());
    Callable<Optional<Object>> call =
        () -> {
          try {
            return Optional.ofNullable(flow.invoke(arguments));
          } catch (Exception | Error e) {
            throw e;
          } catch (Throwable e) { // neither: a class of the flow's own making
            throw new UndeclaredThrowableException(e);
          }
        };
    return CurrentFlowRun.call(new Context(flow.name(), flow.withDefaults(stored)), call)
        .orElse(null);
  }

  /** Closes the connection, and removes all that the run has left in its folder. */
  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      try (folder) {
        sheave.close();
      }
    }
  }

  private final class Context implements FlowRunContext {
    private final String flowName;
    private final Map<String, @Nullable Object> values;

    Context(String flowName, Map<String, @Nullable Object> values) {
      this.flowName = flowName;
      this.values = Collections.unmodifiableMap(values);
    }

    @Override
    public Optional<UUID> flowRunId() {
      return Optional.of(run.id());
    }

    @Override
    public String flowRunName() {
      return run.name();
    }

    @Override
    public String flowName() {
      return flowName;
    }

    @Override
    public Optional<String> deploymentName() {
      return Optional.empty();
    }

    @Override
    public Map<String, @Nullable Object> parameters() {
      return values;
    }

    @Override
    public Logger logger() {
      return logger;
    }

    @Override
    public boolean isCancelled() {
      StateType type = sheave.api().flowRuns().readFlowRun(run.id()).state().type();
      return type == StateType.CANCELLING || type == StateType.CANCELLED;
    }
  }
}
