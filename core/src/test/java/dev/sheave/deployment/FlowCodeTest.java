package dev.sheave.deployment;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.flow.Entrypoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowCodeTest {
  @TempDir Path folder;
  private Path code;

  @BeforeEach
  void aFlowInBuild() throws IOException {
    code = folder.resolve("code");
    Files.writeString(Files.createDirectories(code.resolve("build")).resolve("Flow.java"), "");
  }

  private void assertIgnored(@Nullable Path ignoreFile, String by, String advice) {
    FlowCode.Directory directory = new FlowCode.Directory(code, ignoreFile, List.of());
    assertThatThrownBy(
            () -> directory.checkHas(Entrypoint.parse("build/Flow.java:flow"), directory.files()))
        .isInstanceOf(SheaveException.class)
        .hasMessage(
            "The flow's own file 'build/Flow.java' is ignored by "
                + by
                + ", so no run would find it: "
                + advice
                + ".");
  }

  @Test
  void whoIgnoresTheFlowIsNamed() throws IOException {
    assertIgnored(null, "the built-in rules", "write your own rules into '.sheaveignore'");

    Files.writeString(code.resolve(".prefectignore"), "build\n");
    assertIgnored(null, "'.prefectignore'", "change the rules in '.prefectignore'");

    Files.writeString(code.resolve(".sheaveignore"), "*.java\n");
    assertIgnored(null, "'.sheaveignore'", "change the rules in '.sheaveignore'");

    Path other = Files.writeString(folder.resolve("other"), "Flow.*\n");
    assertIgnored(other, "'" + other + "'", "change the rules in '" + other + "'");
  }
}
