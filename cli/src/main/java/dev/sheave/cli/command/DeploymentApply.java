package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.deployment.Deployment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave deployment apply}. */
@picocli.CommandLine.Command(
    description = "Register deployments from their YAML files: all of them, or none.",
    footer = {
      "",
      "  $ sheave deployment apply log-flow-s3-deployment.yaml",
      "  $ sheave deployment apply --dry-run *-deployment.yaml"
    })
final class DeploymentApply extends Command {

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "YAML files, as 'sheave deployment build' writes them.")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--upload",
      description = "First upload this directory to the deployment's storage.")
  boolean upload;

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "NUMBER",
      description = "How many runs of the work queue may be in progress at once.")
  @Nullable Integer limit;

  @Option(names = "--dry-run", description = "Show what would change, without changing it.")
  boolean isDryRun;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Limits.check("--limit", limit);
    Sheave sheave = invocation.sheave();
    // all problems are found before anything is changed
    List<Deployment> deployments = new ArrayList<>();
    List<SheaveException> wrong = new ArrayList<>();
    for (String name : files) {
      try {
        Deployment deployment =
            sheave
                .deployments()
                .fromYaml(
                    terminal.resolve(name),
                    warning ->
                        terminal.complain(terminal.in(Colour.WARNING, "Warning: " + warning)));
        terminal.say(terminal.in(Colour.GOOD, "Successfully loaded '" + deployment.name() + "'"));
        deployments.add(deployment);
      } catch (SheaveException e) {
        if (e.code() != Code.INVALID && e.code() != Code.NOT_FOUND) {
          throw e;
        }
        wrong.add(e);
      }
    }
    if (!wrong.isEmpty()) {
      throw allOf(wrong);
    }
    Registration registration = new Registration(sheave, terminal);
    if (isDryRun) {
      registration.preview(deployments);
      return 0;
    }
    if (upload) {
      List<Path> excluded = files.stream().map(terminal::resolve).toList();
      deployments.replaceAll(
          deployment ->
              Uploads.upload(
                  sheave.deployments().withCode(deployment, terminal.directory(), excluded),
                  terminal));
    }
    registration.register(deployments, limit);
    return 0;
  }

  private static SheaveException allOf(List<SheaveException> wrong) {
    return wrong.size() == 1
        ? wrong.get(0)
        : new SheaveException(
            wrong.get(0).code(),
            wrong.stream().map(SheaveException::getMessage).collect(Collectors.joining("\n")),
            wrong.stream().flatMap(each -> each.problems().stream()).toList(),
            wrong.get(0));
  }
}
