package dev.sheave.storage;

import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockField.LocalPath;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.LocalPaths;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Storage in a directory of this machine.
 *
 * <p>A relative base path is resolved when the block is saved, against the current directory. All
 * paths are below the base path; neither paths nor links lead out of it.
 */
@BlockType(
    slug = "local-file-system",
    name = "Local File System",
    description = "Store data as a file on a local file system.",
    logo = "logos/local-file-system.svg",
    documentationUrl = "https://sheave.dev/docs/storage#local-file-system",
    codeExample =
        """
        ```java
        LocalFileSystem storage = Block.load("local-file-system/BLOCK_NAME", LocalFileSystem.class);
        ```""")
public final class LocalFileSystem extends ObjectStorage {
  private final @Nullable String basepath;

  LocalFileSystem(
      @BlockField(
              description = "The directory, by default the current one. It may start with ~.",
              placeholder = "~/flows",
              localPath = LocalPath.OR_CURRENT_DIRECTORY)
          @Nullable String basepath) {
    this.basepath = basepath;
  }

  /** Starts one. */
  public static Builder builder() {
    return new Builder(null);
  }

  /** Starts one with the values of this, which it remembers for {@link SaveMode#OVERWRITE}. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  @Override
  public LocalFileSystem save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public LocalFileSystem save(String name, SaveMode mode) {
    return (LocalFileSystem) super.save(name, mode);
  }

  /** The directory as it was given; empty if it is the current one. */
  public Optional<String> basepath() {
    return Optional.ofNullable(basepath);
  }

  @Override
  protected ObjectStore openStore() {
    return new LocalObjectStore(directory());
  }

  @Override
  public String location(RelativePath path) {
    return Arguments.notNull(path, "path").in(directory()).toString();
  }

  private Path directory() {
    return LocalPaths.of(basepath == null || basepath.isBlank() ? "" : basepath);
  }

  /** Builds one. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<LocalFileSystem> {
    private @Nullable String basepath;

    private Builder(@Nullable LocalFileSystem original) {
      super(original);
      this.basepath = original == null ? null : original.basepath;
    }

    /** The directory; the current one if none is set. It may start with {@code ~}. */
    public Builder basepath(@Nullable String value) {
      this.basepath = value;
      return this;
    }

    /** The directory. */
    public Builder basepath(Path value) {
      return basepath(Arguments.notNull(value, "basepath").toString());
    }

    @Override
    protected LocalFileSystem create() {
      return new LocalFileSystem(basepath);
    }
  }
}
