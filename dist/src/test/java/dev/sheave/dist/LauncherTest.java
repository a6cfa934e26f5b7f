package dev.sheave.dist;

import static dev.sheave.dist.Installed.DISTRIBUTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.dist.Installed.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as it is installed, started as its users do. */
@Tag("distribution")
class LauncherTest {
  @TempDir Path folder;
  Path home;
  Installed installed;
  Map<String, String> environment;

  @BeforeEach
  void anEmptyHome() {
    home = folder.resolve("home");
    installed = new Installed(folder);
    environment = installed.environment();
  }

  private Result sheave(Path installation, String... words) throws Exception {
    return installed.sheave(installation, words);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      all.forEach(
          file -> {
            try {
              Files.copy(
                  file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  @Test
  void itSaysItsVersionAndOpensNoStore() throws Exception {
    Result result = sheave(DISTRIBUTION, "version");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("Version:").contains("Home:         " + home);
    assertThat(home).doesNotExist();
  }

  @Test
  void theQuickstartRunsTwice() throws Exception {
    for (int time = 1; time <= 2; time++) {
      Result result = sheave(DISTRIBUTION, "quickstart");
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).contains("Hello Marvin!").endsWith("ended as Completed.\n");
      assertThat(result.code()).isZero();
    }
  }

  @Test
  void everyPathMayHaveSpaces() throws Exception {
    Path installation = Files.createDirectories(folder.resolve("the program")).resolve("sheave 1");
    copy(DISTRIBUTION, installation);
    environment.put("SHEAVE_HOME", folder.resolve("my home").toString());
    environment.remove("SHEAVE_CDS");
    Result first = sheave(installation, "quickstart");
    assertThat(first.err()).isEmpty();
    assertThat(first.out()).endsWith("ended as Completed.\n");

    // meanwhile the class data archive was made; with it all goes the same way
    Path archives = folder.resolve("my home/cache/cds");
    awaitArchives(archives);
    Result second = sheave(installation, "quickstart");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).endsWith("ended as Completed.\n");
    environment.put("SHEAVE_JAVA_OPTIONS", "-Xshare:on"); // refuses to start without the archive
    assertThat(sheave(installation, "version").out()).startsWith("Version:");
  }

  /** Whatever its name; it has the key of all secrets. */
  @Test
  void theHomeIsNeverUploadedNorRead() throws Exception {
    Path code = Files.createDirectories(folder.resolve("code"));
    environment.put("SHEAVE_HOME", code.resolve("state").toString());
    Files.writeString(
        code.resolve("Greet.java"),
        "public class Greet { @dev.sheave.flow.Flow public static void greet() {} }");
    Path storage = folder.resolve("storage");
    sheave(
        DISTRIBUTION, "block", "create", "local-file-system", "s", "--set", "basepath=" + storage);
    assertThat(code.resolve("state/encryption.key")).exists();

    Result built =
        sheave(
            DISTRIBUTION,
            "deployment",
            "build",
            code.resolve("Greet.java") + ":greet",
            "--name=up",
            "-sb=local-file-system/s",
            "--apply");

    assertThat(built.code()).as(built.err()).isZero();
    try (Stream<Path> uploaded = Files.walk(storage)) {
      assertThat(uploaded.map(file -> file.getFileName().toString()))
          .contains("Greet.java")
          .doesNotContain("encryption.key", "sheave.db");
    }
    assertThat(sheave(DISTRIBUTION, "deployment", "run", "greet/up").code()).isZero();
    assertThat(sheave(DISTRIBUTION, "agent", "start", "-q", "default", "--run-once").out())
        .contains("Completed");
    Files.copy(code.resolve("Greet.java"), code.resolve("state/Greet.java"));
    assertThat(
            sheave(
                    DISTRIBUTION,
                    "deployment",
                    "build",
                    code.resolve("state/Greet.java") + ":greet",
                    "--name=up",
                    "-sb=local-file-system/s")
                .err())
        .contains("'code/state/Greet.java' is in a folder of Sheave's own, which isn't uploaded");
  }

  @Test
  void commandsAndRunsCanBeRecorded() throws Exception {
    environment.put("SHEAVE_JAVA_OPTIONS", "-XX:StartFlightRecording:filename=%p-command.jfr");
    environment.put(
        "SHEAVE_RUNTIME_JAVA_OPTIONS",
        "-XX:StartFlightRecording:filename=" + folder.resolve("run.jfr"));

    Result recorded = sheave(DISTRIBUTION, "quickstart");

    assertThat(recorded.out()).endsWith("ended as Completed.\n");
    assertThat(folder.resolve("run.jfr")).exists();
  }

  @Test
  void whatServesHasAnArchiveOnTopOfThatOfAllCommands() throws Exception {
    environment.remove("SHEAVE_CDS");
    sheave(DISTRIBUTION, "server", "status");
    awaitArchives(home.resolve("cache/cds"));

    environment.put("SHEAVE_JAVA_OPTIONS", "-Xlog:class+load");
    assertThat(sheave(DISTRIBUTION, "server", "start", "--port", "-1").out())
        .contains("dev.sheave.server.SheaveServer source: shared objects file (top)")
        .contains("dev.sheave.cli.SheaveCommand source: shared objects file\n");
  }

  /** An archive of nothing else takes less of the memory of a program that runs for long. */
  @Test
  void anAgentHasAnArchiveOfItsOwnClasses() throws Exception {
    environment.remove("SHEAVE_CDS");
    sheave(DISTRIBUTION, "agent", "ls");
    Path archives = home.resolve("cache/cds");
    awaitArchives(archives);

    environment.put("SHEAVE_JAVA_OPTIONS", "-Xlog:class+load");
    environment.put("SHEAVE_API_URL", "jdbc:postgresql://127.0.0.1:1/nowhere");
    assertThat(sheave(DISTRIBUTION, "agent", "ls").out())
        .contains("dev.sheave.cli.SheaveCommand source: shared objects file\n")
        .contains("org.postgresql.Driver source: shared objects file\n");
  }

  private static void awaitArchives(Path folder) {
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> files(folder).stream().anyMatch(name -> name.endsWith(".jsa")));
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> files(folder).stream().noneMatch(name -> name.contains(".jsa.")));
  }

  @Test
  void theHomeIsItsOwnersAloneWhateverTheUmask() throws Exception {
    environment.remove("SHEAVE_CDS");
    ProcessBuilder builder = installed.builder(DISTRIBUTION, "version");
    List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 000; exec \"$@\"", "sh"));
    command.addAll(builder.command());
    assertThat(builder.command(command).redirectOutput(Redirect.DISCARD).start().waitFor())
        .isZero();

