package dev.sheave.cli.command;

import java.util.List;
import org.jspecify.annotations.Nullable;
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
              new Node("create", "Create a block.", "BlockCreate"),
              new Node("ls", "List the blocks.", "BlockList"),
              new Node("inspect", "Show a block; secrets stay masked.", "BlockInspect"),
              new Node("set", "Change some values of a block.", "BlockSet"),
              new Node("check", "Check a storage or infrastructure block.", "BlockCheck"),
              new Node("delete", "Delete a block.", "BlockDelete"),
              new Node("register", "Register the block types found here.", "BlockRegister"),
              new Node(
                  "type",
                  "The types of blocks.",
                  new Node("ls", "List the block types.", "BlockTypeList"),
                  new Node("inspect", "Show a block type and its fields.", "BlockTypeInspect"),
                  new Node("delete", "Delete a block type.", "BlockTypeDelete"))),
          new Node(
              "storage",
              "The files in a storage block.",
              new Node("ls", "List files.", "StorageList"),
              new Node("get", "Fetch a file or a folder.", "StorageGet"),
              new Node("put", "Put a file or a folder.", "StoragePut")),
          new Node(
              "deployment",
              "Flows, and what their runs need.",
              new Node(
                  "build", "Upload a flow's directory and write a YAML file.", "DeploymentBuild"),
              new Node("apply", "Register deployments from their YAML files.", "DeploymentApply"),
              new Node(
                  "schema",
                  "Print the JSON schema of deployments' YAML files, for editors.",
                  "DeploymentSchema"),
              new Node("ls", "List the deployments.", "DeploymentList"),
              new Node("inspect", "Show a deployment.", "DeploymentInspect"),
              new Node("preview", "Show what would be started for a run.", "DeploymentPreview"),
              new Node("run", "Create a run of a deployment.", "DeploymentRun"),
              new Node(
                  "set-schedule",
                  "Set when runs are created by themselves.",
                  "DeploymentSetSchedule"),
              new Node("pause-schedule", "Follow a schedule no more.", "DeploymentPauseSchedule"),
              new Node("resume-schedule", "Follow a schedule again.", "DeploymentResumeSchedule"),
              new Node(
                  "schedule-preview",
                  "Show the next times of a schedule.",
                  "DeploymentSchedulePreview"),
              new Node("delete", "Delete a deployment.", "DeploymentDelete")),
          new Node(
              "image",
              "Images with the code of flows.",
              new Node("build", "Build an image with a deployment's code.", "ImageBuild")),
          new Node("flow", "The flows.", new Node("ls", "List the flows.", "FlowList")),
          new Node(
              "agent",
              "Programs that take runs from work queues and execute them.",
              new Node("start", "Start an agent.", "AgentStart"),
              new Node("ls", "List the agents.", "AgentList")),
          new Node(
              "infra",
              "What stands on an infrastructure of the runs of this store.",
              new Node("ls", "List what stands there.", "InfraList"),
              new Node("logs", "Show what a run prints there.", "InfraLogs"),
              new Node("kill", "End what stands there of a run.", "InfraKill"),
              new Node("prune", "Remove what no run goes on with.", "InfraPrune")),
          new Node(
              "server",
              "A server of the records, for several machines and programs.",
              new Node("start", "Start a server.", "ServerStart"),
              new Node("status", "Show whether a server answers.", "ServerStatus"),
              new Node("prune", "Remove old flow runs.", "ServerPrune"),
              new Node("backup", "Copy the database into a file.", "ServerBackup")),
          new Node(
              "api-key",
              "The keys that a server wants of its clients.",
              new Node("create", "Create an API key.", "ApiKeyCreate"),
              new Node("ls", "List the API keys.", "ApiKeyList"),
              new Node("revoke", "End an API key at once.", "ApiKeyRevoke"),
              new Node("roll", "Create another key in place of one.", "ApiKeyRoll")),
          new Node(
              "flow-run",
              "The runs of flows.",
              new Node("ls", "List the flow runs.", "FlowRunList"),
              new Node("inspect", "Show a flow run.", "FlowRunInspect"),
              new Node("logs", "Show the log of a flow run.", "FlowRunLogs"),
              new Node("cancel", "Cancel a flow run.", "FlowRunCancel"),
              new Node("delete", "Delete a flow run.", "FlowRunDelete")),
          new Node(
              "key",
              "The key that secrets are encrypted with.",
              new Node("rotate", "Encrypt all blocks with a new key.", "KeyRotate")),
          new Node("run", "Run a flow here and now.", "RunFlow"),
          new Node(
              "work-queue",
              "Where runs wait for agents.",
              new Node("create", "Create a work queue.", "WorkQueueCreate"),
              new Node("ls", "List the work queues.", "WorkQueueList"),
              new Node("inspect", "Show a work queue.", "WorkQueueInspect"),
              new Node("pause", "Pause a work queue.", "WorkQueuePause"),
              new Node("resume", "Resume a work queue.", "WorkQueueResume"),
              new Node(
                  "set-concurrency-limit",
                  "Limit how many runs are in progress at once.",
                  "WorkQueueSetLimit"),
              new Node(
                  "clear-concurrency-limit",
                  "Remove the limit of a work queue.",
                  "WorkQueueClearLimit"),
              new Node("preview", "Show the runs that wait in a work queue.", "WorkQueuePreview"),
              new Node("delete", "Delete a work queue.", "WorkQueueDelete")),
          new Node(
              "work-pool",
              "Groups of work queues.",
              new Node("create", "Create a work pool.", "WorkPoolCreate"),
              new Node("ls", "List the work pools.", "WorkPoolList"),
              new Node("inspect", "Show a work pool.", "WorkPoolInspect"),
              new Node("pause", "Pause a work pool.", "WorkPoolPause"),
              new Node("resume", "Resume a work pool.", "WorkPoolResume"),
              new Node(
                  "set-concurrency-limit",
                  "Limit how many runs are in progress at once.",
                  "WorkPoolSetLimit"),
              new Node(
                  "clear-concurrency-limit",
                  "Remove the limit of a work pool.",
                  "WorkPoolClearLimit"),
              new Node("update", "Change a work pool.", "WorkPoolUpdateCommand"),
              new Node("preview", "Show the runs that wait in a work pool.", "WorkPoolPreview"),
              new Node("delete", "Delete a work pool.", "WorkPoolDelete")),
          new Node(
              "config",
              "The settings.",
              new Node("view", "Show the settings, and where they come from.", "ConfigView"),
              new Node("set", "Change settings of a profile.", "ConfigSet"),
              new Node("unset", "Remove settings from a profile.", "ConfigUnset")),
          new Node(
              "profile",
              "Named sets of settings.",
              new Node("ls", "List the profiles.", "ProfileList"),
              new Node("create", "Create a profile.", "ProfileCreate"),
              new Node("use", "Make a profile the active one.", "ProfileUse"),
              new Node("inspect", "Show the settings of a profile.", "ProfileInspect"),
              new Node("rename", "Rename a profile.", "ProfileRename"),
              new Node("delete", "Delete a profile.", "ProfileDelete")),
          new Node(
              "completion", "Print a script that completes commands in a shell.", "Completion"),
          new Node("quickstart", "Deploy and run an example flow.", "Quickstart"),
          new Node("version", "Show the version.", "VersionCommand"));

  /**
   * A command, or a group of commands.
   *
   * @param className the command's class, in this package, by its simple name; null for a group
   */
  private record Node(
      String name, String summary, @Nullable String className, List<Node> children) {

    Node(String name, String summary, String className) {
      this(name, summary, className, List.of());
    }

    Node(String name, String summary, Node... children) {
      this(name, summary, null, List.of(children));
    }
  }

  private CommandTree() {}

  /** Creates a command. Only the class of the one that is called is loaded. */
  private static Command create(String className) {
    try {
      return Class.forName(CommandTree.class.getPackageName() + "." + className)
          .asSubclass(Command.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the command " + className + " can't be loaded", e);
    }
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
    if (node.className != null) {
      return CommandSpec.forAnnotatedObject(create(node.className)).name(node.name);
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
