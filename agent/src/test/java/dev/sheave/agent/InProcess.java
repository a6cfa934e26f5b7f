package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockType;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Infrastructure that executes runs in this process, so that a test can do hundreds. */
@BlockType(slug = "in-test", name = "In Test", description = "Runs flows in a test.")
public final class InProcess extends Block implements Infrastructure {
  private static final Map<String, Execution> EXECUTIONS = new ConcurrentHashMap<>();

  /** How long executions were given to end. */
  static final List<Duration> GRACES = new CopyOnWriteArrayList<>();

  static final Duration STOP_GRACE = Duration.ofSeconds(7);

  private static volatile Ending ending = (request, killed) -> Ended.withCode(0);

  InProcess() {}

  /** What executes a run. */
  interface Program {
    /**
     * Executes it; returns the exit code.
     *
     * @param killed is zero when the program is to end
     */
    int run(RunRequest request, CountDownLatch killed) throws Exception;
  }

  /** What executes a run, and knows more of its end than an exit code says. */
  interface Ending {
    /** Executes it; see {@link Program#run}. */
    Ended run(RunRequest request, CountDownLatch killed) throws Exception;
  }

  /** Its descriptor. */
  public static final class Provider implements BlockProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Provider() {}

    @Override
    public List<BlockTypeDescriptor> types() {
      return List.of(
          new BlockTypeDescriptor(
              "in-test", "In Test", Set.of("run-infrastructure"), InProcess.class.getName()));
    }
  }

  static void setProgram(Program program) {
    setEnding((request, killed) -> Ended.withCode(program.run(request, killed)));
  }

  static void setEnding(Ending value) {
    ending = value;
  }

  private static String nameOf(RunRequest request) {
    return request.flowRunId() + "-" + request.attempt();
  }

  @Override
  public RunningInfrastructure start(RunRequest request) {
    return EXECUTIONS.computeIfAbsent(nameOf(request), name -> new Execution(name, request));
  }

  @Override
  public RunningInfrastructure attach(
      RunRequest request, @Nullable String pid, @Nullable String position) {
    Execution execution = EXECUTIONS.get(nameOf(request));
    if (execution == null) {
      throw new SheaveException(Code.NOT_FOUND, "The run isn't executed here.");
    }
    return execution;
  }

  @Override
  public String preview(RunRequest request) {
    return "in this process";
  }

  @Override
  public void check() {}

  private static final class Execution implements RunningInfrastructure {
    private final String name;
    private final CountDownLatch killed = new CountDownLatch(1);
    private final CompletableFuture<Ended> end = new CompletableFuture<>();

    Execution(String name, RunRequest request) {
      this.name = name;
      new Thread(
              () -> {
                try {
                  end.complete(ending.run(request, killed));
                } catch (Exception e) {
                  end.complete(new Ended(Ended.Kind.EXITED, OptionalInt.of(1), "" + e));
                }
              },
              name)
          .start();
    }

    @Override
    public String pid() {
      return "here:" + name;
    }

    @Override
    public CompletionStage<Ended> ended() {
      return end;
    }

    @Override
    public String position() {
      return "0";
    }

    @Override
    public Duration stopGrace() {
      return STOP_GRACE;
    }

    @Override
    public void kill(Duration grace) {
      GRACES.add(grace);
      killed.countDown();
      end.join();
    }

    @Override
    public void remove() {
      EXECUTIONS.remove(name);
    }

    @Override
    public void close() {}
  }
}
