package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which deployment a command is about: named, or by its id. */
final class DeploymentChoice {

  private DeploymentChoice() {}

  /**
   * Checks that one of the two is given.
   *
   * @throws UsageException if none is, or both are
   */
  static void check(@Nullable String name, @Nullable String id) {
    if (name == null && id == null) {
      throw new UsageException("Name a deployment, FLOW/DEPLOYMENT, or give its id with --id.");
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
          Code.INVALID, "'" + id + "' is no deployment's id; 'sheave deployment ls' lists them.");
    }
    return invocation.sheave().api().deployments().readDeployment(uuid);
  }
}
