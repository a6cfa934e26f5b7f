package dev.sheave.flow;

import dev.sheave.block.BlockRegistry;
import java.nio.file.Path;

/**
 * Finds flows in a directory of code; {@code sheave-runtime} implements it, found with {@link
 * java.util.ServiceLoader}.
 */
public interface FlowLoader {

  /**
   * Loads a flow. Source files are compiled, with all sources of their source root and the jars in
   * {@code lib/} visible.
   *
   * @param directory where the code is
   * @param entrypoint which flow
   * @param types the block types that the flow can use besides those in its own code
   * @return the flow, to be closed after use
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if there is no such file, class or flow
   *     method; {@code INVALID} if it doesn't compile, with the compiler's own words, or can't be
   *     loaded
   */
  LoadedFlow load(Path directory, Entrypoint entrypoint, BlockRegistry types);
}
