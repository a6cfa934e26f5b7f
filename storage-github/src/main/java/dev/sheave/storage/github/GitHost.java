package dev.sheave.storage.github;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Fetches commits, without their history, into the cache. */
final class GitHost {
  private static final String KEPT = "refs/sheave/";

  /** The longest list of references, in bytes: some 500,000. */
  private static final long MAX_REFERENCES_BYTES = 64L << 20;

  /** The largest commit that is fetched, in bytes as it is sent. */
  private static final long MAX_COMMIT_BYTES = 8L << 30;

  private final GitAccess access;
  private final GitCache cache;

  GitHost(GitAccess access, GitCache cache) {
    this.access = access;
    this.cache = cache;
  }

  GitAccess access() {
    return access;
  }

  GitCache cache() {
    return cache;
  }

  /**
   * A commit in the cache.
   *
   * @param repository has its files; the caller of {@link #fetch} closes it
   */
  record Fetched(
      RepositoryAddress address, Repository repository, RevCommit commit, Revision revision)
      implements AutoCloseable {
    @Override
    public void close() {
      repository.close();
    }
  }

  /**
   * Asks the host for the commit of a reference, and fetches the commit unless it is cached. The
   * host is asked even for a cached commit, since it decides who may read it.
   *
   * @param reference a branch, a tag or a full commit id; null for the repository's default branch
   */
  Fetched fetch(RepositoryAddress address, @Nullable String reference) {
    GitErrors errors = new GitErrors(address, access);
    if (Thread.currentThread().isInterrupted()) {
      throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.");
    }
    try {
      Revision revision = resolve(address, reference);
      Repository repository =
          cache.open(
              address,
              kept -> {
                if (kept.exactRef(KEPT + revision.id().name()) != null
                    && kept.getObjectDatabase().has(revision.id())) {
                  return false;
                }
                fetch(address, kept, revision.id());
                return true;
              });
      try (RevWalk walk = new RevWalk(repository)) {
        return new Fetched(address, repository, walk.parseCommit(revision.id()), revision);
      } catch (IncorrectObjectTypeException e) {
        repository.close();
        throw new SheaveException(
            Code.INVALID,
            "'" + address + "': '" + reference + "' isn't a commit: check the reference.",
            e);
      } catch (IOException | RuntimeException e) {
        repository.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) { // what is malformed JGit refuses in many ways
      throw errors.translate(e, reference);
    }
  }

  private Revision resolve(RepositoryAddress address, @Nullable String reference)
      throws IOException {
    try (Transport transport = Transport.open(address.uri())) {
      access.configure(transport, address, MAX_REFERENCES_BYTES);
      List<RefSpec> wanted =
          reference == null
              ? List.of(new RefSpec("HEAD"))
              : List.of(
                  new RefSpec("refs/heads/*:refs/heads/*"), new RefSpec("refs/tags/*:refs/tags/*"));
      String[] more = reference == null ? new String[0] : new String[] {"HEAD", reference};
      try (FetchConnection connection = transport.openFetch(wanted, more)) {
        return Revision.find(reference, connection.getRefs())
            .orElseThrow(() -> GitErrors.noReference(address, reference));
      }
    }
  }

  private void fetch(RepositoryAddress address, Repository kept, ObjectId id) throws IOException {
    Files.deleteIfExists(kept.getDirectory().toPath().resolve(KEPT + id.name() + ".lock"));
    try (Transport transport = Transport.open(kept, address.uri())) {
      access.configure(transport, address, MAX_COMMIT_BYTES);
      transport.setTagOpt(TagOpt.NO_TAGS);
      transport.setDepth(1);
      transport.fetch(new Interruptible(), List.of(new RefSpec(id.name())));
    }
    // kept last: where it is the commit is whole, and later fetches tell the host of it
    RefUpdate update = kept.updateRef(KEPT + id.name());
    update.setNewObjectId(id);
    update.disableRefLog();
    RefUpdate.Result result = update.forceUpdate();
    if (result != RefUpdate.Result.NEW && result != RefUpdate.Result.NO_CHANGE) {
      throw new IOException("the cache could not be written: " + result);
    }
  }

  /** Stops when the thread is interrupted. */
  private static final class Interruptible extends EmptyProgressMonitor {
    @Override
    public boolean isCancelled() {
      return Thread.currentThread().isInterrupted();
    }
  }
}