    Path archives = home.resolve("cache/cds");
    awaitArchives(archives);
    for (Path each : List.of(home, home.resolve("cache"), archives)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .isEqualTo("rwx------");
    }
    try (Stream<Path> all = Files.walk(archives)) {
      for (Path each : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .endsWith("------");
      }
    }
    assertThat(sheave(DISTRIBUTION, "version").err()).isEmpty();

    Path library;
    try (Stream<Path> all = Files.walk(archives)) {
      library = all.filter(each -> each.toString().contains(".native/")).findAny().orElseThrow();
    }
    Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rwxrwxrwx"));
    Result result = sheave(DISTRIBUTION, "version");
    assertThat(result.err())
        .startsWith("sheave: '" + library + "' can be written by other users")
        .hasLineCount(1);
    assertThat(result.out()).startsWith("Version:");
  }

  @Test
  void nothingIsLoadedFromAHomeThatOthersMayWriteTo() throws Exception {
    environment.remove("SHEAVE_CDS");
    Path archives = Files.createDirectories(home.resolve("cache/cds"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));

    Result result = sheave(DISTRIBUTION, "version");

    assertThat(result.err())
        .startsWith("sheave: '" + home + "' can be written by other users")
        .contains("chmod -R go-w " + home)
        .hasLineCount(1);
    assertThat(result.out()).startsWith("Version:");
    assertThat(archives).isEmptyDirectory();
  }

  private static List<String> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void itIsFoundThroughLinks() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("usr/bin"));
    Files.createSymbolicLink(bin.resolve("real"), DISTRIBUTION.toAbsolutePath());
    Files.createSymbolicLink(bin.resolve("sheave"), Path.of("real/bin/sheave"));
    Path installation = Files.createDirectories(folder.resolve("usr/prefix"));
    Files.createSymbolicLink(installation.resolve("bin"), bin);
    assertThat(sheave(installation, "version").out()).startsWith("Version:");
  }

  @Test
  void aHomeThatCannotBeWrittenIsNoReasonToFailForWhatNeedsNone() throws Exception {
    environment.remove("SHEAVE_CDS");
    Files.writeString(home, "a file, where a folder can't be made");
    Result version = sheave(DISTRIBUTION, "version");
    assertThat(version.err()).isEmpty();
    assertThat(version.code()).isZero();
    Result list = sheave(DISTRIBUTION, "block", "ls");
    assertThat(list.code()).isEqualTo(1);
    assertThat(list.err().lines()).hasSize(1);
    assertThat(list.err()).contains(home.toString());
  }

  @Test
  void aMissingJavaIsSaidInASentence() throws Exception {
    environment.put("JAVA_HOME", folder.resolve("nothing").toString());
    Result wrong = sheave(DISTRIBUTION, "version");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err())
        .isEqualTo(
            "sheave: JAVA_HOME is '"
                + folder.resolve("nothing")
                + "', which contains no Java; install a JDK, 17 or newer, and put it on the PATH or"
                + " set JAVA_HOME\n");

    environment.remove("JAVA_HOME");
    environment.put("PATH", folder.toString());
    Result none = sheave(DISTRIBUTION, "version");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).startsWith("sheave: Java wasn't found; install a JDK, 17 or newer");
  }

  @Test
  void anOldJavaIsSaidInASentence() throws Exception {
    Path old = folder.resolve("old");
    Path java = Files.createDirectories(old.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n");
    assumeThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
    environment.put("JAVA_HOME", old.toString());
    assertThat(sheave(DISTRIBUTION, "version").err())
        .startsWith("sheave: Java 17 or newer is required, but '" + java + "' is version 11.0.2; ");
  }

  @Test
  void anAgentThatIsToldToEndLeavesInOrder() throws Exception {
    Path out = folder.resolve("agent.out");
    ProcessBuilder builder =
        installed
            .builder(DISTRIBUTION, "agent", "start", "-q", "nothing")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    Process agent = builder.start();
    try {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> Files.readString(out).contains("Agent started!"));
      agent.destroy(); // SIGTERM, which is what Ctrl-C is here
      assertThat(agent.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      agent.destroyForcibly();
    }
    assertThat(agent.exitValue()).isZero();
    assertThat(Files.readString(out))
        .contains("Stopping when the runs in progress have ended.")
        .endsWith("Agent stopped!\n");
  }

  @Test
  void aCommandReadsWhatIsPipedIntoIt() throws Exception {
    Process process =
        installed
            .builder(DISTRIBUTION, "block", "create", "string", "motto", "--from", "-")
            .redirectOutput(Redirect.DISCARD)
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try (Writer in = process.outputWriter()) {
      in.write("value: Do not panic\n");
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(folder.resolve("errors")).isEmptyFile();
    assertThat(sheave(DISTRIBUTION, "block", "inspect", "string/motto").out())
        .contains("Do not panic");
  }

  @Test
  void wrongUsageHasItsExitCode() throws Exception {
    assertThat(sheave(DISTRIBUTION, "blok").code()).isEqualTo(2);
  }
}
