package dev.sheave.cli.command;

import dev.sheave.agent.RunPreview;
import dev.sheave.api.DeploymentRecord;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sheave deployment preview}. */
@picocli.CommandLine.Command(
    description =
        "Show what would be started for a run of a deployment, such as a command line. Secrets are"
            + " masked, and nothing is started.",
    footer = {"", "  $ sheave deployment preview log-flow/log-flow-s3 --override env.LEVEL=DEBUG"})
final class DeploymentPreview extends Command {

  @Mixin DeploymentChoice choice = new DeploymentChoice();

  @Option(
      names = "--override",
      paramLabel = "KEY=VALUE",
      description =
          "Override a value of the infrastructure block, such as env.LEVEL=DEBUG; may"
              + " be repeated.")
  List<String> overrides = new ArrayList<>();

  @Override
  public int run(Invocation invocation) {
    choice.check();
    var values = KeyValues.read("--override", overrides); // what isn't written right is said first
    DeploymentRecord deployment = choice.read(invocation);
    invocation.terminal().say(RunPreview.of(invocation.sheave(), deployment, values));
    return CommandRunner.OK;
  }
}
