package dev.sheave.infrastructure.docker;

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
    for (String network : ContainerNetwork.named(block)) {
      ContainerNetwork.inspect(engine, network);
    }
    String image = block.image();
    if (image != null && block.imagePullPolicy() == ImagePullPolicy.NEVER) {
      new Image(engine, image, block.platform()).checkPresent();
    }
  }
}
