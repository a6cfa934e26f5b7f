package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.BlockDiscovery;
import dev.sheave.block.Secret;
import dev.sheave.internal.HostName;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.Settings;
import java.io.File;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The start of one process. */
final class ProcessStart {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessInfrastructure.class);

  private static final String JAVA_OPTIONS_VARIABLE = "SHEAVE_RUNTIME_JAVA_OPTIONS";
  private static final String MAIN_CLASS = "dev.sheave.runtime.FlowRunMain";

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
    Optional<RunCgroup> cgroup = Optional.empty();
    try {
      folder = RunFolder.create(request.home(), request.flowRunId());
      ProcessBuilder builder = new ProcessBuilder();
      setEnvironment(builder.environment());
      List<String> command = command(builder.environment());
      builder.directory(directory(folder).toFile());
      builder.redirectErrorStream(true);
      cgroup = RunCgroup.create(request.flowRunId());
      List<String> before = StartScript.before(builder.environment(), folder, cgroup);
      builder.command(Stream.concat(before.stream(), command.stream()).toList());
      LOG.info("Opening process '{}'...", name);
      List<Process> processes = start(builder, folder);
      Process process = processes.get(0);
      if (before.isEmpty()) {
        note(process, folder, cgroup);
      }
      handOverKeys(process);
      StartedProcess started =
          new StartedProcess(
              request.flowRunId(),
              process,
              processes.size() > 1 ? processes.get(1) : null,
              name,
              folder,
              cgroup);
      Consumer<String> output = block.streamOutput() ? request.output() : line -> {};
      started.watch(output);
      folder = null; // the watcher removes it
      return started;
    } catch (IOException e) {
      throw new SheaveException(
          IoReason.isTemporary(e) ? Code.UNAVAILABLE : Code.INTERNAL,
          "The process '" + name + "' could not be started: " + IoReason.of(e) + ".",
          e);
    } finally {
      if (folder != null) {
        folder.delete();
        cgroup.ifPresent(RunCgroup::removeIfEmpty);
      }
    }
  }

  private static List<Process> start(ProcessBuilder builder, RunFolder folder) throws IOException {
    Optional<ProcessBuilder> writer = OutputFile.writer(folder.output());
    if (writer.isPresent()) {
      return ProcessBuilder.startPipeline(List.of(builder, writer.get()));
    }
    builder.redirectOutput(folder.output().toFile());
    return List.of(builder.start());
  }

  /** Does what {@link StartScript} does, where that isn't there; the process runs either way. */
  private void note(Process process, RunFolder folder, Optional<RunCgroup> cgroup) {
    try {
      Files.writeString(folder.pidFile(), HostName.get() + ":" + process.pid());
      if (cgroup.isPresent()) {
        cgroup.get().add(process.pid());
      }
    } catch (IOException e) {
      LOG.warn("Which process '{}' is could not be noted: {}", name, IoReason.of(e));
    }
  }

  private void setEnvironment(Map<String, String> environment) {
    environment.remove("SHEAVE_API_KEY"); // goes over standard input
    if (isStoreElsewhere()
        || !Settings.encryptionKey(environment)
            .equals(Optional.ofNullable(request.encryptionKey()))) {
      environment.remove("SHEAVE_ENCRYPTION_KEY");
      environment.remove("SHEAVE_NEW_ENCRYPTION_KEY");
    }
    environment.remove(Settings.PROFILE);
    environment.putAll(request.settings());
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

  /** Then only the server there needs the encryption key. */
  private boolean isStoreElsewhere() {
    return request.apiUrl().startsWith("http");
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
    RuntimeClassPath.backends(environment.get(RuntimeClassPath.RUNTIME_VARIABLE))
        .ifPresent(
            backends -> command.add("-D" + BlockDiscovery.BACKENDS_PROPERTY + "=" + backends));
    System.getProperty(OPTIONS_PROPERTY, "").lines().forEach(command::add);
    // people see in the process list what it runs, and so does attach where environments can't be
    // seen
    command.add("-Dsheave.flow-run=" + request.flowRunId());
    Pattern.compile("\\s+")
        .splitAsStream(environment.getOrDefault(JAVA_OPTIONS_VARIABLE, ""))
        .filter(option -> !option.isEmpty())
        .forEach(command::add);
    command.add("-cp");
    command.add(
        RuntimeClassPath.find(environment.get(RuntimeClassPath.RUNTIME_VARIABLE), request.home()));
    command.add(MAIN_CLASS);
    return command;
  }

  private Path directory(RunFolder folder) throws IOException {
    @Nullable String wanted = block.workingDir();
    if (wanted == null) {
      return folder.workingDirectory();
    }
    Path directory =
        Path.of(
            wanted.startsWith("~" + File.separator)
                ? Settings.userHome(System.getenv()) + wanted.substring(1)
                : wanted);
    if (!Files.isDirectory(directory)) {
      throw new SheaveException(
          Code.INVALID,
          "The working directory '"
              + wanted
              + "' doesn't exist; create it, or change 'working_dir'.");
    }
    return directory;
  }

  private void handOverKeys(Process process) throws IOException {
    Secret encryptionKey = isStoreElsewhere() ? null : request.encryptionKey();
    String lines = line(request.apiKey()) + line(encryptionKey);
    try (OutputStream in = process.getOutputStream()) {
      in.write(lines.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // a command of the user's own need not read it, and may have ended already
      LOG.debug("Process '{}' doesn't read its standard input: {}", name, e.getMessage());
    }
  }

  private static String line(@Nullable Secret key) {
    return key == null ? "\n" : key.reveal().replaceAll("\\s+", " ").strip() + "\n";
  }
}
