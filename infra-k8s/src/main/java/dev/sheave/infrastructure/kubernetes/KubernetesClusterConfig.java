package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.block.SecretMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a cluster is reached, and as whom: the content of a kubeconfig file. */
@BlockType(
    slug = "kubernetes-cluster-config",
    name = "Kubernetes Cluster Config",
    description = "Store how a Kubernetes cluster is reached, as in a kubeconfig file.",
    logo = "logos/kubernetes-cluster-config.svg",
    documentationUrl = "https://sheave.dev/docs/kubernetes#the-cluster",
    codeExample =
        """
        ```java
        KubernetesClusterConfig cluster =
            Block.load("kubernetes-cluster-config/BLOCK_NAME", KubernetesClusterConfig.class);
        ```""")
public final class KubernetesClusterConfig extends Block {
  private final SecretMap config;
  private final String contextName;

  private KubernetesClusterConfig(
      @BlockField(description = "The content of a kubeconfig file, as an object.") SecretMap config,
      @BlockField(description = "The context to use.") String contextName) {
    this.config = config;
    this.contextName = contextName;
  }

  /**
   * Reads a kubeconfig file. Files that it names, such as certificates, are read when the cluster
   * is connected to, where that is; better have them in it: {@code kubectl config view --flatten
   * --raw}.
   *
   * @param file the file
   * @param contextName the context to use; null for its current one
   * @throws SheaveException {@code NOT_FOUND} if the file can't be read, {@code INVALID} if it is
   *     no kubeconfig, or has no such context
   */
  public static KubernetesClusterConfig fromFile(Path file, @Nullable String contextName) {
    try {
      return KubeConfig.parse(
          Files.readString(Objects.requireNonNull(file, "file")), "'" + file + "'", contextName);
    } catch (IOException e) {
      throw new SheaveException(
          Code.NOT_FOUND, "The kubeconfig '" + file + "' can't be read: " + e + ".", e);
    }
  }

  /** Starts a block. */
  public static Builder builder() {
    return new Builder(null);
  }

  /** Starts a changed copy of this block. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The content of a kubeconfig file. */
  public SecretMap config() {
    return config;
  }

  /** The context to use. */
  public String contextName() {
    return contextName;
  }

  @Override
  public KubernetesClusterConfig save(String blockName) {
    return save(blockName, SaveMode.CREATE);
  }

  @Override
  public KubernetesClusterConfig save(String blockName, SaveMode mode) {
    return (KubernetesClusterConfig) super.save(blockName, mode);
  }

  /** Builds a block. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<KubernetesClusterConfig> {
    private @Nullable SecretMap config;
    private @Nullable String contextName;

    private Builder(@Nullable KubernetesClusterConfig original) {
      super(original);
      if (original != null) {
        config = original.config;
        contextName = original.contextName;
      }
    }

    /** The content of a kubeconfig file. */
    public Builder config(SecretMap value) {
      this.config = Objects.requireNonNull(value, "config");
      return this;
    }

    /** The context to use. */
    public Builder contextName(String value) {
      this.contextName = Objects.requireNonNull(value, "context_name");
      return this;
    }

    @Override
    protected KubernetesClusterConfig create() {
      return new KubernetesClusterConfig(
          required(config, "config"), required(contextName, "context_name"));
    }
  }
}
