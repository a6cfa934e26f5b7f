package dev.sheave.dist;

import dev.sheave.testkit.RequiredService;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sheave with Prefect's programs, as the page shows it: all its commands say what they say there.
 */
@Tag("distribution")
class InteropTest {

  @Test
  void thePageShowsWhatItsCommandsSay(@TempDir Path folder) throws Exception {
    RequiredService.variable("prefect", "PREFECT_SERVER_URL");
    PageTranscript.check("docs/interop.md", folder);
  }
}
