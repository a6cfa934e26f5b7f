package dev.sheave.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.testkit.flow.FlowRunExtension;
import dev.sheave.testkit.flow.TestFlowRun;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a flow is tested: as a method, in a run of the test's, and as a run calls it. */
@ExtendWith(FlowRunExtension.class)
class LogFlowTest {

  @Test
  void logsIt(TestFlowRun run) {
    LogFlow.logFlow("Marvin");

    assertThat(run.log()).containsExactly("INFO Hello Marvin!");
  }

  @Test
  void saysHello() {
    assertThat(LogFlow.logFlow("Marvin")).isEqualTo("Hello Marvin");
  }

  @Test
  void takesValuesAsARunDoes() throws Exception {
    try (TestFlowRun run = TestFlowRun.start()) {
      new SecretBlock(Secret.of("t")).save("token");
      Object result = run.call(LogFlow.class, "logFlow", Map.of("name", "Marvin"));
      assertThat(result).isEqualTo("Hello Marvin");
    }
  }
}
