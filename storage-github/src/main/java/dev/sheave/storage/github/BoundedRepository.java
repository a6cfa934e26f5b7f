package dev.sheave.storage.github;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;

/**
 * A bare repository that receives no object that can't fit into memory: a few bytes of a pack can
 * say that they unpack to gigabytes, for which JGit would allocate an array at once.
 */
final class BoundedRepository extends FileRepository {
  private static final String MAX_BYTES = "sheave.git.max-object-bytes"; // for tests

  BoundedRepository(File directory) throws IOException {
    super(new FileRepositoryBuilder().setGitDir(directory).setBare().setup());
  }

  /** The largest object that is received, in bytes: half of the memory that there may be. */
  static long maxBytes() {
    return Long.getLong(MAX_BYTES, Runtime.getRuntime().maxMemory() / 2);
  }

  @Override
  public ObjectInserter newObjectInserter() {
    ObjectInserter inserter = super.newObjectInserter();
    return new ObjectInserter.Filter() {
      @Override
      protected ObjectInserter delegate() {
        return inserter;
      }

      @Override
      public PackParser newPackParser(InputStream in) throws IOException {
        PackParser parser = super.newPackParser(in);
        parser.setMaxObjectSizeLimit(maxBytes());
        return parser;
      }
    };
  }
}
