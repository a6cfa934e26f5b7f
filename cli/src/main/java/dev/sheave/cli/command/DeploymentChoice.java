package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The deployment that a command is about, given by name or by id. */
final class DeploymentChoice {

  @Parameters(
      arity = "0..1",
      paramLabel = "FLOW/DEPLOYMENT",
      description = "The deployment, such as log-flow/log-flow-s3.")
  @Nullable String name;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The deployment's id, in place of its name.")
  @Nullable String id;

  /**
   * Checks that one of the two is given.
   *
   * @throws UsageException if none is, or both are
   */
  void check() {
    if (name == null && id == null) {
      throw new UsageException("Pass a deployment as FLOW/DEPLOYMENT, or its id with --id.");
    }
    if (name != null && id != null) {
      throw new UsageException("Only one of a deployment's name and --id can be given.");
    }
  }

  /**
   * Reads the deployment.
   *
   * @throws UsageException as {@link #check} does
   */
  DeploymentRecord read(Invocation invocation) {
    check();
    if (id == null) {
      return invocation.sheave().deployments().read(name == null ? "" : name);
    }
    UUID uuid;
    try {
      uuid = UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw new SheaveException(
          Code.INVALID,
          "'" + id + "' isn't the id of a deployment; 'sheave deployment ls' lists them.");
    }
    return invocation.sheave().api().deployments().readDeployment(uuid);
  }
}
