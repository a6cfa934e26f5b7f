package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.StateType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of flows, good and bad, when an agent runs them in real processes. */
@Timeout(120)
class AgentTest {
  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  @Test
  void aFlowFromSourceRunsWithItsHelperAndItsDataFile() {
    workshop.write(
        "LogFlow.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import dev.sheave.flow.Param;
        import java.nio.file.Files;
        import java.nio.file.Path;
        import org.slf4j.LoggerFactory;

        public final class LogFlow {
          @Flow(name = "log-flow", version = "7")
          public static String logFlow(
              @Param("name") String name, @Param(value = "times", defaultValue = "2") int times)
              throws Exception {
            String greeting = Greetings.of(Files.readString(Path.of("data", "greeting.txt")), name);
            FlowRunContext.current().logger().info("{} ({} times)", greeting, times);
            LoggerFactory.getLogger(LogFlow.class).info("by any logger");
            LoggerFactory.getLogger(LogFlow.class).debug("not wanted");
            System.out.println("printed");
            return greeting;
          }
        }
        """);
    workshop.write(
        "Greetings.java",
        """
        final class Greetings {
          static String of(String greeting, String name) {
            return greeting.strip() + " " + name + "!";
          }
        }
        """);
    workshop.write("data/greeting.txt", "Hello\n");
    List<String> output = Collections.synchronizedList(new ArrayList<>());
    UUID run =
        workshop.schedule(
            workshop.deploy("LogFlow.java:logFlow", null, Map.of()), Map.of("name", "Marvin"));

    workshop.agent().output(output::add).build().runOnce();

    FlowRunRecord ended = workshop.read(run);
    assertThat(ended.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(ended.state().data())
        .isEqualTo(Map.of("type", "literal", "value", "Hello Marvin!"));
    assertThat(ended.flowVersion()).isEqualTo("7");
    assertThat(ended.parameters()).containsEntry("times", 2);
    assertThat(workshop.log(run))
        .containsExactly(
            "Downloading flow code from storage at '" + workshop.code + "'",
            "Hello Marvin! (2 times)",
            "by any logger",
            "Finished in state Completed()");
    assertThat(output)
        .contains("printed")
        .anyMatch(line -> line.endsWith("Flow run '" + ended.name() + "' - Hello Marvin! (2 times)"))
        .anyMatch(line -> line.endsWith(" | INFO    | LogFlow - by any logger"));
    assertThat(workshop.home.resolve("runs")).isEmptyDirectory();
  }
}
