package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.deployment.Deployment;
import dev.sheave.deployment.FieldChange;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Registers deployments, and says what that changed and what to do next. */
final class Registration {
  private final Sheave sheave;
  private final Terminal terminal;
  private final Differences differences;

  Registration(Sheave sheave, Terminal terminal) {
    this.sheave = sheave;
    this.terminal = terminal;
    this.differences = new Differences(terminal);
  }

  /** Says what registering deployments would do, and does nothing. */
  void preview(List<Deployment> deployments) {
    for (Deployment deployment : deployments) {
      List<FieldChange> changes = sheave.deployments().changes(deployment);
      boolean exists = sheave.deployments().find(deployment.fullName()).isPresent();
      terminal.say(
          "Deployment '"
              + deployment.fullName()
              + (exists
                  ? changes.isEmpty() ? "' would stay as it is." : "' would be updated:"
                  : "' would be created:"));
      differences.show(changes);
    }
  }

  /**
   * Registers deployments, all or none.
   *
   * @param limit how many runs of their queues may be in progress at once; null to leave that
   */
  void register(List<Deployment> deployments, @Nullable Integer limit) {
    List<List<FieldChange>> changes =
        deployments.stream().map(sheave.deployments()::changes).toList();
    List<Applied> applied = sheave.deployments().applyAll(deployments);
    Set<Queue> queues = new LinkedHashSet<>();
    applied.forEach(each -> queues.add(Queue.of(each.deployment().spec())));
    if (limit != null) {
      queues.forEach(queue -> limit(queue, limit));
    }
    for (int i = 0; i < applied.size(); i++) {
      say(deployments.get(i), applied.get(i), changes.get(i));
    }
    for (Queue queue : queues) {
      terminal.say("");
      terminal.say(
          "To execute flow runs from "
              + (deployments.size() == 1 ? "this deployment" : "these deployments")
              + ", start an agent that pulls work from the '"
              + queue.name()
              + "' work queue:");
      terminal.say(
          "$ sheave agent start -q '"
              + queue.name()
              + "'"
              + (queue.pool() == null ? "" : " -p '" + queue.pool() + "'"));
    }
  }

  private void say(Deployment deployment, Applied applied, List<FieldChange> changes) {
    terminal.say(
        terminal.in(
            Colour.GOOD,
            "Deployment '"
                + deployment.fullName()
                + "' successfully "
                + (applied.created() ? "created" : "updated")
                + " with id '"
                + applied.deployment().id()
                + "'."));
    if (!applied.created()) {
      if (changes.isEmpty()) {
        terminal.say("  Nothing has changed.");
      }
      differences.show(changes);
    }
  }

  private void limit(Queue queue, int limit) {
    queue
        .find(sheave.api())
        .ifPresent(
            found ->
                sheave
                    .api()
                    .workQueues()
                    .updateWorkQueue(found.id(), WorkQueueUpdate.NONE.withConcurrencyLimit(limit)));
  }

  /**
   * The queue that a deployment's runs are put into.
   *
   * @param pool its pool; null for the default one
   */
  private record Queue(@Nullable String pool, String name) {
    static Queue of(DeploymentSpec spec) {
      String pool = spec.workPoolName();
      return new Queue(
          WorkQueueApi.DEFAULT_POOL.equals(pool) ? null : pool,
          Objects.requireNonNullElse(spec.workQueueName(), Deployment.DEFAULT_WORK_QUEUE));
    }

    Optional<WorkQueueRecord> find(OrchestrationApi api) {
      return pool == null
          ? api.workQueues().findWorkQueue(name)
          : api.workPools().findWorkQueue(pool, name);
    }
  }
}
