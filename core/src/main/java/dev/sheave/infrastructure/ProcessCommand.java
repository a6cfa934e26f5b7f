package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.InfrastructureBlock.PreparedRun;
import dev.sheave.infrastructure.internal.RunOutputStream;
import dev.sheave.internal.Installation;
import dev.sheave.internal.LocalPaths;
import dev.sheave.internal.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a process is started with: its environment, its command and its directory. */
final class ProcessCommand {
  private static final String JAVA_OPTIONS_VARIABLE = "SHEAVE_RUNTIME_JAVA_OPTIONS";
  private static final String MAIN_CLASS = "dev.sheave.runtime.FlowRunMain";

  /**
   * Options that an installation's launcher wants for flow runs too, one a line: its class data
   * archive, and where unpacked libraries lie.
   */
  private static final String OPTIONS_PROPERTY = "sheave.runtime.java-options";

  private final ProcessInfrastructure block;
  private final RunRequest request;
  private final PreparedRun prepared;

  ProcessCommand(ProcessInfrastructure block, RunRequest request, PreparedRun prepared) {
    this.block = block;
    this.request = request;
    this.prepared = prepared;
  }

  /** Changes the environment of this process into that of the run's. */
  void setEnvironment(Map<String, String> environment) {
    environment.remove(Settings.API_KEY); // goes over standard input
    environment.remove(Settings.API_KEY_FILE);
    environment.remove(Settings.PREFECT_API_KEY);
    if (!request.api().opensStore()
        || !Settings.encryptionKey(environment).equals(request.api().encryptionKey())) {
      environment.remove("SHEAVE_ENCRYPTION_KEY");
      environment.remove("SHEAVE_NEW_ENCRYPTION_KEY");
    }
    environment.remove(Settings.PROFILE);
    environment.put("SHEAVE_HOME", request.home().toAbsolutePath().toString());
    prepared
        .environment()
        .forEach(
            (variable, value) -> {
              if (value == null) {
                environment.remove(variable);
              } else {
                environment.put(variable, value);
              }
            });
  }

  /**
   * Returns the command, in its environment.
   *
   * @param output the file to which a flow's process may append what it prints
   */
  List<String> words(Map<String, String> environment, Optional<Path> output) {
    return prepared.command().orElseGet(() -> javaCommand(environment, output));
  }

  private List<String> javaCommand(Map<String, String> environment, Optional<Path> output) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dfile.encoding=UTF-8");
    command.add("-Dstdout.encoding=UTF-8");
    command.add("-Dstderr.encoding=UTF-8");
    RuntimeClassPath.backends(environment.get(RuntimeClassPath.RUNTIME_VARIABLE))
        .ifPresent(backends -> command.add("-D" + Installation.BACKENDS_PROPERTY + "=" + backends));
    List<String> own = new ArrayList<>();
    Pattern.compile("\\s+")
        .splitAsStream(environment.getOrDefault(JAVA_OPTIONS_VARIABLE, ""))
        .filter(option -> !option.isEmpty())
        .forEach(own::add);
    own.addAll(Objects.requireNonNullElse(block.jvmOptions(), List.of()));
    // an installation starts without the recorder, unless somebody wants to record
    boolean isRecorded = own.stream().anyMatch(option -> option.contains("FlightRecord"));
    System.getProperty(OPTIONS_PROPERTY, "")
        .lines()
        .filter(option -> !isRecorded || !option.equals("-XX:-FlightRecorder"))
        .forEach(command::add);
    // people see in the process list what it runs, and so does attach where environments can't be
    // seen
    command.add("-Dsheave.flow-run=" + request.flowRunId());
    output.ifPresent(file -> command.add("-D" + RunOutputStream.FILE_PROPERTY + "=" + file));
    command.addAll(own);
    command.add("-cp");
    command.add(
        RuntimeClassPath.find(environment.get(RuntimeClassPath.RUNTIME_VARIABLE), request.home()));
    command.add(MAIN_CLASS);
    return command;
  }

  /** Returns the working directory that the block names; empty if it names none. */
  Optional<Path> directory() {
    return checkDirectory(block.workingDir());
  }

  /** Checks a working directory. */
  static Optional<Path> checkDirectory(@Nullable String wanted) {
    if (wanted == null) {
      return Optional.empty();
    }
    Path directory = LocalPaths.of(wanted);
    if (!Files.isDirectory(directory)) {
      throw new SheaveException(
          Code.INVALID,
          "The working directory '"
              + wanted
              + "' doesn't exist; create it, or change 'working_dir'.");
    }
    return Optional.of(directory);
  }
}
