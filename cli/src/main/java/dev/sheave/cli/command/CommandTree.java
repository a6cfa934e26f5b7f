package dev.sheave.cli.command;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Which commands there are. Only the one that a command line calls is looked at closely: reading
 * the options of all would take longer than most commands do.
 */
public final class CommandTree {
  /** Asks for stack traces; may stand anywhere. */
  public static final String DEBUG_OPTION = "--debug";

  private static final Node ROOT =
      new Node(
          "sheave",
          "Blocks, deployments and agents for Java flows.",
          new Node(
              "block",
              "Configuration that is named, typed and shared.",
              new Node("create", "Save a new block."),
              new Node("ls", "List the blocks."),
              new Node("inspect", "Show a block; secrets stay masked."),
              new Node("delete", "Delete a block."),
              new Node("register", "Put the block types found here into the store."),
              new Node("type", "The types of blocks.", new Node("ls", "List the block types."))),
          new Node(
              "deployment",
              "Flows with all that their runs need.",
              new Node("build", "Upload a flow's directory and write a YAML file."),
              new Node("apply", "Register deployments from their YAML files."),
              new Node("schema", "Print the JSON schema of deployments' YAML files, for editors."),
              new Node("ls", "List the deployments."),
              new Node("inspect", "Show a deployment."),
              new Node("run", "Make a run of a deployment.")),
          new Node(
              "agent",
              "What takes runs from work queues and executes them.",
              new Node("start", "Start an agent.")),
          new Node(
              "flow-run",
              "The runs of flows.",
              new Node("ls", "List the flow runs."),
              new Node("inspect", "Show a flow run."),
              new Node("logs", "Show the log of a flow run.")),
          new Node("quickstart", "Deploy a flow and run it, to see how it goes."),
          new Node("version", "Show the version."));

  private record Node(String name, String summary, List<Node> children) {
    Node(String name, String summary, Node... children) {
      this(name, summary, List.of(children));
    }
  }

  private CommandTree() {}

  /** Makes the command that a path of names calls. A switch: it loads the one class. */
  private static Command create(String path) {
    return switch (path) {
      case "sheave block create" -> new BlockCreate();
      case "sheave block ls" -> new BlockList();
      case "sheave block inspect" -> new BlockInspect();
      case "sheave block delete" -> new BlockDelete();
      case "sheave block register" -> new BlockRegister();
      case "sheave block type ls" -> new BlockTypeList();
      case "sheave deployment build" -> new DeploymentBuild();
      case "sheave deployment apply" -> new DeploymentApply();
      case "sheave deployment schema" -> new DeploymentSchema();
      case "sheave deployment ls" -> new DeploymentList();
      case "sheave deployment inspect" -> new DeploymentInspect();
      case "sheave deployment run" -> new DeploymentRun();
      case "sheave agent start" -> new AgentStart();
      case "sheave flow-run ls" -> new FlowRunList();
      case "sheave flow-run inspect" -> new FlowRunInspect();
      case "sheave flow-run logs" -> new FlowRunLogs();
      case "sheave quickstart" -> new Quickstart();
      case "sheave version" -> new VersionCommand();
      default -> throw new IllegalArgumentException(path);
    };
  }

  /** Makes a parser that knows the command that the words call, and the others by name. */
  public static CommandLine parserFor(String[] args) {
    CommandLine parser = new CommandLine(specOf(ROOT, ROOT.name, args, 0));
    parser.setAbbreviatedOptionsAllowed(false);
    parser.setAbbreviatedSubcommandsAllowed(false);
    parser.setCaseInsensitiveEnumValuesAllowed(true);
    return parser;
  }

  private static CommandSpec specOf(Node node, String path, String[] args, int from) {
    if (node.children.isEmpty()) {
      return CommandSpec.forAnnotatedObject(create(path)).name(node.name);
    }
    CommandSpec spec = CommandSpec.create().name(node.name);
    spec.usageMessage().description(node.summary);
    spec.usageMessage().synopsisSubcommandLabel("COMMAND");
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .type(boolean.class)
            .description("Show this help.")
            .build());
    spec.addOption(OptionSpec.builder(DEBUG_OPTION).type(boolean.class).hidden(true).build());
    if (path.equals(ROOT.name)) {
      spec.addOption(
          OptionSpec.builder("-V", "--version")
              .versionHelp(true)
              .type(boolean.class)
              .description("Show the version.")
              .build());
    }
    int next = from;
    while (next < args.length && args[next].startsWith("-")) {
      next++;
    }
    for (Node child : node.children) {
      boolean called = next < args.length && args[next].equals(child.name);
      spec.addSubcommand(
          child.name,
          called ? specOf(child, path + " " + child.name, args, next + 1) : nameOnly(child));
    }
    return spec;
  }

  private static CommandSpec nameOnly(Node node) {
    CommandSpec spec = CommandSpec.create().name(node.name);
    spec.usageMessage().description(node.summary);
    return spec;
  }
}
