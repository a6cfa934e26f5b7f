package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The block types of this program, by slug. Immutable; safe for use by several threads.
 *
 * @see BlockDiscovery
 */
public final class BlockRegistry {
  /** The artifacts of known types, for the message about a missing one. */
  private static final Map<String, String> ARTIFACTS =
      Map.of(
          "s3", "sheave-storage-s3",
          "remote-file-system", "sheave-storage-vfs",
          "azure", "sheave-storage-azure",
          "gcs", "sheave-storage-gcs",
          "smb", "sheave-storage-smb",
          "github", "sheave-storage-github",
          "docker-container", "sheave-infra-docker",
          "docker-registry", "sheave-infra-docker",
          "kubernetes-job", "sheave-infra-k8s",
          "kubernetes-cluster-config", "sheave-infra-k8s");

  private final Map<String, Entry> bySlug;

  private BlockRegistry(Map<String, Entry> bySlug) {
    this.bySlug = new TreeMap<>(bySlug);
  }

  /** Starts a registry. */
  public static Builder builder() {
    return new Builder();
  }

  /** The types, by slug. */
  public Collection<BlockTypeDescriptor> types() {
    List<BlockTypeDescriptor> types = new ArrayList<>();
    bySlug.values().forEach(entry -> types.add(entry.descriptor));
    return types;
  }

  /** Finds a type. */
  public Optional<BlockTypeDescriptor> find(String slug) {
    return Optional.ofNullable(bySlug.get(slug)).map(entry -> entry.descriptor);
  }

  /**
   * Loads the class of a type.
   *
   * @throws SheaveException {@code UNSUPPORTED} if the type isn't installed or its class can't be
   *     loaded
   */
  public Class<? extends Block> blockClass(String slug) {
    Entry entry = bySlug.get(slug);
    if (entry == null) {
      String artifact = ARTIFACTS.get(slug);
      throw new SheaveException(
          Code.UNSUPPORTED,
          "The block type '"
              + slug
              + "' isn't installed; "
              + (artifact == null
                  ? "add its jar to the class path or to SHEAVE_HOME/plugins."
                      + Suggestions.hint(slug, bySlug.keySet())
                  : "it is in dev.sheave:" + artifact + "."));
    }
    return entry.load();
  }

  /** A type and the loader of its class. */
  private static final class Entry {
    private final BlockTypeDescriptor descriptor;
    private final Supplier<ClassLoader> loader;
    private final String source;
    private volatile @Nullable Class<? extends Block> loaded;

    Entry(BlockTypeDescriptor descriptor, Supplier<ClassLoader> loader, String source) {
      this.descriptor = descriptor;
      this.loader = loader;
      this.source = source;
    }

    Class<? extends Block> load() {
      Class<? extends Block> found = loaded;
      if (found == null) {
        try {
          found = Class.forName(descriptor.className(), true, loader.get()).asSubclass(Block.class);
        } catch (ClassNotFoundException | LinkageError | ClassCastException e) {
          throw new SheaveException(
              Code.UNSUPPORTED,
              "The block type '"
                  + descriptor.slug()
                  + "' of "
                  + source
                  + " can't be loaded: "
                  + e
                  + ".",
              e);
        }
        loaded = found;
      }
      return found;
    }
  }

  /** Builds a registry. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Entry> bySlug = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds a type.
     *
     * @param loader supplies the class loader when the class is needed
     * @param source the origin for messages, such as a jar
     * @throws SheaveException {@code CONFLICT} if another type has the same slug
     */
    public Builder add(
        BlockTypeDescriptor descriptor, Supplier<ClassLoader> loader, String source) {
      Entry other = bySlug.get(descriptor.slug());
      if (other != null
          && !(other.source.equals(source)
              && other.descriptor.className().equals(descriptor.className()))) {
        throw new SheaveException(
            Code.CONFLICT,
            other.source.equals(source)
                ? "In "
                    + source
                    + ", two classes define the block type '"
                    + descriptor.slug()
                    + "': "
                    + other.descriptor.className()
                    + " and "
                    + descriptor.className()
                    + "."
                : "Both "
                    + other.source
                    + " and "
                    + source
                    + " define the block type '"
                    + descriptor.slug()
                    + "'; remove one of them.");
      }
      bySlug.put(descriptor.slug(), new Entry(descriptor, loader, source));
      return this;
    }

    /** Adds a block class of this program. */
    public Builder add(Class<? extends Block> type) {
      BlockType described = Block.typeOf(type);
      return add(
          new BlockTypeDescriptor(
              described.slug(), described.name(), BlockSchema.capabilitiesOf(type), type.getName()),
          () ->
              Objects.requireNonNullElseGet(
                  type.getClassLoader(), ClassLoader::getSystemClassLoader),
          type.getName());
    }

    /** Returns the registry. */
    public BlockRegistry build() {
      return new BlockRegistry(bySlug);
    }
  }
}
