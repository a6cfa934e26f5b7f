package dev.sheave.runtime;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.State;
import dev.sheave.flow.FlowLoader;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunVariables;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.infrastructure.StandingRun;
import dev.sheave.internal.Folders;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.internal.ProcessIdentity;
import dev.sheave.internal.ProcessIdentity.Fate;
import dev.sheave.runtime.internal.LineStream;
import dev.sheave.runtime.internal.RunThreads;
import dev.sheave.runtime.internal.Shared;
import dev.sheave.runtime.internal.Throwables;
import dev.sheave.runtime.loader.SharedFlowLoader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A run that a thread of this program executes. */
final class InProcessRun implements RunningInfrastructure, StandingRun {
  /** How long threads wait for the next run of their deployment. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final Shared<UUID, RunThreads> THREADS = new Shared<>(RunThreads::close);

  /** How long an end without grace is waited for. */
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(5);

  /** The program that executes a run, and how the run is named there. */
  private static final Pattern PID = Pattern.compile("[^:/]+:\\d+:[^:/]*/.+");

  /** What was started by this program, and isn't removed, by run and attempt. */
  private static final Map<String, InProcessRun> ALL = new ConcurrentHashMap<>();

  private final String name;
  private final InProcessInfrastructure block;
  private final RunRequest request;
  private final FlowLoader loader;

  /** Where the code lies, if it is used there. */
  private final Optional<Path> code;

  private final Instant created = Instant.now();
  private final StopRequest stop = new StopRequest();
  private final CompletableFuture<Ended> ended = new CompletableFuture<>();
  private volatile boolean hasRecordedEnd;

  private InProcessRun(String name, InProcessInfrastructure block, RunRequest request) {
    this.name = name;
    this.block = block;
    this.request = request;
    // a deployment is read once for runs that are taken together
    this.loader =
        new SharedFlowLoader(
            request.home().resolve("cache").resolve("classes"), request.deployment().orElse(null));
    this.code = request.deployment().flatMap(DeployedCode::inPlace);
  }

  /** Starts a run, or finds what was started for it. */
  static InProcessRun start(InProcessInfrastructure block, RunRequest request) {
    return ALL.computeIfAbsent(
        nameOf(request),
        name -> {
          InProcessRun run = new InProcessRun(name, block, request);
          run.begin();
          return run;
        });
  }

  /** Runs that share the flow's classes share threads, too: to make one takes a fifth of a run. */
  private void begin() {
    DeploymentRecord deployment = request.deployment().orElse(null);
    if (deployment == null || code.isEmpty()) {
      try (RunThreads own = new RunThreads()) {
        own.execute(threadName(), this::execute);
      }
      return;
    }
    Shared.Use<RunThreads> threads = THREADS.use(deployment.id(), IDLE, RunThreads::new);
    try {
      threads.value().execute(threadName(), () -> execute(threads));
    } catch (RuntimeException | Error e) {
      threads.close();
      throw e;
    }
  }

  private String threadName() {
    return "sheave-run " + request.name();
  }

  private void execute(Shared.Use<RunThreads> threads) {
    try {
      execute();
    } finally {
      threads.close();
    }
  }

  /** See {@link dev.sheave.infrastructure.Infrastructure#attach}. */
  static InProcessRun find(RunRequest request, @Nullable String pid) {
    String name = nameOf(request);
    InProcessRun found = ALL.get(name);
    if (found != null && (pid == null || pid.equals(found.pid()))) {
      return found;
    }
    if (pid != null && !PID.matcher(pid).matches()) {
      throw new SheaveException(
          Code.INVALID, "'" + pid + "' doesn't name a run in a program's own process.");
    }
    Fate program =
        pid == null || pid.startsWith(ProcessIdentity.own() + "/")
            ? Fate.GONE
            : ProcessIdentity.fateOf(pid.substring(0, Math.max(0, pid.indexOf('/'))));
    if (program != Fate.GONE) {
      throw new SheaveException(
          Code.OUT_OF_REACH,
          "The flow run '" + request.name() + "' is executed by another program, '" + pid + "'.");
    }
    throw new SheaveException(
        Code.NOT_FOUND, "The flow run '" + request.name() + "' isn't executed by this program.");
  }

