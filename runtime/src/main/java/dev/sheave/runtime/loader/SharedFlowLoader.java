package dev.sheave.runtime.loader;

import dev.sheave.block.BlockRegistry;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.FlowLoader;
import dev.sheave.flow.LoadedFlow;
import dev.sheave.internal.Arguments;
import dev.sheave.runtime.internal.Shared;
import dev.sheave.runtime.loader.DirectoryFlowLoader.Compiled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads flows from sources once for several runs of this program: those of the same sources in the
 * same place share the classes. These stay loaded for a while after the last use. Sources are seen
 * as they are when the loader is made or later, or, by loaders for runs that were taken together,
 * as they are when the first of these is made or later. Flows of classes are loaded for each run.
 * Safe for use by several threads.
 */
public final class SharedFlowLoader implements FlowLoader {
  /** How long a flow stays loaded that nobody uses. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final Shared<Place, LastLook> PLACES = new Shared<>(look -> {});
  private static final Shared<Version, LoadedOnce> FLOWS = new Shared<>(LoadedOnce::close);

  private final DirectoryFlowLoader loader;
  private final @Nullable Object occasion;
  private final long made = System.nanoTime();

  /**
   * Keeps compiled classes in a folder.
   *
   * @param cache the folder, made when needed
   * @param occasion the one object that loaders for runs that were taken together have in common;
   *     null for a run alone
   */
  public SharedFlowLoader(Path cache, @Nullable Object occasion) {
    this.loader = new DirectoryFlowLoader(Arguments.notNull(cache, "cache"));
    this.occasion = occasion;
  }

  private record Place(Path directory, Entrypoint entrypoint, BlockRegistry types) {}

  /**
   * What was made of the sources in a place.
   *
   * @param classes are named by all they were made of
   */
  private record Version(Place place, Path classes) {}

  /** What the sources in a place were when they were looked at last. */
  private static final class LastLook {
    private long began;
    private @Nullable Object occasion;
    private @Nullable Compiled seen;

    /**
     * Returns what they were at some time after a moment, or on the same occasion; those who ask at
     * once look once.
     */
    synchronized Compiled after(long moment, @Nullable Object wanted, Supplier<Compiled> look) {
      Compiled known = seen;
      boolean isSameOccasion = wanted != null && wanted == occasion;
      if (known == null || (began - moment < 0 && !isSameOccasion)) {
        long now = System.nanoTime();
        known = look.get();
        seen = known;
        began = now;
        occasion = wanted;
      }
      return known;
    }
  }

  /** A flow, with what is made of it for all runs. */
  private record LoadedOnce(LoadedFlow flow, BlockRegistry types) {
    static LoadedOnce of(LoadedFlow flow) {
      try {
        return new LoadedOnce(flow, flow.blockTypes());
      } catch (RuntimeException | Error e) {
        flow.close();
        throw e;
      }
    }

    void close() {
      flow.close();
    }
  }

  /** A run's use of a flow. */
  private record FlowUse(Shared.Use<LoadedOnce> use) implements LoadedFlow {
    @Override
    public FlowDefinition definition() {
      return use.value().flow().definition();
    }

    @Override
    public BlockRegistry blockTypes() {
      return use.value().types();
    }

    @Override
    public void close() {
      use.close();
    }
  }

  @Override
  public LoadedFlow load(Path directory, Entrypoint entrypoint, BlockRegistry types) {
    if (!entrypoint.isSource()) {
      return loader.load(directory, entrypoint, types);
    }
    Place place = new Place(directory.toAbsolutePath().normalize(), entrypoint, types);
    Compiled code;
    try (Shared.Use<LastLook> look = PLACES.use(place, IDLE, LastLook::new)) {
      code = look.value().after(made, occasion, () -> loader.compile(directory, entrypoint, types));
    }
    return new FlowUse(
        FLOWS.use(
            new Version(place, code.classes()),
            IDLE,
            () -> LoadedOnce.of(DirectoryFlowLoader.load(code, entrypoint, types))));
  }
}
