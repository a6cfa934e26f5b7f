package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.testkit.RequiredService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flow whose code is in a Git repository: deployed from a checkout, run where there is none. */
@Tag("distribution")
class GitDeploymentTest {
  private static final Path DISTRIBUTION = Path.of(System.getProperty("sheave.distribution", ""));

  @TempDir Path folder;

  @Test
  void anAgentRunsWhatIsInTheRepository() throws Exception {
    String url = RequiredService.variable("git", "GIT_URL");
    String token = RequiredService.variable("git", "GIT_TOKEN");
    String certificate = RequiredService.variable("git", "GIT_CA_FILE");
    String name = "org/" + UUID.randomUUID() + ".git";
    Path checkout = Files.createDirectories(folder.resolve("checkout"));
    Path code = Files.createDirectories(checkout.resolve("flows/log"));
    Files.writeString(
        code.resolve("LogFlow.java"),
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import dev.sheave.flow.Param;

        public final class LogFlow {
          @Flow(name = "log-flow")
          public static String logFlow(@Param("name") String name) {
            FlowRunContext.current().logger().info("Hello {}!", name);
            return "Hello " + name;
          }
        }
        """);
    run(checkout, "git", "init", "-q", "-b", "main");
    run(checkout, "git", "add", ".");
    run(
        checkout,
        "git",
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.com",
        "commit",
        "-qm",
        "A");
    Path bare = Path.of(RequiredService.variable("git", "GIT_REPOSITORIES")).resolve(name);
    run(checkout, "git", "clone", "-q", "--bare", ".", bare.toString());

    sheave(
        code,
        "block",
        "create",
        "github",
        "code",
        "--set",
        "repository=" + url + "/" + name,
        "--set",
        "access_token=@env:GIT_TOKEN",
        "--set",
        "ca_certificate=@file:" + certificate);
    String warning =
        sheave(
            code,
            "deployment",
            "build",
            "./LogFlow.java:logFlow",
            "-n",
            "git",
            "-sb",
            "github/code");
    assertThat(warning).contains("lacks the 'put-directory' capability", "--skip-upload");
    String built =
        sheave(
            code,
            "deployment",
            "build",
            "./LogFlow.java:logFlow",
            "-n",
            "git",
            "-q",
            "test",
            "-sb",
            "github/code/flows/log",
            "--skip-upload",
            "--apply",
            "-o",
            "git-deployment.yaml");
    assertThat(built).doesNotContain("capability").contains("log-flow/git");
    sheave(code, "deployment", "run", "log-flow/git", "--param", "name=Marvin");

    Path empty = Files.createDirectories(folder.resolve("empty"));
    String agent = sheave(empty, "agent", "start", "-q", "test", "--run-once");
    assertThat(agent).contains("Hello Marvin!");
    assertThat(sheave(empty, "flow-run", "ls")).contains("Completed");
    assertThat(empty).isEmptyDirectory();
    assertThat(warning + built + agent).doesNotContain(token);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(token);
      }
    }
  }

  private String sheave(Path directory, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(DISTRIBUTION.resolve("bin/sheave").toString());
    command.addAll(List.of(words));
    return run(directory, command.toArray(new String[0]));
  }

  /** Returns what the command says; it must succeed. */
  private String run(Path directory, String... command) throws IOException, InterruptedException {
    Map<String, String> environment = new LinkedHashMap<>(System.getenv());
    environment.keySet().removeIf(key -> key.startsWith("SHEAVE_"));
    environment.put("SHEAVE_HOME", folder.resolve("home").toString());
    environment.put("SHEAVE_CDS", "off");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    Path output = Files.createTempFile(folder, "said", null);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
