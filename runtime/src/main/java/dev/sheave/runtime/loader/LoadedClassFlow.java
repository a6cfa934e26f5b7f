package dev.sheave.runtime.loader;

import dev.sheave.block.BlockRegistry;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.LoadedFlow;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A flow in a class loader of its own.
 *
 * @param definition the definition of the flow
 * @param loader has its code
 * @param types the block types besides its own
 * @param temporary class files that go with it, if they aren't kept
 */
record LoadedClassFlow(
    FlowDefinition definition, URLClassLoader loader, BlockRegistry types, @Nullable Path temporary)
    implements LoadedFlow {

  @Override
  public BlockRegistry blockTypes() {
    return types.seenBy(loader);
  }

  @Override
  public void close() {
    release(loader, temporary);
  }

  static void release(URLClassLoader loader, @Nullable Path temporary) {
    try {
      loader.close();
    } catch (IOException e) {
      // a jar that can't be closed costs a file handle until the process ends, and nothing can be
      // done about it
    }
    if (temporary != null) {
      Folders.delete(temporary);
    }
  }
}
