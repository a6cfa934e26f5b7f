package dev.sheave.dist;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A schedule, an agent that is killed, and a full queue, as the page of agents shows them. */
@Tag("distribution")
class AgentsPageTest {

  @Test
  void thePageShowsWhatItsCommandsSay(@TempDir Path folder) throws Exception {
    PageTranscript.check("docs/agents.md", folder);
  }
}
