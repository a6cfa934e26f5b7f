package dev.sheave.infrastructure.docker;

import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An account at a registry of images, from which a {@link DockerContainer} pulls its image. */
@BlockType(
    slug = "docker-registry",
    name = "Docker Registry",
    description = "Pull images from a registry that requires a user name and a password.",
    logo = "logos/docker-registry.svg",
    documentationUrl = "https://sheave.dev/docs/docker#registries",
    codeExample =
        """
        ```java
        DockerRegistry registry = Block.load("docker-registry/BLOCK_NAME", DockerRegistry.class);
        ```""")
public final class DockerRegistry extends Block {
  private final String username;
  private final Secret password;
  private final String registryUrl;
  private final boolean reauth;

  private DockerRegistry(
      @BlockField(description = "The user name for the registry.") String username,
      @BlockField(description = "The password, or a token, for the registry.") Secret password,
      @BlockField(
              title = "Registry URL",
              description =
                  "The URL of the registry; it usually starts with https. Empty for Docker Hub."
                      + " Images of other registries are not pulled with the account.",
              placeholder = "https://registry.example.com")
          String registryUrl,
      @BlockField(
              description =
                  "Whether other programs log in again on each use. Sheave sends the password with"
                      + " each pull.",
              defaultValue = "true")
          boolean reauth) {
    this.username = username;
    this.password = password;
    this.registryUrl = registryUrl;
    this.reauth = reauth;
  }

  /** Starts a block. */
  public static Builder builder() {
    return new Builder(null);
  }

  /** Starts a changed copy of this block. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The user. */
  public String username() {
    return username;
  }

  /** The password, or a token. */
  public Secret password() {
    return password;
  }

  /** The registry. */
  public String registryUrl() {
    return registryUrl;
  }

  /** Has no effect here. */
  public boolean reauth() {
    return reauth;
  }

  @Override
  public DockerRegistry save(String blockName) {
    return save(blockName, SaveMode.CREATE);
  }

  @Override
  public DockerRegistry save(String blockName, SaveMode mode) {
    return (DockerRegistry) super.save(blockName, mode);
  }

  /** Builds a block. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<DockerRegistry> {
    private @Nullable String username;
    private @Nullable Secret password;
    private @Nullable String registryUrl;
    private boolean reauth = true;

    private Builder(@Nullable DockerRegistry original) {
      super(original);
      if (original != null) {
        username = original.username;
        password = original.password;
        registryUrl = original.registryUrl;
        reauth = original.reauth;
      }
    }

    /** The user. */
    public Builder username(String value) {
      this.username = Objects.requireNonNull(value, "username");
      return this;
    }

    /** The password, or a token. */
    public Builder password(Secret value) {
      this.password = Objects.requireNonNull(value, "password");
      return this;
    }

    /** The registry, such as {@code https://registry.example.com}. */
    public Builder registryUrl(String value) {
      this.registryUrl = Objects.requireNonNull(value, "registryUrl");
      return this;
    }

    /** Whether other programs log in again on each use; by default they do. */
    public Builder reauth(boolean value) {
      this.reauth = value;
      return this;
    }

    @Override
    protected DockerRegistry create() {
      return new DockerRegistry(
          required(username, "username"),
          required(password, "password"),
          required(registryUrl, "registry_url"),
          reauth);
    }
  }
}
