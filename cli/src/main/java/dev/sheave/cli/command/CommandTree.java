package dev.sheave.cli.command;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The tree of commands. Only the command that is called is parsed in full: reading the options of
 * all would take longer than most commands do.
 */
public final class CommandTree {
  /** Asks for stack traces; may stand anywhere. */
  public static final String DEBUG_OPTION = "--debug";

  /** Chooses a profile for one command. */
  static final String PROFILE_OPTION = "--profile";

  private static final Node ROOT =
      new Node(
          "sheave",
          "Blocks, deployments and agents for Java flows.",
          new Node(
              "block",
              "Named, typed, shared configuration.",
              new Node("create", "Create a block."),
              new Node("ls", "List the blocks."),
              new Node("inspect", "Show a block; secrets stay masked."),
              new Node("set", "Change some values of a block."),
              new Node("check", "Check a storage or infrastructure block."),
              new Node("delete", "Delete a block."),
              new Node("register", "Register the block types found here."),
              new Node(
                  "type",
                  "The types of blocks.",
                  new Node("ls", "List the block types."),
                  new Node("inspect", "Show a block type and its fields."),
                  new Node("delete", "Delete a block type."))),
          new Node(
              "storage",
              "The files in a storage block.",
              new Node("ls", "List files."),
              new Node("get", "Fetch a file or a folder."),
              new Node("put", "Put a file or a folder.")),
          new Node(
              "deployment",
              "Flows, and what their runs need.",
              new Node("build", "Upload a flow's directory and write a YAML file."),
              new Node("apply", "Register deployments from their YAML files."),
              new Node("schema", "Print the JSON schema of deployments' YAML files, for editors."),
              new Node("ls", "List the deployments."),
              new Node("inspect", "Show a deployment."),
              new Node("preview", "Show what would be started for a run."),
              new Node("run", "Create a run of a deployment."),
              new Node("delete", "Delete a deployment.")),
          new Node("flow", "The flows.", new Node("ls", "List the flows.")),
          new Node(
              "agent",
              "Programs that take runs from work queues and execute them.",
              new Node("start", "Start an agent.")),
          new Node(
              "flow-run",
              "The runs of flows.",
              new Node("ls", "List the flow runs."),
              new Node("inspect", "Show a flow run."),
              new Node("logs", "Show the log of a flow run."),
              new Node("cancel", "Cancel a flow run."),
              new Node("delete", "Delete a flow run.")),
          new Node(
              "key",
              "The key that secrets are encrypted with.",
              new Node("rotate", "Encrypt all blocks with a new key.")),
          new Node("run", "Run a flow here and now."),
          new Node(
              "work-queue",
              "Where runs wait for agents.",
              new Node("create", "Create a work queue."),
              new Node("ls", "List the work queues."),
              new Node("inspect", "Show a work queue."),
              new Node("pause", "Pause a work queue."),
              new Node("resume", "Resume a work queue."),
              new Node("set-concurrency-limit", "Limit how many runs are in progress at once."),
              new Node("clear-concurrency-limit", "Remove the limit of a work queue."),
              new Node("preview", "Show the runs that wait in a work queue."),
              new Node("delete", "Delete a work queue.")),
          new Node(
              "config",
              "The settings.",
              new Node("view", "Show the settings, and where they come from."),
              new Node("set", "Change settings of a profile."),
              new Node("unset", "Remove settings from a profile.")),
          new Node(
              "profile",
              "Named sets of settings.",
              new Node("ls", "List the profiles."),
              new Node("create", "Create a profile."),
              new Node("use", "Make a profile the active one."),
              new Node("inspect", "Show the settings of a profile."),
              new Node("rename", "Rename a profile."),
              new Node("delete", "Delete a profile.")),
          new Node("completion", "Print a script that completes commands in a shell."),
          new Node("quickstart", "Deploy and run an example flow."),
          new Node("version", "Show the version."));

  private record Node(String name, String summary, List<Node> children) {
    Node(String name, String summary, Node... children) {
      this(name, summary, List.of(children));
    }
  }

  private CommandTree() {}

