package dev.sheave.testkit.infrastructure;

import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class ProcessContractTest extends InfrastructureContract {

  @Override
  protected Infrastructure infrastructure(List<String> command, Map<String, @Nullable String> env) {
    return ProcessInfrastructure.builder().command(command).env(env).build();
  }

  @Override
  protected void killAsAStranger(RunningInfrastructure running) {
    String pid = running.pid();
    ProcessHandle.of(Long.parseLong(pid.substring(pid.lastIndexOf(':') + 1)))
        .orElseThrow()
        .destroyForcibly();
  }

  @Override
  protected String pidOutOfReach() {
    return "elsewhere:1";
  }
}