  /** Lists what is there of the runs of a store. */
  static List<StandingRun> list(UUID store) {
    return ALL.values().stream()
        .filter(
            each -> store.toString().equals(each.request.labels().get(RunRequest.STORE_ID_LABEL)))
        .<StandingRun>map(each -> each)
        .toList();
  }

  private static String nameOf(RunRequest request) {
    return request.flowRunId() + "-" + request.attempt();
  }

  private void execute() {
    stop.setThread(Thread.currentThread());
    Ended end;
    try {
      executeFlow();
      end = stop.isMade() ? killed() : Ended.withCode(0);
    } catch (SheaveException e) {
      end = stop.isMade() ? killed() : new Ended(Kind.EXITED, OptionalInt.of(1), e.getMessage());
    } catch (Throwable e) { // whatever it is, it ends the run, and not the agent
      end = new Ended(Kind.EXITED, OptionalInt.of(1), Throwables.describe(e));
    }
    stop.setThread(null);
    ended.complete(end);
  }

  private static Ended killed() {
    return new Ended(Kind.KILLED, OptionalInt.empty(), "Its thread was interrupted.");
  }

  private void executeFlow() {
    List<Path> directories = new ArrayList<>();
    PrintStream lines =
        new PrintStream(new LineStream(request.output()), true, StandardCharsets.UTF_8);
    try (Shared.Use<Sheave> connection = SharedConnection.open(request)) {
      Sheave sheave = connection.value();
      // an attempt is told to those runs alone that have a lease
      String attempt = request.settings().get(RunVariables.ATTEMPT);
      State state =
          new FlowRunEngine(
                  sheave,
                  loader,
                  attempt == null ? null : Integer.valueOf(attempt),
                  RunHost.shared(pid(), lines, stop))
              .run(
                  request,
                  deployment ->
                      request.deployment().isPresent() ? code : DeployedCode.inPlace(deployment),
                  () -> {
                    directories.add(newDirectory());
                    return directories.get(0);
                  });
      hasRecordedEnd = state.isTerminal();
    } finally {
      directories.forEach(Folders::delete);
    }
  }

  private static Path newDirectory() {
    try {
      return OwnedTemporary.createFolder("sheave-run-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String pid() {
    return ProcessIdentity.own() + "/" + name;
  }

  @Override
  public boolean recordsItsPid() {
    return true;
  }

  @Override
  public boolean hasRecordedEnd() {
    return hasRecordedEnd;
  }

  @Override
  public CompletionStage<Ended> ended() {
    return ended.minimalCompletionStage();
  }

  @Override
  public String position() {
    return "0";
  }

  @Override
  public Duration stopGrace() {
    return Objects.requireNonNullElse(block.stopGrace(), DEFAULT_STOP_GRACE);
  }

  @Override
  public void kill(Duration grace) {
    stop.make();
    Duration wait = grace.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : grace;
    try {
      ended.get(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new SheaveException(
          Code.CONFLICT,
          "The flow run '"
              + request.name()
              + "' goes on though its thread was interrupted; it ends with this program at the"
              + " latest.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "Ending the flow run '" + request.name() + "' was interrupted.", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("it is never completed so", e);
    }
  }

  @Override
  public void remove() {
    if (!ended.isDone()) {
      kill(Duration.ZERO);
    }
    ALL.remove(name, this);
  }

  /** The agent that follows it next is of this program, and may have the same output. */
  @Override
  public void close() {}

  @Override
  public UUID flowRunId() {
    return request.flowRunId();
  }

  @Override
  public int attempt() {
    return request.attempt();
  }

  @Override
  public Instant created() {
    return created;
  }

  @Override
  public boolean isRunning() {
    return !ended.isDone();
  }
}