  /** Creates the command for a path of names. The switch loads only that command's class. */
  private static Command create(String path) {
    return switch (path) {
      case "sheave block create" -> new BlockCreate();
      case "sheave block ls" -> new BlockList();
      case "sheave block inspect" -> new BlockInspect();
      case "sheave block set" -> new BlockSet();
      case "sheave block check" -> new BlockCheck();
      case "sheave block delete" -> new BlockDelete();
      case "sheave block register" -> new BlockRegister();
      case "sheave block type ls" -> new BlockTypeList();
      case "sheave block type inspect" -> new BlockTypeInspect();
      case "sheave block type delete" -> new BlockTypeDelete();
      case "sheave storage ls" -> new StorageList();
      case "sheave storage get" -> new StorageGet();
      case "sheave storage put" -> new StoragePut();
      case "sheave deployment build" -> new DeploymentBuild();
      case "sheave deployment apply" -> new DeploymentApply();
      case "sheave deployment schema" -> new DeploymentSchema();
      case "sheave deployment ls" -> new DeploymentList();
      case "sheave deployment inspect" -> new DeploymentInspect();
      case "sheave deployment preview" -> new DeploymentPreview();
      case "sheave deployment run" -> new DeploymentRun();
      case "sheave deployment delete" -> new DeploymentDelete();
      case "sheave flow ls" -> new FlowList();
      case "sheave agent start" -> new AgentStart();
      case "sheave flow-run ls" -> new FlowRunList();
      case "sheave flow-run inspect" -> new FlowRunInspect();
      case "sheave flow-run logs" -> new FlowRunLogs();
      case "sheave key rotate" -> new KeyRotate();
      case "sheave flow-run cancel" -> new FlowRunCancel();
      case "sheave flow-run delete" -> new FlowRunDelete();
      case "sheave run" -> new RunFlow();
      case "sheave work-queue create" -> new WorkQueueCreate();
      case "sheave work-queue ls" -> new WorkQueueList();
      case "sheave work-queue inspect" -> new WorkQueueInspect();
      case "sheave work-queue pause" -> new WorkQueuePause();
      case "sheave work-queue resume" -> new WorkQueueResume();
      case "sheave work-queue set-concurrency-limit" -> new WorkQueueSetLimit();
      case "sheave work-queue clear-concurrency-limit" -> new WorkQueueClearLimit();
      case "sheave work-queue preview" -> new WorkQueuePreview();
      case "sheave work-queue delete" -> new WorkQueueDelete();
      case "sheave config view" -> new ConfigView();
      case "sheave config set" -> new ConfigSet();
      case "sheave config unset" -> new ConfigUnset();
      case "sheave profile ls" -> new ProfileList();
      case "sheave profile create" -> new ProfileCreate();
      case "sheave profile use" -> new ProfileUse();
      case "sheave profile inspect" -> new ProfileInspect();
      case "sheave profile rename" -> new ProfileRename();
      case "sheave profile delete" -> new ProfileDelete();
      case "sheave completion" -> new Completion();
      case "sheave quickstart" -> new Quickstart();
      case "sheave version" -> new VersionCommand();
      default -> throw new IllegalArgumentException(path);
    };
  }

  /** Creates a parser that knows the called command in full, and the others by name. */
  public static CommandLine parserFor(String[] args) {
    CommandLine parser = new CommandLine(specOf(ROOT, ROOT.name, args, 0));
    // arguments are what was typed: a file @name isn't read, nothing is put in or taken away
    parser.setExpandAtFiles(false);
    parser.setInterpolateVariables(false);
    parser.setTrimQuotes(false);
    parser.setAbbreviatedOptionsAllowed(false);
    parser.setAbbreviatedSubcommandsAllowed(false);
    parser.setCaseInsensitiveEnumValuesAllowed(true);
    return parser;
  }

  /** Creates a parser that knows all commands in full, which takes a while. */
  static CommandLine whole() {
    return new CommandLine(wholeSpec(ROOT, ROOT.name));
  }

  private static CommandSpec wholeSpec(Node node, String path) {
    CommandSpec spec = specOf(node, path, new String[0], 0);
    for (Node child : node.children) {
      spec.removeSubcommand(child.name);
      spec.addSubcommand(child.name, wholeSpec(child, path + " " + child.name));
    }
    return spec;
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
      spec.addOption(
          OptionSpec.builder("-p", PROFILE_OPTION)
              .type(String.class)
              .paramLabel("NAME")
              .description("The profile to use for this command.")
              .build());
    }
    int next = afterOptions(args, from);
    for (Node child : node.children) {
      boolean called = next < args.length && args[next].equals(child.name);
      spec.addSubcommand(
          child.name,
          called ? specOf(child, path + " " + child.name, args, next + 1) : nameOnly(child));
    }
    return spec;
  }

  /** Returns the first word of a command line that isn't an option, or nothing. */
  public static String firstWord(String[] args) {
    int first = afterOptions(args, 0);
    return first < args.length ? args[first] : "";
  }

  /** Returns where the word after a group's options is. */
  private static int afterOptions(String[] args, int from) {
    int next = from;
    while (next < args.length && args[next].startsWith("-")) {
      next += args[next].equals("-p") || args[next].equals(PROFILE_OPTION) ? 2 : 1;
    }
    return next;
  }

  private static CommandSpec nameOnly(Node node) {
    CommandSpec spec = CommandSpec.create().name(node.name);
    spec.usageMessage().description(node.summary);
    return spec;
  }
}
