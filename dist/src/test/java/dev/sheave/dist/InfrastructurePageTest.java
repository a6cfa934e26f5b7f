package dev.sheave.dist;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sheave.testkit.RequiredService;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One flow on all infrastructures, which are restarted meanwhile, as the page shows it. The engine
 * is the page's own; the cluster is that of {@code bin/services}, whose API server is restarted: no
 * other test may run beside this one.
 */
@Tag("distribution")
@Tag("disruptive")
class InfrastructurePageTest {

  @BeforeAll
  static void awaitServices() {
    RequiredService.variable("s3", "S3_ENDPOINT");
    RequiredService.variable("docker", "DOCKER_HOST"); // where there is none, none can be started
    RequiredService.variable("kubernetes", "KUBERNETES_CONTAINERD");
    assumeThat(System.getProperty("user.name")).as("an engine needs root").isEqualTo("root");
  }

  @Test
  void thePageShowsWhatItsCommandsSay(@TempDir Path folder) throws Exception {
    PageTranscript.check("docs/infrastructure.md", folder);
  }
}
