package dev.sheave.infrastructure.docker;

import dev.sheave.testkit.RequiredService;

/** The engine of {@code bin/services start docker}. */
final class DockerService {
  private DockerService() {}

  /** A block whose containers have a shell. */
  static DockerContainer.Builder block() {
    return DockerContainer.builder().dockerHost(host()).image(image());
  }

  static String host() {
    return RequiredService.variable("docker", "DOCKER_HOST");
  }

  /** An image with a shell. */
  static String image() {
    return RequiredService.variable("docker", "DOCKER_TEST_IMAGE");
  }

  static Engine engine() {
    return Engine.at(DockerHost.find(host(), System.getenv()));
  }
}
