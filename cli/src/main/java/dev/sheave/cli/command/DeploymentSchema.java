package dev.sheave.cli.command;

import dev.sheave.deployment.Deployments;

/** {@code sheave deployment schema}. */
@picocli.CommandLine.Command(
    description = "Print the JSON schema of deployments' YAML files, for editors.",
    footer = {"", "  $ sheave deployment schema > deployment.schema.json"})
final class DeploymentSchema extends Command {

  @Override
  public int run(Invocation invocation) {
    invocation.terminal().say(Deployments.fileSchema().stripTrailing());
    return 0;
  }
}
