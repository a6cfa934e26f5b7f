package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.infrastructure.InfrastructureBlock.PreparedRun;
import dev.sheave.infrastructure.RunFolder.Noted;
import dev.sheave.internal.HostName;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.OneLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The start of one process. */
final class ProcessStart {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessInfrastructure.class);

  /** How long a process gets to note which it is; longer only if the disk is full. */
  private static final Duration NOTE_TIME = Duration.ofSeconds(10);

  private final ProcessInfrastructure block;
  private final RunRequest request;
  private final PreparedRun prepared;
  private final String name;
  private final RunFolder folder;

  ProcessStart(ProcessInfrastructure block, RunRequest request, PreparedRun prepared) {
    this.block = block;
    this.request = request;
    this.prepared = prepared;
    this.name = OneLine.of(prepared.name());
    this.folder = RunFolder.of(request);
  }

  RunningInfrastructure start() {
    boolean isUnused = false;
    Optional<RunCgroup> cgroup = Optional.empty();
    try {
      isUnused = folder.create();
      if (!isUnused && folder.noted().isPresent()) {
        LOG.info("The process '{}' was started already.", name);
        return attach();
      }
      folder.noteStore(request.labels().get(RunRequest.STORE_ID_LABEL));
      ProcessBuilder builder = new ProcessBuilder();
      ProcessCommand command = new ProcessCommand(block, request, prepared);
      command.setEnvironment(builder.environment());
      String launch = UUID.randomUUID().toString().substring(0, 8);
      Optional<ProcessBuilder> writer =
          OutputFile.writer(folder.output(), folder.outputEnd(launch));
      List<String> words =
          command.words(builder.environment(), writer.map(process -> folder.output()));
      Optional<Path> directory = command.directory();
      builder.directory(
          (directory.isPresent() ? directory.get() : folder.workingDirectory()).toFile());
      builder.redirectErrorStream(true);
      cgroup = RunCgroup.create(request.flowRunId(), request.attempt());
      boolean notesItself = StartScript.isPossible(builder.environment());
      builder.command(
          notesItself ? StartScript.around(words, folder, launch, cgroup) : inSession(words));
      LOG.info("Opening process '{}'...", name);
      if (SessionCommand.find().isEmpty()) {
        LOG.info(
            "'setsid' isn't on the PATH: process '{}' shares the terminal with this program, and"
                + " Ctrl-C ends both.",
            name);
      }
      Process child = start(builder, writer);
      isUnused = false;
      handOverKeys(child);
      return notesItself ? awaitNote(child, launch) : note(child, launch, cgroup);
    } catch (IOException e) {
      throw new SheaveException(
          IoReason.isTemporary(e) ? Code.UNAVAILABLE : Code.INTERNAL,
          "The process '" + name + "' could not be started: " + IoReason.of(e) + ".",
          e);
    } finally {
      if (isUnused) {
        folder.delete();
        cgroup.ifPresent(RunCgroup::removeIfEmpty);
      }
    }
  }

  private RunningInfrastructure attach() {
    return new ProcessSearch(block, request, name).attach(null, null);
  }

  private static List<String> inSession(List<String> words) {
    List<String> all = new ArrayList<>(SessionCommand.prefix());
    all.addAll(words);
    return all;
  }

  private Process start(ProcessBuilder builder, Optional<ProcessBuilder> writer)
      throws IOException {
    if (writer.isPresent()) {
      return ProcessBuilder.startPipeline(List.of(builder, writer.get())).get(0);
    }
    builder.redirectOutput(folder.output().toFile());
    return builder.start();
  }

  /** Returns when it is known which process executes the run. */
  private RunningInfrastructure awaitNote(Process child, String launch) {
    long deadline = System.nanoTime() + NOTE_TIME.toNanos();
    Optional<Noted> noted = folder.noted();
    try {
      while (noted.isEmpty() && System.nanoTime() < deadline) {
        boolean hasEnded = child.waitFor(1, TimeUnit.MILLISECONDS);
        noted = folder.noted();
        if (hasEnded) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "The start of process '" + name + "' was interrupted.", e);
    }
    if (noted.isPresent() && !noted.get().launch().equals(launch)) {
      return attach(); // another program was faster
    }
    ProcessHandle process =
        noted
            .flatMap(each -> ProcessHandle.of(ProcessSearch.numberOf(each.pid())))
            .or(() -> child.toHandle().children().findFirst())
            .orElse(child.toHandle());
    String pid = noted.map(Noted::pid).orElseGet(() -> pidOf(process));
    return follow(child, pid, process, launch);
  }

  /** Does what {@link StartScript} does, where that isn't there; the process runs either way. */
  private RunningInfrastructure note(Process child, String launch, Optional<RunCgroup> cgroup) {
    String pid = pidOf(child.toHandle());
    try {
      Files.writeString(folder.pidFile(), pid + "\n" + launch + "\n");
      if (cgroup.isPresent()) {
        cgroup.get().add(child.pid());
      }
    } catch (IOException e) {
      LOG.warn("Which process '{}' is could not be noted: {}", name, IoReason.of(e));
    }
    return follow(child, pid, child.toHandle(), launch);
  }

  private static String pidOf(ProcessHandle process) {
    return HostName.get() + ":" + process.pid();
  }

  private RunningInfrastructure follow(
      Process child, String pid, ProcessHandle process, String launch) {
    FollowedProcess followed =
        new FollowedProcess(
            block,
            request,
            name,
            new FollowedProcess.Identity(pid, Optional.of(process), Optional.of(child)),
            Optional.of(folder),
            launch);
    followed.follow(0);
    return followed;
  }

  private void handOverKeys(Process process) {
    String lines = line(request.api().key()) + line(request.api().encryptionKey());
    try (OutputStream in = process.getOutputStream()) {
      in.write(lines.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // a command of the user's own need not read it, and may have ended already
      LOG.debug("Process '{}' doesn't read its standard input: {}", name, e.getMessage());
    }
  }

  private static String line(Optional<Secret> key) {
    return key.map(secret -> secret.reveal().replaceAll("\\s+", " ").strip()).orElse("") + "\n";
  }
}
