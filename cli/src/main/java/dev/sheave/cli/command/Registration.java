package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.api.Change;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.deployment.Deployment;
import org.jspecify.annotations.Nullable;

/** Registers deployments, and says what to do next. */
final class Registration {
  private final Sheave sheave;
  private final Terminal terminal;

  Registration(Sheave sheave, Terminal terminal) {
    this.sheave = sheave;
    this.terminal = terminal;
  }

  /**
   * Registers a deployment.
   *
   * @param limit how many runs of its queue may be under way at once; null to leave that
   */
  void register(Deployment deployment, @Nullable Integer limit) {
    Applied applied = sheave.deployments().apply(deployment);
    String queue = deployment.workQueueName();
    if (limit != null) {
      WorkQueueApi queues = sheave.api().workQueues();
      queues
          .findWorkQueue(queue)
          .ifPresent(
              found ->
                  queues.updateWorkQueue(
                      found.id(),
                      new WorkQueueUpdate(
                          Change.keep(), Change.keep(), Change.to(limit), Change.keep())));
    }
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
    terminal.say("");
    terminal.say(
        "To execute flow runs from this deployment, start an agent that pulls work from the '"
            + queue
            + "' work queue:");
    terminal.say("$ sheave agent start -q '" + queue + "'");
  }
}
