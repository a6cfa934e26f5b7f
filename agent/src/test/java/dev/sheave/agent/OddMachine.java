package dev.sheave.agent;

import dev.sheave.block.BlockField;
import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockType;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.infrastructure.RunNetwork;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Infrastructure of a type of its own, on which a test sees what an agent does. */
@BlockType(slug = "odd-machine", name = "Odd Machine", description = "Runs flows in a test.")
public final class OddMachine extends InfrastructureBlock {
  private static volatile Consumer<RunRequest> beforeStart = OddMachine::doNothing;
  private static volatile Consumer<RunRequest> beforeAttach = OddMachine::doNothing;

  OddMachine(
      @BlockField(description = "Variables.", defaultValue = "{}")
          Map<String, @Nullable String> env,
      @BlockField(description = "Labels.", defaultValue = "{}") Map<String, String> labels,
      @BlockField(description = "Its name.") @Nullable String name,
      @BlockField(description = "The command.") @Nullable List<String> command) {
    super(env, labels, name, command);
  }

  private static volatile @Nullable RunNetwork network;

  /** Its descriptor. */
  public static final class Provider implements BlockProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Provider() {}

    @Override
    public List<BlockTypeDescriptor> types() {
      return List.of(
          new BlockTypeDescriptor(
              "odd-machine",
              "Odd Machine",
              Set.of("run-infrastructure"),
              OddMachine.class.getName()));
    }
  }

  static void beforeStart(Consumer<RunRequest> action) {
    beforeStart = action;
  }

  static void beforeAttach(Consumer<RunRequest> action) {
    beforeAttach = action;
  }

  /** Lets runs reach the records over a network. */
  static void reachedBy(RunNetwork runs) {
    network = runs;
  }

  static void reset() {
    network = null;
    beforeStart = OddMachine::doNothing;
    beforeAttach = OddMachine::doNothing;
  }

  private static void doNothing(RunRequest request) {}

  private ProcessInfrastructure process() {
    return ProcessInfrastructure.builder().env(env()).command(command()).build();
  }

  @Override
  public Optional<RunNetwork> network() {
    return Optional.ofNullable(network);
  }

  @Override
  public RunningInfrastructure start(RunRequest request) {
    beforeStart.accept(request);
    return process().start(request);
  }

  @Override
  public RunningInfrastructure attach(
      RunRequest request, @Nullable String pid, @Nullable String position) {
    beforeAttach.accept(request);
    return process().attach(request, pid, position);
  }

  @Override
  public String preview(RunRequest request) {
    return process().preview(request);
  }

  @Override
  public void check() {
    process().check();
  }
}
