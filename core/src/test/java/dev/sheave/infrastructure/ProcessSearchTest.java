package dev.sheave.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sheave.internal.HostName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSearchTest {
  @TempDir Path folder;

  @Test
  void aProcessIsFoundWhileItExecutesItsNextProgram() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")));
    UUID run = UUID.randomUUID();
    Path script = Files.writeString(folder.resolve("again"), "exec sh \"$0\"\n");
    ProcessBuilder builder = new ProcessBuilder("sh", script.toString());
    builder.environment().put(InfrastructureBlock.FLOW_RUN_ID, run.toString());
    Process process = builder.start();
    try {
      for (int i = 0; i < 3000; i++) {
        assertThat(ProcessSearch.find(run, HostName.get() + ":" + process.pid()))
            .as("look %s", i)
            .isPresent();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
