package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.api.LogLevel;
import dev.sheave.block.Block;
import dev.sheave.block.internal.Problems;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Settings;
import dev.sheave.internal.Version;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A base for infrastructure blocks: the fields that all have, and what follows from them for a run.
 */
public abstract class InfrastructureBlock extends Block implements Infrastructure {
  /** The environment variable that tells a run's program which run it is for. */
  public static final String FLOW_RUN_ID = "SHEAVE__FLOW_RUN_ID";

  /** The folder in which an image has the code of its flows. */
  public static final String CODE_IN_IMAGES = "/opt/sheave/flows";

  /** A run's program is told of its run by these, so that nothing may stand in their place. */
  private static final Set<String> RUN_IDS = Set.of(FLOW_RUN_ID, PythonProgram.FLOW_RUN_ID);

  private static final List<String> IMAGE_COMMAND = List.of("sheave-flow-run");

  private final Map<String, @Nullable String> env;
  private final Map<String, String> labels;
  private final @Nullable String name;
  private final @Nullable List<String> command;

  /**
   * Creates a block.
   *
   * @param env environment variables to set; null unsets one that is there otherwise
   * @param labels labels of what is started
   * @param name the name of what is started; null for the run's name
   * @param command the command to run; null for Sheave's own
   * @throws SheaveException {@code INVALID} if the command is empty, the log level is unknown, or a
   *     variable has no valid name or is one by which a program knows its run
   */
  protected InfrastructureBlock(
      Map<String, @Nullable String> env,
      Map<String, String> labels,
      @Nullable String name,
      @Nullable List<String> command) {
    Problems problems = new Problems();
    if (command != null && command.isEmpty()) {
      problems.add(
          "command", "A run cannot be started with an empty command; leave 'command' out.");
    }
    problems.check(
        "env." + Settings.LOGGING_LEVEL, () -> checkLoggingLevel(env.get(Settings.LOGGING_LEVEL)));
    env.keySet().forEach(variable -> checkVariable(variable, problems));
    problems.throwIfAny();
    this.env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    this.labels = Map.copyOf(labels);
    this.name = name;
    this.command = command == null ? null : List.copyOf(command);
  }

  /** The image for runs of Java flows, unless another is set: Sheave's own of this version. */
  public static String defaultImage() {
    return "sheave/sheave:" + Version.current();
  }

  /** The command that executes a run of a Java flow in an image, unless another is set. */
  public static List<String> imageCommand() {
    return IMAGE_COMMAND;
  }

  /** Checks the level that a run is to log from; null for the agent's. */
  static void checkLoggingLevel(@Nullable Object level) {
    if (level != null) {
      LogLevel.check(Settings.LOGGING_LEVEL, level.toString());
    }
  }

  private static void checkVariable(String variable, Problems problems) {
    if (variable.isEmpty() || variable.indexOf('=') >= 0 || variable.indexOf('\0') >= 0) {
      problems.add(
          "env",
          "'env' can't have a variable with the name '"
              + variable
              + "': a name has at least one character, and no '='.");
    }
    if (RUN_IDS.contains(variable)) {
      problems.add(
          "env." + variable,
          "'env' can't set '" + variable + "', by which a program knows its run; leave it out.");
    }
  }

  /** Environment variables to set; null unsets one. */
  public Map<String, @Nullable String> env() {
    return env;
  }

  /** Labels of what is started. */
  public Map<String, String> labels() {
    return labels;
  }

  /** The name of what is started; null for the run's name. */
  public @Nullable String name() {
    return name;
  }

  /** The command; null for Sheave's own. */
  public @Nullable List<String> command() {
    return command;
  }

  /**
   * What this block says of a run.
   *
   * @param name the name of what is started
   * @param labels its labels
   * @param environment the environment variables to set; null unsets one. No keys.
   * @param command the command; empty for Sheave's own, which executes flows of Java
   */
  protected record PreparedRun(
      String name,
      Map<String, String> labels,
      Map<String, @Nullable String> environment,
      Optional<List<String>> command) {}

  /**
   * Returns what this block says of a run: the request's values, with the block's over them. The
   * labels that the run is found by are the request's.
   */
  protected final PreparedRun prepare(RunRequest request) {
    Map<String, @Nullable String> environment = new LinkedHashMap<>(request.settings());
    environment.put(FLOW_RUN_ID, request.flowRunId().toString());
    environment.put(RunVariables.API_URL, request.api().url());
    if (request.isPython()) {
      environment.putAll(PythonProgram.environment(request));
    }
    environment.putAll(env);
    Map<String, String> marks = new LinkedHashMap<>(request.labels());
    labels.forEach(
        (label, value) -> {
          if (!RunRequest.IDENTITY.contains(label)) {
            marks.put(label, value);
          }
        });
    return new PreparedRun(
        Objects.requireNonNullElse(name, request.name()),
        Collections.unmodifiableMap(marks),
        Collections.unmodifiableMap(environment),
        request.isPython()
            ? Optional.of(PythonProgram.command(command))
            : Optional.ofNullable(command));
  }

  /**
   * The base class of builders of infrastructure blocks, with the fields that all have. Not safe
   * for use by several threads.
   *
   * @param <B> the block type
   * @param <S> the builder itself
   */
  public abstract static class Builder<B extends InfrastructureBlock, S extends Builder<B, S>>
      extends Block.Builder<B> {
    private Map<String, @Nullable String> env = Map.of();
    private Map<String, String> labels = Map.of();
    private @Nullable String name;
    private @Nullable List<String> command;

    /**
     * Starts a builder.
     *
     * @param original the block whose values it starts with, or null
     */
    protected Builder(@Nullable B original) {
      super(original);
      if (original != null) {
        env = original.env();
        labels = original.labels();
        name = original.name();
        command = original.command();
      }
    }

    /** Returns this builder. */
    protected abstract S self();

    /** Environment variables to set; null unsets one that is there otherwise. None by default. */
    public S env(Map<String, @Nullable String> variables) {
      this.env = Arguments.notNull(variables, "env");
      return self();
    }

    /** Labels of what is started. None by default. */
    public S labels(Map<String, String> marks) {
      this.labels = Arguments.notNull(marks, "labels");
      return self();
    }

    /** The name of what is started; the run's name by default. */
    public S name(@Nullable String text) {
      this.name = text;
      return self();
    }

    /** The command; Sheave's own by default. */
    public S command(@Nullable List<String> words) {
      this.command = words;
      return self();
    }

    /** The environment variables that were set. */
    protected final Map<String, @Nullable String> env() {
      return env;
    }

    /** The labels that were set. */
    protected final Map<String, String> labels() {
      return labels;
    }

    /** The name that was set. */
    protected final @Nullable String name() {
      return name;
    }

    /** The command that was set. */
    protected final @Nullable List<String> command() {
      return command;
    }
  }
}
