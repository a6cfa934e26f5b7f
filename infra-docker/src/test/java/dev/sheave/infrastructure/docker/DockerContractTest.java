package dev.sheave.infrastructure.docker;

import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.testkit.infrastructure.InfrastructureContract;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

class DockerContractTest extends InfrastructureContract {

  @Override
  protected Infrastructure infrastructure(List<String> command, Map<String, @Nullable String> env) {
    return DockerService.block().command(command).env(env).build();
  }

  @Override
  protected void killAsAStranger(RunningInfrastructure running) {
    String pid = running.pid();
    String container = pid.substring(pid.lastIndexOf(':') + 1);
    DockerService.engine()
        .ensure("kill '" + container + "'", docker -> docker.killContainerCmd(container).exec());
  }

  @Override
  protected String pidOutOfReach() {
    return "ANOTHER:ENGINE:" + "0123456789abcdef".repeat(4);
  }
}
