package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The deployment that a command is about, given by name or by id. */
final class DeploymentChoice {

  private DeploymentChoice() {}

  /**
   * Checks that one of the two is given.
   *
   * @throws UsageException if none is, or both are
   */
  static void check(@Nullable String name, @Nullable String id) {
    if (name == null && id == null) {
      throw new UsageException("Pass a deployment as FLOW/DEPLOYMENT, or its id with --id.");
    }
    if (name != null && id != null) {
      throw new UsageException("Only one of a deployment's name and --id can be given.");
    }
  }

  /** Reads the chosen deployment. */
  static DeploymentRecord read(Invocation invocation, @Nullable String name, @Nullable String id) {
    if (id == null) {
      return invocation.sheave().deployments().read(name == null ? "" : name);
    }
    UUID uuid;
    try {
      uuid = UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw new SheaveException(
          Code.INVALID,
          "'" + id + "' isn't the id of a deployment; 'sheave deployment ls'" + " lists them.");
    }
    return invocation.sheave().api().deployments().readDeployment(uuid);
  }
}
