package dev.sheave.infrastructure.kubernetes;

import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.testkit.infrastructure.InfrastructureContract;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;

class KubernetesContractTest extends InfrastructureContract {

  @BeforeAll
  static void awaitCluster() {
    KubernetesService.await();
  }

  @Override
  protected Infrastructure infrastructure(List<String> command, Map<String, @Nullable String> env) {
    return KubernetesService.block().command(command).env(env).build();
  }

  @Override
  protected void killAsAStranger(RunningInfrastructure running) {
    String[] pid = running.pid().split(":", -1);
    JobResources job = new JobResources(KubernetesService.cluster(), pid[1], pid[2]);
    job.pods().forEach(each -> job.deletePod(each.getMetadata().getName(), 1));
  }

  @Override
  protected String pidOutOfReach() {
    return "another-cluster:default:a-job";
  }

  /** Each pod takes a name space, two containers and a second of this machine. */
  @Override
  protected int many() {
    return 20;
  }
}
