package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.LocalPaths;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The start of one process. */
final class ProcessStart {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessInfrastructure.class);

  private static final String JAVA_OPTIONS_VARIABLE = "SHEAVE_RUNTIME_JAVA_OPTIONS";
  private static final String MAIN_CLASS = "dev.sheave.runtime.FlowRunMain";
  private static final String BACKENDS_PROPERTY = "sheave.backends";

  /**
   * Options that an installation's launcher wants for flow runs too, one a line: its class data
   * archive, and where unpacked libraries lie.
   */
  private static final String OPTIONS_PROPERTY = "sheave.runtime.java-options";

  private final ProcessInfrastructure block;
  private final RunRequest request;
  private final String name;

  ProcessStart(ProcessInfrastructure block, RunRequest request) {
    this.block = block;
    this.request = request;
    this.name = Objects.requireNonNullElse(block.name(), request.name());
  }

  RunningInfrastructure start() {
    RunFolder folder = null;
    try {
      folder = RunFolder.create(request.home(), request.flowRunId());
      ProcessBuilder builder = new ProcessBuilder();
      setEnvironment(builder.environment());
      builder.command(command(builder.environment()));
      builder.directory(directory(folder).toFile());
      builder.redirectErrorStream(true);
      builder.redirectOutput(folder.output().toFile());
      LOG.info("Opening process '{}'...", name);
      Process process = builder.start();
      handOverKey(process);
      StartedProcess started = new StartedProcess(process, name, folder);
      folder.setPid(started.pid());
      Consumer<String> output = block.streamOutput() ? request.output() : line -> {};
      started.watch(output);
      folder = null; // the watcher removes it
      return started;
    } catch (IOException e) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "The process '" + name + "' could not be started: " + IoReason.of(e) + ".",
          e);
    } finally {
      if (folder != null) {
        folder.delete();
      }
    }
  }

  private void setEnvironment(Map<String, String> environment) {
    environment.remove("SHEAVE_API_KEY"); // goes over standard input
    if (request.apiUrl().startsWith("http")) {
      environment.remove("SHEAVE_ENCRYPTION_KEY"); // only the server needs it
      environment.remove("SHEAVE_NEW_ENCRYPTION_KEY");
    }
    environment.put(ProcessInfrastructure.FLOW_RUN_ID, request.flowRunId().toString());
    environment.put("SHEAVE_API_URL", request.apiUrl());
    environment.put("SHEAVE_HOME", request.home().toAbsolutePath().toString());
    block
        .env()
        .forEach(
            (variable, value) -> {
              if (value == null) {
                environment.remove(variable);
              } else {
                environment.put(variable, value);
              }
            });
  }

  private List<String> command(Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    Optional<Path> setsid = SessionCommand.find();
    if (setsid.isPresent()) {
      command.add(setsid.get().toString());
    } else {
      LOG.info(
          "'setsid' isn't on the PATH: process '{}' shares the terminal with this program, and"
              + " Ctrl-C ends both.",
          name);
    }
    List<String> own = block.command();
    command.addAll(own == null ? javaCommand(environment) : own);
    return command;
  }

  private List<String> javaCommand(Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dfile.encoding=UTF-8");
    command.add("-Dstdout.encoding=UTF-8");
    command.add("-Dstderr.encoding=UTF-8");
    String backends = System.getProperty(BACKENDS_PROPERTY);
    if (backends != null) {
      command.add("-D" + BACKENDS_PROPERTY + "=" + backends);
    }
    System.getProperty(OPTIONS_PROPERTY, "").lines().forEach(command::add);
    // people see in the process list what it runs, and so does attach where environments can't be
    // seen
    command.add("-Dsheave.flow-run=" + request.flowRunId());
    Pattern.compile("\\s+")
        .splitAsStream(environment.getOrDefault(JAVA_OPTIONS_VARIABLE, ""))
        .filter(option -> !option.isEmpty())
        .forEach(command::add);
    command.add("-cp");
    command.add(RuntimeClassPath.find(environment.get(RuntimeClassPath.RUNTIME_VARIABLE)));
    command.add(MAIN_CLASS);
    return command;
  }

  private Path directory(RunFolder folder) throws IOException {
    @Nullable String wanted = block.workingDir();
    if (wanted == null) {
      return folder.workingDirectory();
    }
    Path directory = LocalPaths.of(wanted);
    if (!Files.isDirectory(directory)) {
      throw new SheaveException(
          Code.INVALID,
          "The working directory '"
              + wanted
              + "' doesn't exist; create it, or change 'working_dir'.");
    }
    return directory;
  }

  private void handOverKey(Process process) throws IOException {
    try (OutputStream in = process.getOutputStream()) {
      String key = request.apiKey() == null ? "" : request.apiKey().reveal();
      in.write((key + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // a command of the user's own need not read it, and may have ended already
      LOG.debug("Process '{}' doesn't read its standard input: {}", name, e.getMessage());
    }
  }
}
