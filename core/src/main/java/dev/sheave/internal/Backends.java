package dev.sheave.internal;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The list of Sheave's backends: the modules that bring block types, beside core's own. */
public final class Backends {
  /** All of them. A new one is added here, and to the modules in the root's pom.xml. */
  public static final List<Backend> ALL =
      List.of(
          new Backend(
              "infra-docker",
              "dev.sheave.infrastructure.docker",
              List.of("docker-container", "docker-registry")),
          new Backend(
              "infra-k8s",
              "dev.sheave.infrastructure.kubernetes",
              List.of("kubernetes-cluster-config", "kubernetes-job")),
          new Backend("storage-azure", "dev.sheave.storage.azure", List.of("azure")),
          new Backend("storage-gcs", "dev.sheave.storage.gcs", List.of("gcs")),
          new Backend("storage-github", "dev.sheave.storage.github", List.of("github")),
          new Backend("storage-s3", "dev.sheave.storage.s3", List.of("s3")),
          new Backend("storage-smb", "dev.sheave.storage.smb", List.of("smb")),
          new Backend("storage-vfs", "dev.sheave.storage.vfs", List.of("remote-file-system")));

  /** What brings a type and isn't a backend. */
  private static final Backend RUNTIME =
      new Backend("runtime", "dev.sheave.runtime", List.of("in-process"));

  /** Returns which module brings a type, if it is one of Sheave's beside core. */
  public static Optional<Backend> of(String slug) {
    return Stream.concat(ALL.stream(), Stream.of(RUNTIME))
        .filter(each -> each.types().contains(slug))
        .findFirst();
  }

  /**
   * A backend.
   *
   * @param folder its folder in the source tree; {@code sheave-} and this is its artifact
   * @param module its name as a Java module, which is its package too
   * @param types the slugs of its block types
   */
  public record Backend(String folder, String module, List<String> types) {

    /** Its artifact. */
    public String artifact() {
      return "sheave-" + folder;
    }
  }

  private Backends() {}
}
