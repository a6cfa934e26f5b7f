package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.dist.Installed.Result;
import dev.sheave.testkit.RequiredService;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs as jobs of a cluster, in the image that {@code bin/image} makes of the distribution. */
@Tag("distribution")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KubernetesTest {
  private static final Pattern RUN = Pattern.compile("UUID: (\\S+)");

  /** A pod reaches the storage, which listens at the loopback device of its node. */
  private static final String ON_HOST =
      "customizations={\"spec\":{\"template\":{\"spec\":{\"hostNetwork\":true}}}}";

  @TempDir Path folder;
  private Installed installed;

  @BeforeAll
  static void buildImage() throws Exception {
    RequiredService.variable("kubernetes", "KUBECONFIG");
    RequiredService.variable("docker", "DOCKER_HOST");
    Process process =
        new ProcessBuilder(Path.of("../bin/image").toAbsolutePath().toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor()).isZero();
  }

  @BeforeEach
  void install() {
    installed = new Installed(folder);
  }

  private String sheave(String... words) throws IOException, InterruptedException {
    Result result = installed.sheave(Installed.DISTRIBUTION, words);
    assertThat(result.code()).as(words[0] + result.out() + result.err()).isZero();
    return result.out() + result.err();
  }

  @Test
  void theQuickstartRunsInACluster() throws Exception {
    assertThat(sheave("quickstart", "--infra", "kubernetes-job"))
        .contains("-i kubernetes-job")
        .contains("Hello Marvin!")
        .contains("Completed");
  }

  @Test
  void aCancelledRunLeavesNoJob() throws Exception {
    Files.writeString(
        folder.resolve("SleepFlow.java"),
        """
        import dev.sheave.flow.Flow;

        public final class SleepFlow {
          @Flow(name = "sleep")
          public static void sleep() throws Exception {
            System.out.println("printed as " + System.getProperty("user.name"));
            Thread.sleep(600_000);
          }
        }
        """);
    sheave(
        "block",
        "create",
        "s3",
        "flows",
        "--set",
        "bucket_path=" + RequiredService.variable("s3", "S3_BUCKET") + folder,
        "--set",
        "endpoint_url=" + RequiredService.variable("s3", "S3_ENDPOINT"),
        "--set",
        "path_style=true",
        "--set",
        "aws_access_key_id=@env:S3_ACCESS_KEY_ID",
        "--set",
        "aws_secret_access_key=@env:S3_SECRET_ACCESS_KEY");
    sheave(
        "deployment",
        "build",
        "./SleepFlow.java:sleep",
        "-n",
        "jobs",
        "-sb",
        "s3/flows",
        "-i",
        "kubernetes-job",
        "-q",
        "jobs",
        "--override",
        ON_HOST,
        "--apply");
    Matcher matcher = RUN.matcher(sheave("deployment", "run", "sleep/jobs"));
    assertThat(matcher.find()).isTrue();
    String run = matcher.group(1);
    Process agent =
        installed
            .builder(Installed.DISTRIBUTION, "agent", "start", "-q", "jobs")
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines = agent.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.contains("printed as sheave")) {
        line = lines.readLine();
      }
      assertThat(line).isNotNull();
      sheave("flow-run", "cancel", run);
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> sheave("flow-run", "inspect", run).contains("CANCELLED"));
    } finally {
      agent.destroy();
      agent.waitFor();
    }
  }
}
