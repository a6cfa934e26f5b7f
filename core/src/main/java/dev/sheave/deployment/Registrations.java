package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Registers deployments, all or none. The protocol has no transaction over several, so what was
 * done is taken back, last first, when a later step fails.
 */
final class Registrations {
  /**
   * How often a deployment is applied while others let go of the anonymous blocks it shares with
   * them: those are collected unless it refers to them first.
   */
  private static final int MAX_ATTEMPTS = 10;

  private final DeploymentApi deployments;
  private final Blocks blocks;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  Registrations(DeploymentApi deployments, Blocks blocks) {
    this.deployments = deployments;
    this.blocks = blocks;
  }

  List<Applied> register(List<Deployment> all) {
    Set<String> names = new HashSet<>();
    for (Deployment deployment : all) {
      if (!names.add(deployment.fullName())) {
        throw new SheaveException(
            Code.CONFLICT,
            "The deployment '"
                + deployment.fullName()
                + "' is there twice; give one of them another name.");
      }
    }
    List<Applied> applied = new ArrayList<>();
    try {
      for (Deployment deployment : all) {
        applied.add(register(deployment.values()));
      }
    } catch (RuntimeException | Error e) {
      takeBack(e);
      throw e;
    }
    return applied;
  }

  private Applied register(DeploymentValues values) {
    Optional<DeploymentRecord> before =
        deployments.findDeployment(values.flowName(), values.name());
    Applied applied = apply(values);
    undo.push(
        () ->
            before.ifPresentOrElse(
                record -> deployments.applyDeployment(record.spec()),
                () -> deployments.deleteDeployment(applied.deployment().id())));
    return applied;
  }

  private Applied apply(DeploymentValues values) {
    for (int attempt = 1; true; attempt++) {
      try {
        return apply(values, attempt > 1);
      } catch (SheaveException e) {
        boolean mayHaveGone =
            isAnonymous(values.infrastructure())
                || (values.storage() != null && isAnonymous(values.storage()));
        if (e.code() != Code.CONFLICT || !mayHaveGone || attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private Applied apply(DeploymentValues values, boolean isAnew) {
    UUID storage = values.storage() == null ? null : documentOf(values.storage(), isAnew);
    UUID infrastructure = documentOf(values.infrastructure(), isAnew);
    return deployments.applyDeployment(
        new DeploymentSpec(
            values.name(),
            deployments.createFlow(values.flowName()).id(),
            values.version(),
            values.description(),
            values.tags(),
            values.parameters(),
            values.parameterSchema(),
            values.workQueueName(),
            values.workPoolName(),
            storage,
            infrastructure,
            values.infraOverrides(),
            values.path(),
            values.entrypoint().isEmpty() ? null : values.entrypoint(),
            values.schedule(),
            values.isScheduleActive()));
  }

  /**
   * Returns the id of a block's document. Blocks without a name aren't taken back: equal ones are
   * one in the store, and it collects those that nothing uses.
   *
   * @param isAnew whether anonymous ones are saved again
   */
  private UUID documentOf(Block block, boolean isAnew) {
    boolean isThere = block.identity().isPresent() && !(isAnew && isAnonymous(block));
    Block saved = isThere ? block : blocks.saveAnonymously(block);
    return saved.identity().orElseThrow().id();
  }

  private static boolean isAnonymous(Block block) {
    return block.identity().map(Block.Identity::isAnonymous).orElse(true);
  }

  private void takeBack(Throwable reason) {
    for (Runnable step : undo) {
      try {
        step.run();
      } catch (RuntimeException e) {
        // the first reason is what the user has to know
        reason.addSuppressed(e);
      }
    }
  }
}
