package dev.sheave.storage.github;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.BlobBasedConfig;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.jspecify.annotations.Nullable;

/** Fetches the submodules of a commit on demand, and their submodules. */
final class Submodules implements AutoCloseable {
  private static final int MAX = 200;
  private static final String FILE = ".gitmodules";

  private final GitHost host;
  private final Map<String, GitFolder> opened = new HashMap<>();

  Submodules(GitHost host) {
    this.host = host;
  }

  /** Returns the root folder of the submodule at an entry. */
  GitFolder open(GitFolder.Entry entry) throws IOException {
    String key = entry.folder().identity() + "\0" + entry.name();
    GitFolder folder = opened.get(key);
    if (folder == null) {
      RepositoryAddress parent = entry.folder().source().address();
      if (opened.size() >= MAX) {
        throw failed(entry, Code.INVALID, "there are more than " + MAX + " submodules.", null);
      }
      try {
        folder = GitFolder.of(host.fetch(parent.submodule(url(entry)), entry.id().name()));
      } catch (SheaveException e) {
        throw failed(entry, e.code(), e.getMessage(), e);
      }
      opened.put(key, folder);
    }
    return folder;
  }

  private static SheaveException failed(
      GitFolder.Entry entry, Code code, String why, @Nullable Exception cause) {
    return new SheaveException(
        code,
        "The submodule '"
            + entry.path()
            + "' of '"
            + entry.folder().source().address()
            + "' can't be fetched: "
            + why,
        cause);
  }

  private static String url(GitFolder.Entry entry) throws IOException {
    GitHost.Fetched source = entry.folder().source();
    GitFolder.Entry file = GitFolder.of(source).entries().get(FILE);
    if (file != null && !file.isFolder() && !file.isSubmodule() && !file.isLink()) {
      try {
        Config config =
            new BlobBasedConfig(
                null, source.repository().open(file.id(), Constants.OBJ_BLOB).getCachedBytes());
        for (String name : config.getSubsections("submodule")) {
          String url = config.getString("submodule", name, "url");
          if (entry.path().equals(config.getString("submodule", name, "path")) && url != null) {
            return url;
          }
        }
      } catch (ConfigInvalidException e) {
        throw new SheaveException(Code.INVALID, "its " + FILE + " can't be read.", e);
      }
    }
    throw new SheaveException(Code.INVALID, "no " + FILE + " has its URL.");
  }

  @Override
  public void close() {
    opened.values().forEach(folder -> folder.source().close());
  }
}
