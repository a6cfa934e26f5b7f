package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.Schedule;
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
 * Registers deployments, all or none. The protocol has no transaction over several deployments, so
 * completed steps are undone in reverse order if a later one fails.
 */
final class Registrations {
  /**
   * How often applying a deployment is tried. It may fail if others release the anonymous blocks
   * that it shares with them: these are deleted unless it refers to them in time.
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
            "The deployment '" + deployment.fullName() + "' is defined twice; rename one of them.");
      }
    }
    List<Applied> applied = new ArrayList<>();
    try {
      for (Deployment deployment : all) {
        applied.add(register(deployment.values(), blocks.withTypesOf(deployment.blocks())));
      }
    } catch (RuntimeException | Error e) {
      takeBack(e);
      throw e;
    }
    return applied;
  }

  private Applied register(DeploymentValues values, Blocks ofParameters) {
    Optional<DeploymentRecord> before =
        deployments.findDeployment(values.flowName(), values.name());
    DeploymentValues written = values;
    if (values.keepsSchedule()) {
      Schedule kept = before.map(record -> record.spec().schedule()).orElse(null);
      written = values.toBuilder().schedule(kept).build();
    }
    Applied applied = apply(written, ofParameters);
    undo.push(
        () ->
            before.ifPresentOrElse(
                record -> deployments.applyDeployment(record.spec()),
                () -> deployments.deleteDeployment(applied.deployment().id())));
    return applied;
  }

  private Applied apply(DeploymentValues values, Blocks ofParameters) {
    for (int attempt = 1; true; attempt++) {
      try {
        return apply(values, ofParameters, attempt > 1);
      } catch (SheaveException e) {
        boolean mayHaveGone =
            isAnonymous(values.infrastructure())
                || (values.storage() != null && isAnonymous(values.storage()))
                || !values.parameters().isEmpty();
        if (e.code() != Code.CONFLICT || !mayHaveGone || attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private Applied apply(DeploymentValues values, Blocks ofParameters, boolean isAnew) {
    UUID storage = values.storage() == null ? null : documentOf(values.storage(), isAnew);
    UUID infrastructure = documentOf(values.infrastructure(), isAnew);
    RunParameters parameters = RunParameters.of(values);
    // runs may get blocks by their values where their classes aren't
    ofParameters.registerIfHere(parameters.blockTypes());
    return deployments.applyDeployment(
        DeploymentSpec.builder(values.name(), deployments.createFlow(values.flowName()).id())
            .version(values.version())
            .description(values.description())
            .tags(values.tags())
            .parameters(parameters.toStore(values.parameters(), ofParameters))
            .parameterSchema(values.parameterSchema())
            .workQueueName(values.workQueueName())
            .workPoolName(values.workPoolName())
            .storageDocumentId(storage)
            .infrastructureDocumentId(infrastructure)
            .infraOverrides(values.infraOverrides())
            .path(values.path())
            .entrypoint(values.entrypoint().isEmpty() ? null : values.entrypoint())
            .schedule(values.schedule())
            .isScheduleActive(values.isScheduleActive())
            .build());
  }

  /**
   * Returns the id of a block's document. Anonymous blocks aren't undone: equal ones are one
   * document in the store, which deletes unused ones.
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
        // the user has to know the first reason
        reason.addSuppressed(e);
      }
    }
  }
}
