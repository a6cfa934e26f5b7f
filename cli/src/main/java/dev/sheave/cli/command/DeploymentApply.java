package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.deployment.Deployment;
import dev.sheave.storage.transfer.TransferSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave deployment apply}. */
@picocli.CommandLine.Command(
    description = "Register deployments from their YAML files.",
    footer = {"", "  $ sheave deployment apply log-flow-s3-deployment.yaml"})
final class DeploymentApply extends Command {

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "YAML files, as 'sheave deployment build' writes them.")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--upload",
      description = "Upload this directory to the deployment's storage before.")
  boolean upload;

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "NUMBER",
      description = "How many runs of the work queue may be under way at once.")
  @Nullable Integer limit;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Sheave sheave = invocation.sheave();
    for (String name : files) {
      Path file = terminal.resolve(name);
      Deployment deployment = sheave.deployments().fromYaml(file);
      terminal.say(terminal.in(Colour.GOOD, "Successfully loaded '" + deployment.name() + "'"));
      if (upload) {
        deployment =
            sheave.deployments().withCode(deployment, terminal.directory(), List.of(file)).upload();
        int count = deployment.uploadSummary().map(TransferSummary::files).orElse(0);
        terminal.say(
            terminal.in(
                Colour.GOOD,
                "Successfully uploaded "
                    + count
                    + (count == 1 ? " file to " : " files to ")
                    + deployment.location()));
      }
      new Registration(sheave, terminal).register(deployment, limit);
    }
    return 0;
  }
}
