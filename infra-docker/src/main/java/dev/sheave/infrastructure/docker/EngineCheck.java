package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.FieldChecks;

/** Checks that a block's engine responds, and has what the block names. */
final class EngineCheck {
  private final Engine engine;
  private final DockerContainer block;

  EngineCheck(Engine engine, DockerContainer block) {
    this.engine = engine;
    this.block = block;
  }

  void run() {
    engine.ensure("respond", docker -> docker.pingCmd().exec());
    FieldChecks checks = new FieldChecks();
    block.networks().forEach(each -> checkNetwork("networks", each, checks));
    ContainerNetwork.namedByMode(block)
        .ifPresent(each -> checkNetwork("network_mode", each, checks));
    ContainerNetwork.sharedByMode(block)
        .ifPresent(each -> checks.check("network_mode", () -> checkContainer(each)));
    checks.throwIfAny();
    String image = block.image();
    if (image != null && block.imagePullPolicy() == ImagePullPolicy.NEVER) {
      new Image(engine, image, block.platform()).checkPresent();
    }
  }

  private void checkNetwork(String field, String network, FieldChecks checks) {
    checks.check(
        field,
        () -> {
          if (!ContainerNetwork.exists(engine, network)) {
            throw missing(field, "network '" + network + "'", "create it");
          }
        });
  }

  /** The engine lets nothing share the network of a container that has ended. */
  private void checkContainer(String container) {
    InspectContainerResponse found =
        engine
            .container(container)
            .orElseThrow(
                () -> missing("network_mode", "container '" + container + "'", "start it"));
    if (!Boolean.TRUE.equals(found.getState().getRunning())) {
      throw new SheaveException(
          Code.INVALID,
          "The container '"
              + container
              + "' of 'network_mode' isn't running, so that its network can't be shared; start it,"
              + " or change 'network_mode'.");
    }
  }

  private SheaveException missing(String field, String what, String remedy) {
    return new SheaveException(
        Code.NOT_FOUND,
        "Docker at '"
            + engine.host()
            + "' has no "
            + what
            + ", which '"
            + field
            + "' names; "
            + remedy
            + ", or change '"
            + field
            + "'.");
  }
}
