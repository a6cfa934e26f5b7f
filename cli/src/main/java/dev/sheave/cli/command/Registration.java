package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.deployment.Deployment;
import dev.sheave.deployment.FieldChange;
import java.util.LinkedHashSet;
import java.util.List;
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

  /**
   * Checks the option {@code --limit} before anything is done.
   *
   * @throws UsageException if it can't be a limit
   */
  static void checkLimit(@Nullable Integer limit) {
    if (limit != null && limit < 0) {
      throw new UsageException("--limit must be 0 or more, not " + limit + ".");
    }
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
    Set<String> queues = new LinkedHashSet<>();
    deployments.forEach(deployment -> queues.add(deployment.workQueueName()));
    if (limit != null) {
      queues.forEach(queue -> limit(queue, limit));
    }
    for (int i = 0; i < applied.size(); i++) {
      say(deployments.get(i), applied.get(i), changes.get(i));
    }
    for (String queue : queues) {
      terminal.say("");
      terminal.say(
          "To execute flow runs from "
              + (deployments.size() == 1 ? "this deployment" : "these deployments")
              + ", start an agent that pulls work from the '"
              + queue
              + "' work queue:");
      terminal.say("$ sheave agent start -q '" + queue + "'");
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

  private void limit(String queue, int limit) {
    WorkQueueApi queues = sheave.api().workQueues();
    queues
        .findWorkQueue(queue)
        .ifPresent(
            found ->
                queues.updateWorkQueue(
                    found.id(), WorkQueueUpdate.NONE.withConcurrencyLimit(limit)));
  }
}
